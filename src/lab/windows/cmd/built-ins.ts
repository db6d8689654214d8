import { fitsNamePattern } from '../../evaluator/matching/wildcard.ts';
import { type FileNode, walkNodes } from '../machine/files/file-node.ts';
import { leafOf, parentOf } from '../machine/files/paths.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { splitArguments } from '../programs/program.ts';
import { sayCmd } from '../texts/say.ts';
import { messageOf } from '../texts/system-messages.ts';
import type { CmdSession } from './cmd-session.ts';
import { CmdExit, type CmdStreams } from './cmd-streams.ts';
import { readCommandLine } from './command-line.ts';
import { listFolder } from './list-folder.ts';
import { makeLink } from './make-link.ts';

/** A command of cmd.exe itself; gives its exit code, 0 where it gives none. */
type BuiltIn = (
  session: CmdSession,
  rest: string,
  streams: CmdStreams,
) => Promise<number | undefined> | number | undefined;

const line = (session: CmdSession, streams: CmdStreams, text: string): void =>
  streams.out(session.encode(`${text}\r\n`));

/** A line in the words of cmd.exe. */
const say = (session: CmdSession, streams: CmdStreams, text: string): void =>
  line(session, streams, sayCmd(session.machine, text));

const fail = (session: CmdSession, streams: CmdStreams, text: string): number => {
  streams.error(session.encode(`${sayCmd(session.machine, text)}\r\n`));
  return 1;
};

/** Switches and other words of a command. */
const wordsOf = (rest: string): { readonly switches: ReadonlySet<string>; readonly words: string[] } => {
  const all = splitArguments(rest);
  const isSwitch = (word: string): boolean => /^\/[a-z](?::.*)?$/iu.test(word);
  return {
    switches: new Set(all.filter(isSwitch).map((word) => word.toLowerCase())),
    words: all.filter((word) => !isSwitch(word)),
  };
};

const echo: BuiltIn = (session, rest, streams) => {
  const text = /^[.:(+[\]/\\]/u.test(rest) ? rest.slice(1) : rest.replace(/^\s/u, '');
  if (rest.trim() === '') say(session, streams, 'ECHO is on.');
  else if (!/^\s*(?:on|off)\s*$/iu.test(rest)) line(session, streams, text);
  return session.exitCode;
};

const set: BuiltIn = (session, rest, streams) => {
  const text = rest.trim().replace(/^"(.*)"$/u, '$1');
  const { environment } = session.process;
  const equals = text.indexOf('=');
  if (/^\/[ap]\b/iu.test(text)) return fail(session, streams, 'The lab does not simulate set /a and set /p.');
  if (equals > 0) {
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
    if (value === '') environment.delete(name.toUpperCase());
    else environment.set(name.toUpperCase(), { name, value });
    return undefined;
  }
  const shown = Array.from(environment.values())
    .filter(({ name }) => name.toUpperCase().startsWith(text.toUpperCase()))
    .toSorted((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1));
  for (const { name, value } of shown) line(session, streams, `${name}=${value}`);
  return shown.length > 0 ? undefined : fail(session, streams, `Environment variable ${text} not defined`);
};

const changeFolder: BuiltIn = (session, rest, streams) => {
  const text = rest.trim().replace(/^\/d\b\s*/iu, '');
  if (text === '') line(session, streams, session.folder);
  else {
    const path = session.path(text);
    if (!session.machine.files.get(path).isFolder) throw new Win32Fault(win32.directory, path);
    session.folder = session.machine.files.pathOf(session.machine.files.get(path));
  }
  return undefined;
};

const type: BuiltIn = (session, rest, streams) => {
  for (const word of wordsOf(rest).words) {
    const node = session.machine.files.get(session.path(word));
    if (node.isFolder) throw new Win32Fault(win32.accessDenied, word);
    streams.out(session.machine.files.read(node));
  }
  return undefined;
};

const makeFolder: BuiltIn = (session, rest, streams) => {
  for (const word of wordsOf(rest).words) {
    const path = session.path(word);
    if (session.machine.files.exists(path))
      return fail(session, streams, `A subdirectory or file ${word} already exists.`);
    void session.machine.files.createFolder(path, session.process.pid);
  }
  return undefined;
};

const removeFolder: BuiltIn = (session, rest) => {
  const { switches, words } = wordsOf(rest);
  const { files } = session.machine;
  for (const word of words) {
    const path = session.path(word);
    const node = files.get(path);
    if (!node.isFolder) throw new Win32Fault(win32.directory, path);
    const below: FileNode[] = switches.has('/s') ? [...walkNodes(node)].reverse() : [];
    for (const child of below) void files.remove(files.pathOf(child), session.process.pid, { force: true });
    void files.remove(path, session.process.pid);
  }
  return undefined;
};

/** Files that a word means: it may have wildcards in its last part. */
const filesOf = (session: CmdSession, word: string): FileNode[] => {
  const { files } = session.machine;
  if (!/[*?]/u.test(word)) return files.exists(session.path(word)) ? [files.get(session.path(word))] : [];
  const folder = files.get(session.path(parentOf(word.replaceAll('/', '\\')) || '.'));
  const pattern = leafOf(word.replaceAll('/', '\\'));
  return Array.from(folder.children.values()).filter((node) => !node.isFolder && fitsNamePattern(node.name, pattern));
};

const erase: BuiltIn = (session, rest, streams) => {
  const { switches, words } = wordsOf(rest);
  for (const word of words) {
    const found = filesOf(session, word);
    // The message goes to the error stream, but the exit code does not say so.
    if (found.length === 0)
      streams.error(session.encode(`Could Not Find ${session.path(word.replace(/[*?]/gu, '_'))}\r\n`));
    for (const node of found) {
      const force = switches.has('/f');
      void session.machine.files.remove(session.machine.files.pathOf(node), session.process.pid, { force });
    }
  }
  return undefined;
};

/** Target of a copy or move: in the folder of that name, else the name itself. */
const targetOf = (session: CmdSession, node: FileNode, word: string): string => {
  const path = session.path(word);
  return session.machine.files.find(path)?.isFolder ? `${path.replace(/\\$/u, '')}\\${node.name}` : path;
};

const copy: BuiltIn = (session, rest, streams) => {
  const [from = '', to = '.'] = wordsOf(rest).words;
  const { files } = session.machine;
  const found = filesOf(session, from);
  if (found.length === 0) return fail(session, streams, messageOf(win32.fileNotFound));
  for (const node of found) void files.write(targetOf(session, node, to), files.read(node), session.process.pid);
  say(session, streams, `        ${found.length} file(s) copied.`);
  return undefined;
};

const move: BuiltIn = (session, rest, streams) => {
  const [from = '', to = ''] = wordsOf(rest).words;
  const { files } = session.machine;
  const node = files.get(session.path(from));
  const target = targetOf(session, node, to);
  if (files.find(target) && !node.isFolder) void files.remove(target, session.process.pid);
  void files.move(session.path(from), target, session.process.pid);
  say(session, streams, `        1 ${node.isFolder ? 'dir(s)' : 'file(s)'} moved.`);
  return undefined;
};

const exit: BuiltIn = (session, rest) => {
  const code = /(-?\d+)/u.exec(rest)?.[1];
  throw new CmdExit(code === undefined ? session.exitCode : Number(code) | 0);
};

const version: BuiltIn = (session, _rest, streams) => {
  const { version: number, ubr } = session.machine.edition;
  line(session, streams, '');
  line(session, streams, `Microsoft Windows [Version ${number}.${ubr}]`);
  return undefined;
};

const codepage: BuiltIn = (session, rest, streams) => {
  const page = /\d+/u.exec(rest)?.[0];
  if (page !== undefined) session.codepage = Number(page);
  say(session, streams, `Active code page: ${session.codepage}`);
  return undefined;
};

/** `if [/i] [not] exist path | errorlevel n | a==b command`. */
const condition: BuiltIn = async (session, rest, streams) => {
  const [, not, test = '', command = ''] =
    /^\s*(?:\/i\s+)?(not\s+)?(exist\s+(?:"[^"]*"|\S+)|errorlevel\s+-?\d+|defined\s+\S+|(?:"[^"]*"|[^\s"=])+\s*==\s*(?:"[^"]*"|\S+))\s+([^]+)$/iu.exec(
      rest,
    ) ?? [];
  if (test === '') return fail(session, streams, 'The syntax of the command is incorrect.');
  if (holds(session, test, /^\s*\/i\b/iu.test(rest)) === (not !== undefined)) return session.exitCode;
  await session.runList(readCommandLine(command), streams);
  return session.exitCode;
};

const holds = (session: CmdSession, test: string, ignoreCase: boolean): boolean => {
  const [, word = '', operand = ''] = /^(\w+)\s+([^]*)$/u.exec(test) ?? [];
  if (/^exist$/iu.test(word)) return session.machine.files.exists(session.path(operand));
  if (/^errorlevel$/iu.test(word)) return session.exitCode >= Number(operand);
  if (/^defined$/iu.test(word)) return session.variable(operand) !== undefined;
  const [left = '', right = ''] = test.split('==').map((side) => side.trim());
  return ignoreCase ? left.toLowerCase() === right.toLowerCase() : left === right;
};

const nothing: BuiltIn = (session) => session.exitCode;

/** The commands of cmd.exe that the lab has, by name. */
export const builtIns: Readonly<Record<string, BuiltIn | undefined>> = {
  echo,
  set,
  cd: changeFolder,
  chdir: changeFolder,
  dir: listFolder,
  type,
  md: makeFolder,
  mkdir: makeFolder,
  rd: removeFolder,
  rmdir: removeFolder,
  del: erase,
  erase,
  copy,
  move,
  mklink: makeLink,
  exit,
  ver: version,
  chcp: codepage,
  if: condition,
  call: async (session, rest, streams) => await session.run(rest, streams),
  rem: nothing,
  title: nothing,
  cls: nothing,
  prompt: nothing,
  setlocal: nothing,
  endlocal: nothing,
};
