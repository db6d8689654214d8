import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { createNode } from '../../machine/files/file-node.ts';
import { joinPath, leafOf, parentOf } from '../../machine/files/paths.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { encodeText, utf8 } from '../../types/text-codec.ts';
import { command } from '../command-syntax.ts';
import { findItem, openItem } from './find-items.ts';
import { attempt, withIds } from './item-errors.ts';
import { newHardLink } from './new-hard-link.ts';
import { readProviderPath } from './provider-path.ts';

function* newKey(path: string, isForced: boolean, context: CommandContext): Task<boolean> {
  const { machine, process, pid } = actorOf(context);
  if (machine.registry.find(path, process.account.sid)) {
    if (!isForced) {
      context.writeError({
        id: 'System.IO.IOException',
        message: 'A key in this path already exists.',
        category: 'ResourceExists',
        target: path,
        exception: 'System.IO.IOException',
      });
      return false;
    }
    yield machine.registry.remove(path, pid, process.account.sid);
  }
  const parent = path.slice(0, path.lastIndexOf('\\'));
  if (!machine.registry.find(parent, process.account.sid) && !isForced) {
    context.writeError({
      id: 'System.ArgumentException',
      message: 'The registry key at the specified path does not exist.',
      category: 'InvalidArgument',
      target: parent,
      exception: 'System.ArgumentException',
    });
    return false;
  }
  yield machine.registry.create(path, pid, process.account.sid);
  return true;
}

function* newFolder(path: string, isForced: boolean, context: CommandContext): Task<boolean> {
  const { machine, pid } = actorOf(context);
  const there = machine.files.find(path, { noFollow: true });
  if (there && !(there.isFolder && isForced)) {
    context.writeError({
      id: 'DirectoryExist',
      message: `An item with the specified name ${path} already exists.`,
      category: 'ResourceExists',
      target: path,
      exception: 'System.IO.IOException',
    });
    return false;
  }
  const toError = withIds({ io: 'CreateDirectoryIOError', denied: 'CreateDirectoryUnauthorizedAccessError' });
  return yield* attempt(context, () => machine.files.createFolder(path, pid), toError);
}

const newItemError = withIds({ io: 'NewItemIOError', denied: 'NewItemUnauthorizedAccessError' });

function* newFile(path: string, bound: BoundParameters, context: CommandContext): Task<boolean> {
  const { machine, pid } = actorOf(context);
  const bytes = encodeText(bound.has('Value') ? context.text(bound.get('Value')) : '', utf8);
  if (machine.files.find(path, { noFollow: true }) && !bound.flag('Force')) {
    context.writeError({
      id: 'NewItemIOError',
      message: `The file '${path}' already exists.`,
      category: 'WriteError',
      target: path,
      exception: 'System.IO.IOException',
      hresult: 0x80070050,
    });
    return false;
  }
  if (bound.flag('Force') && !machine.files.exists(parentOf(path)))
    yield machine.files.createFolder(parentOf(path), pid);
  return yield* attempt(context, () => machine.files.write(path, bytes, pid), newItemError);
}

function* newReparsePoint(path: string, target: string, context: CommandContext): Task<boolean> {
  const { machine, pid } = actorOf(context);
  const node = createNode(leafOf(path), machine.files.find(target)?.isFolder ?? true, machine.clock.wallMs(), {
    target,
    attributes: 0x410,
  });
  return yield* attempt(context, () => machine.files.insert(parentOf(path), node, pid), newItemError);
}

/** Makes what the type says; whether it was made. */
function* newFileItem(path: string, type: string, bound: BoundParameters, context: CommandContext): Task<boolean> {
  switch (type.toLowerCase()) {
    case 'directory':
    case 'd':
      return yield* newFolder(path, bound.flag('Force'), context);
    case 'file':
      return yield* newFile(path, bound, context);
    case 'junction':
    case 'symboliclink':
      return yield* newReparsePoint(path, context.text(bound.get('Value')), context);
    case 'hardlink':
      return yield* newHardLink(path, bound.get('Value'), bound.flag('Force'), context);
    default:
      return context.unsupported(`New-Item -ItemType ${type}`);
  }
}

/** Makes items of a type at the paths that are given; `type` counts in the file system only. */
export function* makeItems(context: CommandContext, bound: BoundParameters, type: string): Task<void> {
  const names = bound.has('Path') ? bound.texts('Path') : ['.'];
  for (const base of names) {
    const name = bound.text('Name');
    const place = readProviderPath(name === undefined ? base : joinPath(base, name), context);
    if (!context.shouldProcess(place.shown, 'Create Item')) continue;
    if (place.kind === 'drive') {
      place.provider.setContent(place.path, bound.get('Value'), context, place.drive);
      continue;
    }
    const isMade =
      place.kind === 'registry'
        ? yield* newKey(place.path, bound.flag('Force'), context)
        : yield* newFileItem(place.path, type, bound, context);
    const made = isMade ? findItem(place, context) : undefined;
    if (made) context.write(openItem(made, context));
  }
}

/** New-Item. */
export const newItem = command('New-Item', {
  className: 'Microsoft.PowerShell.Commands.NewItemCommand',
  aliases: ['ni'],
  sets: ['pathSet', 'nameSet'],
  allowNull: ['Value', 'Name'],
  allowEmpty: ['Value', 'Name'],
  simulated: ['Path', 'Name', 'ItemType', 'Value', 'Force'],
  outsideCall: (given) => {
    const type = given.text('ItemType') ?? 'File';
    const inRegistry = given.texts('Path').some((path) => /^(HK\w+:|Registry::|[\w.]+\\Registry::)/i.test(path));
    const isSimulated = /^(file|directory|d|junction|symboliclink|hardlink)$/i.test(type);
    return isSimulated || inRegistry || given.texts('Path').length === 0 ? undefined : `New-Item -ItemType ${type}`;
  },
  process: (context, bound) => makeItems(context, bound, bound.text('ItemType') ?? 'File'),
});
