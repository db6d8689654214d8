import type { FileNode } from '../machine/files/file-node.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
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
export function* reachFiles(call: ProgramCall, node: FileNode, isDeep: boolean, name = node.name): Generator<Reached> {
  yield { node, name, isClosed: false };
  if (!isDeep || !node.isFolder || node.target !== undefined) return;
  const mayList = (): boolean => callerMay(call, node, neededRights.listFolder);
  if (!mayList()) yield { node, name, isClosed: true };
  if (!mayList()) return;
  for (const child of Array.from(node.children.values()))
    yield* reachFiles(call, child, isDeep, `${name}\\${child.name}`);
}
