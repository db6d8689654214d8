import { fitsNamePattern } from '../../evaluator/matching/wildcard.ts';
import type { FileNode } from '../machine/files/file-node.ts';
import { absolutePath } from '../machine/files/paths.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { refuseMember } from '../types/outside.ts';
import type { ProgramCall } from './program.ts';

/** A file or folder that a program comes to, with its name as seen from the folder above the first. */
export type Reached = { readonly node: FileNode; readonly name: string; readonly isClosed: boolean };

/** Whether the caller of a program has rights on a file or folder. */
export const callerMay = ({ machine, process }: ProgramCall, node: FileNode, rights: number): boolean => {
  try {
    machine.files.requireRight(node, rights, process.parentPid);
    return true;
  } catch (error) {
    if (error instanceof Win32Fault) return false;
    throw error;
  }
};

/**
 * A file or folder and, with `isDeep`, all below it, parents before their children; links are not followed. A folder that the caller may not
 * list comes once more, as closed: whoever opens it then goes on into it.
 */
function* reachFiles(call: ProgramCall, node: FileNode, isDeep: boolean, name = node.name): Generator<Reached> {
  yield { node, name, isClosed: false };
  if (!isDeep || !node.isFolder || node.target !== undefined) return;
  const mayList = (): boolean => callerMay(call, node, neededRights.listFolder);
  if (!mayList()) yield { node, name, isClosed: true };
  if (!mayList()) return;
  for (const child of Array.from(node.children.values()))
    yield* reachFiles(call, child, isDeep, `${name}\\${child.name}`);
}

/** A file or folder that a path means, with the path by which a program speaks of it. */
export type Named = { readonly node: FileNode; readonly path: string };

/**
 * What a path with or without wildcards in its last part means; empty where there is none.
 * @throws Win32Fault where the caller may not list the folder
 * @throws Failure `lab-unsupported` for wildcards in another part, and below which names are sought that do not all fit
 */
export const namedBy = (call: ProgramCall, path: string, isDeep: boolean): readonly Named[] => {
  const { files } = call.machine;
  const at = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1;
  const [folder, pattern] = [path.slice(0, at), path.slice(at).replace(/^\*\.\*$/, '*')];
  const isOutside = /[*?]/.test(folder.replace(/^\\\\\?\\/, '')) || (isDeep && /[*?]/.test(pattern) && pattern !== '*');
  if (isOutside) return refuseMember(`what ${path} means${isDeep ? ' with all that lies below' : ''}`);
  if (!/[*?]/.test(pattern)) {
    const node = files.find(absolutePath(path));
    return node ? [{ node, path }] : [];
  }
  const parent = files.find(absolutePath(folder));
  if (!parent?.isFolder) return [];
  if (!callerMay(call, parent, neededRights.listFolder)) throw new Win32Fault(win32.accessDenied, folder);
  return Array.from(parent.children.values())
    .filter(({ name }) => fitsNamePattern(name, pattern))
    .map((node) => ({ node, path: `${folder}${node.name}` }));
};

/** What several files and folders come to, as `reachFiles` does. */
export function* reachAll(call: ProgramCall, roots: readonly Named[], isDeep: boolean): Generator<Reached> {
  for (const { node } of roots) yield* reachFiles(call, node, isDeep);
}
