import { nameOfSid } from '../accounts.ts';
import type { FileNode } from '../machine/files/file-node.ts';
import { walkNodes } from '../machine/files/file-node.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { formatParts, parseSddl } from '../machine/rights/security-descriptor.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { readAccessEdits, simpleRights } from './access-edits.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

/** Without options: the rules of one file or folder. */
const show = ({ machine, args, line }: ProgramCall, root: FileNode): number => {
  const { files } = machine;
  const security = files.securityOf(root);
  const rules = security.isProtected ? security.rules : [...security.rules, ...files.inheritedRules(root)];
  const letters = (mask: number): string =>
    Object.entries(simpleRights).find(([, value]) => value === mask)?.[0] ?? `0x${(mask >>> 0).toString(16)}`;
  for (const [index, { sid, allow, flags, rights: mask }] of rules.entries()) {
    const who = nameOfSid(sid, machine.accounts) ?? sid;
    // Inherited rules come marked (I) first.
    const marks = [...(flags.includes('ID') ? ['I'] : []), ...flags.filter((flag) => flag !== 'ID')];
    const text = `${who}:${allow ? '' : '(DENY)'}${marks.map((flag) => `(${flag})`).join('')}(${letters(mask)})`;
    line(index === 0 ? `${args[0]} ${text}` : `${' '.repeat((args[0] ?? '').length)} ${text}`);
  }
  line('');
  line('Successfully processed 1 files; Failed processing 0 files');
  return 0;
};

const isDeep = (args: readonly string[]): boolean => args.some((arg) => /^\/t$/i.test(arg));

const mayReadRules = ({ machine, process }: ProgramCall, node: FileNode): boolean => {
  try {
    machine.files.requireRight(node, neededRights.readRules, process.parentPid);
    return true;
  } catch (error) {
    if (error instanceof Win32Fault) return false;
    throw error;
  }
};

/** Nodes of a path, with the names that icacls /save writes: seen from the folder above. */
const namedNodes = (root: FileNode, withAllBelow: boolean): { readonly node: FileNode; readonly name: string }[] => {
  const found = [{ node: root, name: root.name }];
  const walk = (folder: FileNode, prefix: string): void => {
    for (const node of folder.children.values()) {
      found.push({ node, name: `${prefix}\\${node.name}` });
      if (node.isFolder && node.target === undefined) walk(node, `${prefix}\\${node.name}`);
    }
  };
  if (withAllBelow) walk(root, root.name);
  return found;
};

/** /save: rules without owners, by relative names, as UTF-16. */
function* save(
  call: ProgramCall,
  root: FileNode,
  target: string,
): Generator<Promise<void> | undefined, number, unknown> {
  const { machine, process, args, line } = call;
  const { files } = machine;
  const nodes = namedNodes(root, isDeep(args));
  const text = nodes
    .map(({ node, name }) => {
      const rules = formatParts(files.securityOf(node), files.inheritedRules(node), { dacl: true });
      return `${name}\r\n${rules}\r\n`;
    })
    .join('');
  yield files.write(absolutePath(target), new Uint8Array(Buffer.from(text, 'utf16le')), process.parentPid);
  line(`Successfully processed ${nodes.length} files; Failed processing 0 files`);
  return 0;
}

/** /restore: the folder is the one above those that were saved; owners stay as they are. */
function* restore(
  call: ProgramCall,
  folder: string,
  source: string,
): Generator<Promise<void> | undefined, number, unknown> {
  const { machine, process, line, errorLine } = call;
  const { files } = machine;
  const file = files.find(absolutePath(source));
  if (!file) {
    errorLine(`${source}: The system cannot find the file specified.`);
    return 2;
  }
  const lines = Buffer.from(files.read(file))
    .toString('utf16le')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  let [done, failed] = [0, 0];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const node = files.find(`${absolutePath(folder).replace(/\\+$/, '')}\\${lines[at] ?? ''}`);
    if (!node) {
      errorLine(`${folder}\\${lines[at] ?? ''}: The system cannot find the file specified.`);
      failed++;
      continue;
    }
    yield files.setSecurity(node, parseSddl(lines[at + 1] ?? '', files.securityOf(node)), process.parentPid);
    done++;
  }
  line(`Successfully processed ${done} files; Failed processing ${failed} files`);
  return failed === 0 ? 0 : 2;
}

/** icacls.exe: /save, /restore, /grant[:r], /deny, /remove[:g|:d], /inheritance, /setowner, /reset, with /t /c /q. */
export const accessProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\icacls.exe',
  *run(call) {
    const { machine, process, args, line, errorLine } = call;
    const { files } = machine;
    const root = files.find(absolutePath(args[0] ?? ''));
    if (!root) {
      line(`${args[0]}: The system cannot find the file specified.`);
      return 2;
    }
    const options = args.slice(1);
    const valueOf = (name: string): string | undefined => {
      const at = options.findIndex((arg) => arg.toLowerCase() === name);
      return at < 0 ? undefined : options[at + 1];
    };
    const [saveTo, restoreFrom] = [valueOf('/save'), valueOf('/restore')];
    if (options.length === 0 || saveTo !== undefined) {
      const closed = namedNodes(root, isDeep(options)).find(({ node }) => !mayReadRules(call, node));
      if (closed) {
        errorLine(`${files.pathOf(closed.node)}: Access is denied.`);
        line('Successfully processed 0 files; Failed processing 1 files');
        return 5;
      }
    }
    if (saveTo !== undefined) return yield* save(call, root, saveTo);
    if (restoreFrom !== undefined) return yield* restore(call, args[0] ?? '', restoreFrom);
    if (options.length === 0) return show(call, root);
    const edits = readAccessEdits(options, machine);
    if (!Array.isArray(edits)) {
      line(`Invalid parameter "${edits.wrong}"`);
      return 87;
    }
    let failed = 0;
    const nodes: FileNode[] = isDeep(options) ? [root, ...walkNodes(root)] : [root];
    for (const node of nodes) {
      const inherited = files.inheritedRules(node);
      const security = edits.reduce((now, edit) => edit(now, inherited), files.securityOf(node));
      try {
        yield files.setSecurity(node, security, process.parentPid);
      } catch (error) {
        if (!(error instanceof Win32Fault)) throw error;
        errorLine(`${files.pathOf(node)}: Access is denied.`);
        failed++;
        // Without /c the first refusal ends it.
        if (!options.some((arg) => /^\/c$/i.test(arg))) break;
      }
    }
    line(`Successfully processed ${nodes.length - failed} files; Failed processing ${failed} files`);
    return failed === 0 ? 0 : 5;
  },
};
