import { type Account, nameOfSid, sids } from '../accounts.ts';
import type { WindowsProgram } from './program.ts';

/** hostname.exe: the name of the computer. */
export const hostnameProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\HOSTNAME.EXE',
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run({ machine, args, line, errorLine }) {
    if (args.length === 0) {
      line(machine.name);
      return 0;
    }
    errorLine('sethostname: Use the Network Control Panel Applet to set hostname.');
    return 1;
  },
};

/** Rows of `whoami /groups`: the groups of the token, and the label that says how trusted it is. */
const groupRows = (account: Account): (readonly [string, string, string, string])[] => {
  const usual = 'Mandatory group, Enabled by default, Enabled group';
  const isFull = account.groups.includes(sids.administrators);
  return [
    ['Everyone', 'Well-known group', 'S-1-1-0', usual] as const,
    ...account.groups.map(
      (sid) => [nameOfSid(sid) ?? sid, sid.startsWith('S-1-5-32-') ? 'Alias' : 'Well-known group', sid, usual] as const,
    ),
    ...(account.denyOnly ?? []).map(
      (sid) => [nameOfSid(sid) ?? sid, 'Alias', sid, 'Group used for deny only'] as const,
    ),
    account.sid === sids.system
      ? (['Mandatory Label\\System Mandatory Level', 'Label', 'S-1-16-16384', ''] as const)
      : isFull
        ? (['Mandatory Label\\High Mandatory Level', 'Label', 'S-1-16-12288', ''] as const)
        : (['Mandatory Label\\Medium Mandatory Level', 'Label', 'S-1-16-8192', ''] as const),
  ];
};

/** whoami.exe: the account of the process; with `/user` its SID, with `/groups` those of its groups. */
export const whoamiProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\whoami.exe',
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run({ process, args, line, errorLine }) {
    const { name, sid } = process.account;
    if (args.length === 0) line(name.toLowerCase());
    else if (args.length === 1 && /^\/user$/iu.test(args[0] ?? '')) {
      const width = Math.max(9, name.length);
      for (const text of ['', 'USER INFORMATION', '----------------', '']) line(text);
      line(`${'User Name'.padEnd(width)} SID`);
      line(`${'='.repeat(width)} ${'='.repeat(sid.length)}`);
      line(`${name.toLowerCase().padEnd(width)} ${sid}`);
    } else if (/^\/groups$/iu.test(args[0] ?? '')) {
      // Names follow the language of Windows; SIDs and attributes' order do not.
      const isCsv = args.some((arg) => /^csv$/iu.test(arg));
      const hasHead = !args.some((arg) => /^\/nh$/iu.test(arg));
      if (isCsv && hasHead) line('"Group Name","Type","SID","Attributes"');
      for (const [group, kind, groupSid, attributes] of groupRows(process.account))
        line(
          isCsv
            ? `"${group}","${kind}","${groupSid}","${attributes}"`
            : `${group.padEnd(45)} ${kind.padEnd(16)} ${groupSid.padEnd(46)} ${attributes}`,
        );
    } else {
      errorLine(`ERROR: Invalid argument/option - '${args[0] ?? ''}'.`);
      errorLine('Type "WHOAMI /?" for usage.');
      return 1;
    }
    return 0;
  },
};
