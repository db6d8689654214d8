import type { WindowsProgram } from './program.ts';

/** shutdown.exe: /r, /s, /a with /t. */
export const shutdownProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\shutdown.exe',
  *run({ machine, process, args }) {
    const has = (name: string): boolean => args.some((arg) => arg.replace('-', '/').toLowerCase() === `/${name}`);
    yield undefined;
    if (has('a')) return machine.power.abort(process.parentPid) ? 0 : 1116;
    if (!has('r') && !has('s')) return 1;
    const at = args.findIndex((arg) => /^[/-]t$/i.test(arg));
    const seconds = at < 0 ? 30 : Number(args[at + 1]);
    if (!Number.isFinite(seconds) || seconds < 0) return 87;
    const reason = args.findIndex((arg) => /^[/-]d$/i.test(arg));
    const kind = has('r') ? 'restart' : 'off';
    return machine.power.schedule(kind, seconds * 1000, process.parentPid, reason < 0 ? '' : args[reason + 1])
      ? 0
      : 1190;
  },
};
