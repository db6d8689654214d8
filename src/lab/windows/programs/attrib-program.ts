import { fitsNamePattern } from '../../evaluator/matching/wildcard.ts';
import { type FileNode, walkNodes } from '../machine/files/file-node.ts';
import { absolutePath, leafOf, parentOf } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import type { ProgramCall, WindowsProgram } from './program.ts';

// Letters in the order in which attrib shows them, and their bits; P keeps a file on this machine, U in the cloud.
const bits: Readonly<Record<string, number>> = {
  A: 0x20,
  S: 4,
  H: 2,
  R: 1,
  O: 0x1000,
  I: 0x2000,
  X: 0x2_0000,
  P: 0x8_0000,
  U: 0x10_0000,
};

const shownAttributes = (node: FileNode): string =>
  Object.entries(bits)
    .map(([letter, bit]) => `${node.attributes & bit ? letter : ' '}${letter === 'A' ? '  ' : ''}`)
    .join('')
    .padEnd(21);

/** The folder that the user's OneDrive keeps in step with the cloud, while its client runs. */
const syncRoot = (machine: Machine, { account }: SimulatedProcess): string | undefined => {
  const isRunning = machine.processes.all().some((one) => one.name === 'OneDrive' && one.account.sid === account.sid);
  const folder = machine.registry.data(
    `HKEY_USERS\\${account.sid}\\Software\\Microsoft\\OneDrive\\Accounts\\Personal`,
    'UserFolder',
  );
  return isRunning && typeof folder === 'string' ? folder.toLowerCase() : undefined;
};

/** Files that a path with wildcards in its last part means, and what is below where that is asked for. */
const findFiles = ({ machine }: ProgramCall, path: string, isDeep: boolean, withFolders: boolean): FileNode[] => {
  const full = absolutePath(path.replace(/[*?]/g, (char) => (char === '*' ? '\u0001' : '\u0002')))
    .replaceAll('\u0001', '*')
    .replaceAll('\u0002', '?');
  const pattern = leafOf(full);
  const folder = machine.files.find(parentOf(full));
  if (!folder) return [];
  const all = isDeep ? [...walkNodes(folder)] : [...folder.children.values()];
  const isPattern = /[*?]/.test(pattern);
  return all.filter(
    (node) => fitsNamePattern(node.name, pattern) && (withFolders || !node.isFolder || (!isPattern && !isDeep)),
  );
};

/** attrib.exe: shows and changes attributes, with /s and /d; +U and -P hand a file to the user's OneDrive client. */
export const attribProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\attrib.exe',
  *run(call) {
    const { machine, args, line } = call;
    const changes = args.filter((arg) => /^[+-][a-z]$/i.test(arg));
    const options = new Set(args.filter((arg) => arg.startsWith('/')).map((arg) => arg.toLowerCase()));
    const path = args.find((arg) => !/^([+-][a-z]$|\/)/i.test(arg)) ?? '*.*';
    const wrong = changes.find((change) => bits[(change[1] ?? '').toUpperCase()] === undefined);
    if (wrong !== undefined) {
      line('Parameter format not correct -');
      return 1;
    }
    const found = findFiles(call, path.replace(/\*\.\*$/, '*'), options.has('/s'), options.has('/d'));
    if (found.length === 0) {
      line(`File not found - ${absolutePath(path.replace(/[*?]/g, '_'))}`);
      return 0;
    }
    for (const node of found) {
      if (changes.length === 0) line(`${shownAttributes(node)}${machine.files.pathOf(node)}`);
      else yield* change(call, node, changes);
    }
    return 0;
  },
};

function* change({ machine, process }: ProgramCall, node: FileNode, changes: readonly string[]) {
  let attributes = node.attributes;
  for (const one of changes) {
    const bit = bits[(one[1] ?? '').toUpperCase()] ?? 0;
    attributes = one.startsWith('+') ? attributes | bit : attributes & ~bit;
  }
  if (attributes !== node.attributes) yield machine.files.setAttributes(node, attributes, process.parentPid);
  const root = syncRoot(machine, process);
  if (root === undefined || node.isFolder || !machine.files.pathOf(node).toLowerCase().startsWith(`${root}\\`)) return;
  if ((attributes & (bits['U'] ?? 0)) !== 0 && (attributes & (bits['P'] ?? 0)) === 0)
    yield machine.files.setInCloud(node, true, process.parentPid);
  else if ((attributes & (bits['P'] ?? 0)) !== 0) yield machine.files.setInCloud(node, false, process.parentPid);
}
