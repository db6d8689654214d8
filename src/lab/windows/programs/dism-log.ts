import { systemPid } from '../machine/change-feed.ts';
import type { ProgramCall } from './program.ts';

const usualLog = 'C:\\Windows\\Logs\\DISM\\dism.log';

/** Results of DISM that are no failure: done, or done once the machine restarts. */
const goodCodes: readonly number[] = [0, 3010];

/** Appends to the log of DISM (`/LogPath` or the usual one) what was asked for, and how it failed. */
export const logDism = ({ machine, process, args }: ProgramCall, code: number): void => {
  const { files, clock, timeZone } = machine;
  const named = args.find((arg) => /^[/-]logpath:/i.test(arg));
  const path = named?.slice(named.indexOf(':') + 1).replace(/^"|"$/g, '') ?? usualLog;
  const local = new Date(clock.wallMs() + timeZone.offsetMinutes * 60_000).toISOString();
  const hresult = ((code > 0 && code < 0x10000 ? code + 0x80070000 : code) >>> 0).toString(16).padStart(8, '0');
  const line = (level: 'Info' | 'Error', text: string): string =>
    `${local.slice(0, 10)} ${local.slice(11, 19)}, ${level.padEnd(21)} DISM   DISM.EXE: ${text}\r\n`;
  const text = [
    line('Info', `Executing command line: ${[process.name, ...args].join(' ')}`),
    ...(goodCodes.includes(code)
      ? []
      : [line('Error', `Failed to process the command line. HRESULT=0x${hresult} - (hr:0x${hresult})`)]),
  ].join('');
  const parent = path.slice(0, path.lastIndexOf('\\'));
  if (!files.find(parent)?.isFolder) return;
  const old = files.find(path);
  void files.write(path, Buffer.concat([old ? files.read(old) : new Uint8Array(), Buffer.from(text)]), systemPid);
};
