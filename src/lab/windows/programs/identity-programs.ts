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

/** whoami.exe: the account of the process; with `/user` its SID, too. */
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
    } else {
      errorLine(`ERROR: Invalid argument/option - '${args[0] ?? ''}'.`);
      errorLine('Type "WHOAMI /?" for usage.');
      return 1;
    }
    return 0;
  },
};
