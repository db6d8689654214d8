import { sidOfName } from '../../windows/accounts.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { parseSddl } from '../../windows/machine/rights/security-descriptor.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

/** A program that is always running holds a file or folder open. */
export const lockPath = (machine: Machine, path: string, name: string): void => {
  const process = machine.processes.start({
    name: name.replace(/\.exe$/i, ''),
    path: `C:\\Program Files\\${name.replace(/\.exe$/i, '')}\\${name}`,
  });
  machine.files.handles.open({ node: machine.files.get(path), access: 1, share: 3, pid: process.pid }, path);
};

/** Somebody other than an administrator owns a folder and may write into it. */
const tamperFolder = (machine: Machine, path: string, owner: string): void => {
  const sid = sidOfName(owner, machine.accounts);
  if (sid === undefined)
    throw lacks(`it has no account \`${owner}\``, {
      given: owner,
      known: ['BUILTIN\\Users', ...machine.accounts.map(({ name }) => name)],
    });
  if (!machine.files.exists(path)) void machine.files.createFolder(path, systemPid);
  const node = machine.files.get(path);
  node.security = parseSddl(
    `O:${sid}G:${sid}D:PAI(A;OICI;FA;;;${sid})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)`,
    machine.files.securityOf(node),
  );
};

/** Files that something holds, folders that the wrong account owns. */
export type FileFault =
  | { readonly kind: 'file-locked'; readonly path: string; readonly process: string }
  | { readonly kind: 'kit-folder-tampered'; readonly path?: string; readonly owner?: string };

/** Files that are held open, and folders that belong to the wrong account. */
export const fileFaults: FaultKinds<FileFault> = {
  'file-locked': (machine, { path, process }) => lockPath(machine, path, process),
  'kit-folder-tampered': (machine, { path, owner }) =>
    tamperFolder(machine, path ?? 'C:\\ProgramData\\Kintsugi', owner ?? 'BUILTIN\\Users'),
};
