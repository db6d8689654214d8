import { sids } from '../accounts.ts';
import type { FileNode } from '../machine/files/file-node.ts';
import { walkNodes } from '../machine/files/file-node.ts';
import { absolutePath } from '../machine/files/paths.ts';
import type { WindowsProgram } from './program.ts';

/** takeown.exe: /f with /r, /a and /d. */
export const ownershipProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\takeown.exe',
  *run({ machine, process, args, line, errorLine }) {
    const words = args.map((arg) => arg.replace(/^-/, '/').toLowerCase());
    const path = args[words.indexOf('/f') + 1];
    if (!words.includes('/f') || path === undefined) {
      errorLine("ERROR: Invalid syntax. Mandatory option '/F' is missing.");
      return 1;
    }
    const root = machine.files.find(absolutePath(path));
    if (!root) {
      errorLine(`ERROR: The system cannot find the file specified.`);
      return 1;
    }
    const owner = words.includes('/a') ? sids.administrators : process.account.sid;
    const nodes: FileNode[] = words.includes('/r') ? [root, ...walkNodes(root)] : [root];
    for (const node of nodes) {
      yield machine.files.setSecurity(node, { ...machine.files.securityOf(node), owner }, process.parentPid);
      const who = words.includes('/a') ? 'the administrators group' : `user "${process.account.name}"`;
      line('');
      line(`SUCCESS: The file (or folder): "${machine.files.pathOf(node)}" now owned by ${who}.`);
    }
    return 0;
  },
};
