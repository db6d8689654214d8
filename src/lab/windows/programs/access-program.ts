import type { Task } from '../../evaluator/host.ts';
import { nameOfSid } from '../accounts.ts';
import type { Held } from '../machine/change-feed.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { formatParts, parseSddl } from '../machine/rights/security-descriptor.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { refuseMember } from '../types/outside.ts';
import { readAccessEdits, simpleRights } from './access-edits.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';
import { callerMay, type Named, namedBy, type Reached, reachAll } from './reach-files.ts';

/** Without options: the rules of one file or folder. */
const show = ({ machine, line }: ProgramCall, { node, path }: Named): void => {
  const { files } = machine;
  const security = files.securityOf(node);
  const rules = security.isProtected ? security.rules : [...security.rules, ...files.inheritedRules(node)];
  const letters = (mask: number): string =>
    Object.entries(simpleRights).find(([, value]) => value === mask)?.[0] ?? `0x${(mask >>> 0).toString(16)}`;
  for (const [index, { sid, allow, flags, rights: mask }] of rules.entries()) {
    const who = nameOfSid(sid, machine.accounts) ?? sid;
    // Inherited rules come marked (I) first.
    const marks = [...(flags.includes('ID') ? ['I'] : []), ...flags.filter((flag) => flag !== 'ID')];
    const text = `${who}:${allow ? '' : '(DENY)'}${marks.map((flag) => `(${flag})`).join('')}(${letters(mask)})`;
    line(index === 0 ? `${path} ${text}` : `${' '.repeat(path.length)} ${text}`);
  }
  line('');
};

/** Shows the rules of all that is named, up to the first that may not be read. */
const showAll = (call: ProgramCall, roots: readonly Named[]): number => {
  const { machine, line, errorLine } = call;
  const closed = roots.findIndex(({ node }) => !callerMay(call, node, neededRights.readRules));
  for (const root of closed < 0 ? roots : roots.slice(0, closed)) show(call, root);
  const refused = roots[closed]?.node;
  if (refused) errorLine(`${machine.files.pathOf(refused)}: Access is denied.`);
  line(`Successfully processed ${refused ? closed : roots.length} files; Failed processing ${refused ? 1 : 0} files`);
  return refused ? 5 : 0;
};

const isDeep = (args: readonly string[]): boolean => args.some((arg) => /^\/t$/i.test(arg));

/**
 * Does something to what a call means. What is refused, and each folder that may not be listed, is told and counts as failed; without /c the
 * first of them ends it.
 */
function* forEachFile(
  call: ProgramCall,
  roots: readonly Named[],
  act: (reached: Reached) => Held | boolean,
): Task<number> {
  const { machine, args, line, errorLine } = call;
  let [done, failed] = [0, 0];
  for (const reached of reachAll(call, roots, isDeep(args))) {
    const path = machine.files.pathOf(reached.node);
    try {
      const held = !reached.isClosed && act(reached);
      if (held === false) throw new Win32Fault(win32.accessDenied, path);
      if (held instanceof Promise) yield held;
      done++;
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      errorLine(`${path}${reached.isClosed ? '\\*' : ''}: Access is denied.`);
      failed++;
      if (!args.some((arg) => /^\/c$/i.test(arg))) break;
    }
  }
  line(`Successfully processed ${done} files; Failed processing ${failed} files`);
  return failed === 0 ? 0 : 5;
}

/** /save: rules without owners, by relative names, as UTF-16. */
function* save(call: ProgramCall, roots: readonly Named[], target: string): Task<number> {
  const { machine, process } = call;
  const { files } = machine;
  let text = '';
  const code = yield* forEachFile(call, roots, ({ node, name }) => {
    if (!callerMay(call, node, neededRights.readRules)) return false;
    text += `${name}\r\n${formatParts(files.securityOf(node), files.inheritedRules(node), { dacl: true })}\r\n`;
    return true;
  });
  yield files.write(absolutePath(target), new Uint8Array(Buffer.from(text, 'utf16le')), process.parentPid);
  return code;
}

/** /restore: the folder is the one above those that were saved; owners stay as they are. */
function* restore(call: ProgramCall, folder: string, source: string): Task<number> {
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
    const { machine, process, args, line } = call;
    const { files } = machine;
    const roots = namedBy(call, args[0] ?? '', isDeep(args));
    if (roots.length === 0) {
      line(`${args[0]}: The system cannot find the file specified.`);
      return 2;
    }
    const options = args.slice(1);
    const valueOf = (name: string): string | undefined => {
      const at = options.findIndex((arg) => arg.toLowerCase() === name);
      return at < 0 ? undefined : options[at + 1];
    };
    const [saveTo, restoreFrom] = [valueOf('/save'), valueOf('/restore')];
    if (saveTo !== undefined) return yield* save(call, roots, saveTo);
    if (restoreFrom !== undefined && roots[0]?.path !== args[0]) return refuseMember('icacls /restore with wildcards');
    if (restoreFrom !== undefined) return yield* restore(call, args[0] ?? '', restoreFrom);
    if (options.length === 0) return showAll(call, roots);
    const edits = readAccessEdits(options, machine);
    if (!Array.isArray(edits)) {
      line(`Invalid parameter "${edits.wrong}"`);
      return 87;
    }
    return yield* forEachFile(call, roots, ({ node }) => {
      const inherited = files.inheritedRules(node);
      const security = edits.reduce((now, edit) => edit(now, inherited), files.securityOf(node));
      return files.setSecurity(node, security, process.parentPid);
    });
  },
};
