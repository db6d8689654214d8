import { sids } from '../accounts.ts';
import { refuseMember } from '../types/outside.ts';
import type { WindowsProgram } from './program.ts';
import { namedBy, reachAll } from './reach-files.ts';

/** takeown.exe: /f with /r, /a and /d. */
export const ownershipProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\takeown.exe',
  *run(call) {
    const { machine, process, args, line, errorLine } = call;
    const { files } = machine;
    const words = args.map((arg) => arg.replace(/^-/, '/').toLowerCase());
    const path = args[words.indexOf('/f') + 1];
    if (!words.includes('/f') || path === undefined) {
      errorLine("ERROR: Invalid syntax. Mandatory option '/F' is missing.");
      return 1;
    }
    const roots = namedBy(call, path, words.includes('/r'));
    if (roots.length === 0) {
      errorLine(`ERROR: The system cannot find the file specified.`);
      return 1;
    }
    const owner = words.includes('/a') ? sids.administrators : process.account.sid;
    const answer = words.includes('/d') ? words[words.indexOf('/d') + 1] : undefined;
    for (const { node, isClosed } of reachAll(call, roots, words.includes('/r'))) {
      if (!isClosed) {
        yield files.setSecurity(node, { ...files.securityOf(node), owner }, process.parentPid);
        const who = words.includes('/a') ? 'the administrators group' : `user "${process.account.name}"`;
        line('');
        line(`SUCCESS: The file (or folder): "${files.pathOf(node)}" now owned by ${who}.`);
        continue;
      }
      // Windows asks whether it may give the new owner full control, to go on below; a remote session has nobody to answer.
      if (answer === undefined) return refuseMember(`takeown /r without /d, which asks about ${files.pathOf(node)}`);
      if (answer !== 'y') continue;
      const rules = [{ allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: owner }] as const;
      yield files.setSecurity(node, { ...files.securityOf(node), isProtected: true, rules }, process.parentPid);
    }
    return 0;
  },
};
