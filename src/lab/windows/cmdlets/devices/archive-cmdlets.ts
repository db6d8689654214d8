import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { readZip, writeZip, type ZipEntry } from '../../machine/devices/zip-file.ts';
import type { FileNode } from '../../machine/files/file-node.ts';
import { joinPath, leafOf, parentOf } from '../../machine/files/paths.ts';
import { neededRights } from '../../machine/rights/access-check.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import { readProviderPath } from '../items/provider-path.ts';

const filePath = (context: CommandContext, text: string): string => {
  const place = readProviderPath(text, context);
  return place.kind === 'file' ? place.path : context.unsupported(`${context.commandName} outside the file system`);
};

const fail = (context: CommandContext, id: string, message: string, target: string): never =>
  context.fail({
    id,
    message,
    category: 'InvalidArgument',
    target,
    exception: id === 'ArchiveCmdletPathNotFound' ? 'System.InvalidOperationException' : 'System.IO.IOException',
  });

/** Files and folders that -Path (with wildcards in its last name) or -LiteralPath names. */
const sources = (
  context: CommandContext,
  bound: BoundParameters,
): readonly { readonly name: string; readonly node: FileNode }[] => {
  const { files } = actorOf(context).machine;
  const given = [
    ...bound.texts('Path').map((text) => [text, true] as const),
    ...bound.texts('LiteralPath').map((text) => [text, false] as const),
  ];
  return given.flatMap(([text, mayMatch]) => {
    const leaf = leafOf(text.replaceAll('/', '\\'));
    const isPattern = mayMatch && /[*?[]/.test(leaf);
    const path = filePath(context, isPattern ? parentOf(text.replaceAll('/', '\\')) || '.' : text);
    const node = files.find(path);
    const found = isPattern
      ? Array.from(node?.children.values() ?? []).filter((child) => context.like(child.name, leaf))
      : node
        ? [node]
        : [];
    if (found.length === 0)
      fail(
        context,
        'ArchiveCmdletPathNotFound',
        `The path '${text}' either does not exist or is not a valid file system path.`,
        text,
      );
    return found.map((one) => ({ name: one.name, node: one }));
  });
};

const entriesOf = (context: CommandContext, name: string, node: FileNode): ZipEntry[] => {
  const { machine, pid } = actorOf(context);
  const { files } = machine;
  files.requireRight(node, neededRights.readData, pid);
  if (!node.isFolder) return [{ name, bytes: files.read(node) }];
  if (node.children.size === 0) return [{ name: `${name}/`, bytes: new Uint8Array() }];
  return Array.from(node.children.values()).flatMap((child) => entriesOf(context, `${name}/${child.name}`, child));
};

const compress = command('Compress-Archive', {
  commandType: 'Function',
  className: 'Compress-Archive',
  sets: ['Path', 'PathWithUpdate', 'PathWithForce', 'LiteralPathWithUpdate', 'LiteralPathWithForce', 'LiteralPath'],
  pipeline: { Path: 'both', LiteralPath: 'name' },
  parameterAliases: { LiteralPath: ['PSPath'] },
  validateSets: { CompressionLevel: ['Optimal', 'NoCompression', 'Fastest'] },
  simulated: ['Path', 'LiteralPath', 'DestinationPath', 'CompressionLevel', 'Update', 'Force'],
  createState: () => ({ entries: [] as ZipEntry[] }),
  process: (context, bound) => {
    const state = context.state as { entries: ZipEntry[] };
    state.entries.push(...sources(context, bound).flatMap(({ name, node }) => entriesOf(context, name, node)));
  },
  *end(context, bound) {
    const { machine, pid } = actorOf(context);
    const { entries } = context.state as { entries: ZipEntry[] };
    const given = bound.text('DestinationPath') ?? '';
    const path = filePath(context, /\.zip$/i.test(given) ? given : `${given}.zip`);
    const there = machine.files.find(path);
    if (there && !bound.flag('Force') && !bound.flag('Update'))
      fail(
        context,
        'ArchiveFileExists',
        `The archive file ${path} already exists. Use the -Update parameter to update the existing archive file or use the -Force parameter to overwrite the existing archive file.`,
        path,
      );
    const kept =
      there && bound.flag('Update')
        ? (readZip(machine.files.read(there)) ?? []).filter((old) => !entries.some(({ name }) => name === old.name))
        : [];
    if (context.shouldProcess(path, 'Compress-Archive'))
      yield machine.files.write(path, writeZip([...kept, ...entries]), pid);
  },
});

const expand = command('Expand-Archive', {
  commandType: 'Function',
  className: 'Expand-Archive',
  sets: ['Path', 'LiteralPath'],
  pipeline: { Path: 'both', LiteralPath: 'name' },
  parameterAliases: { LiteralPath: ['PSPath'] },
  simulated: ['Path', 'LiteralPath', 'DestinationPath', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const given = bound.text('Path') ?? bound.text('LiteralPath') ?? '';
    const path = filePath(context, given);
    const node = machine.files.find(path);
    if (!node)
      fail(
        context,
        'ArchiveCmdletPathNotFound',
        `The path '${given}' either does not exist or is not a valid file system path.`,
        given,
      );
    const entries = node ? readZip(machine.files.read(node)) : undefined;
    const target = bound.has('DestinationPath')
      ? filePath(context, bound.text('DestinationPath') ?? '')
      : joinPath(filePath(context, '.'), leafOf(path).replace(/\.zip$/i, ''));
    if (!entries) return fail(context, 'InvalidArchive', 'End of Central Directory record could not be found.', path);
    for (const { name, bytes } of entries) {
      const to = joinPath(target, name.replaceAll('/', '\\').replace(/\\$/, ''));
      if (name.endsWith('/')) yield machine.files.createFolder(to, pid);
      else {
        if (machine.files.exists(to) && !bound.flag('Force')) {
          context.writeError({
            id: 'ExpandArchiveFileExists',
            message: `Failed to create file '${to}' while expanding the archive file '${path}' contents as the file '${to}' already exists.`,
            category: 'WriteError',
            target: to,
            exception: 'System.IO.IOException',
          });
          continue;
        }
        yield machine.files.createFolder(parentOf(to), pid);
        yield machine.files.write(to, bytes, pid);
      }
    }
    return undefined;
  },
});

/** Compress-Archive, Expand-Archive. */
export const archiveCmdlets = [compress, expand];
