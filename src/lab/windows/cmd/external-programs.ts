import { Failure } from '../../../kernel/failure.ts';
import { driveProgram } from '../programs/launch.ts';
import { isOutside } from '../programs/outside-programs.ts';
import { splitArguments, type WindowsProgram } from '../programs/program.ts';
import { findProgram, outputText, startProgramProcess } from '../programs/programs.ts';
import { sayCmd } from '../texts/say.ts';
import type { CmdSession } from './cmd-session.ts';
import type { CmdStreams } from './cmd-streams.ts';
import { runPowerShell } from './run-powershell.ts';

/** Exit code of what the lab does not simulate: E_NOTIMPL. */
const notSimulated = 0x80004001 | 0;

/** Commands of cmd.exe itself that the lab does not simulate. */
// biome-ignore format: a list
const outsideCommands: ReadonlySet<string> = new Set([
  'assoc', 'break', 'color', 'date', 'for', 'ftype', 'goto', 'path', 'pause', 'popd', 'pushd', 'ren', 'rename', 'shift', 'start', 'time',
  'verify', 'vol',
]);

const isBatch = (name: string): boolean => /\.(?:bat|cmd)$/iu.test(name.replaceAll('"', ''));

const isNamed = (name: string, wanted: string): boolean =>
  new RegExp(`(?:^|[\\\\/])${wanted}(?:\\.exe)?$`, 'iu').test(name.replaceAll('"', ''));

/** Runs what is no command of cmd.exe itself: a program in a process of its own. @returns its exit code */
export const runExternal = async (
  session: CmdSession,
  name: string,
  rest: string,
  streams: CmdStreams,
): Promise<number> => {
  const say = (text: string): void => streams.error(session.encode(`${sayCmd(session.machine, text)}\r\n`));
  if (isNamed(name, 'cmd')) return await session.run(innerLine(rest), streams);
  if (isNamed(name, 'powershell')) return await runPowerShell(session, rest, streams);
  const program = findProgram(name, session.machine);
  if (program) return await runNative(session, program, rest, streams);
  if (isOutside(name) || isBatch(name) || outsideCommands.has(name.toLowerCase())) {
    say(`The lab does not simulate ${name}.`);
    return notSimulated;
  }
  say(`'${name.replaceAll('"', '')}' is not recognized as an internal or external command,`);
  say('operable program or batch file.');
  return 1;
};

/** Whether a path names a program that can be started without cmd.exe. */
export const isProgram = (path: string): boolean =>
  /[\\/]/u.test(path) && (isNamed(path, 'cmd') || isNamed(path, 'powershell') || findProgram(path) !== undefined);

/** What `cmd /c` runs: the outer quotes go, as cmd.exe takes them off. */
const innerLine = (rest: string): string => {
  const line = rest.replace(/^\s*(?:\/[adqsuv](?::\w+)?\s*)*\/[ck]\s*/iu, '');
  return /^".*"$/u.test(line.trim()) ? line.trim().slice(1, -1) : line;
};

async function runNative(
  session: CmdSession,
  program: WindowsProgram,
  rest: string,
  streams: CmdStreams,
): Promise<number> {
  const { machine } = session;
  const process = startProgramProcess(machine, session.process, program.path, `${program.path} ${rest.trim()}`);
  const stopRunning = machine.clock.run(process.pid);
  process.ended.listen(stopRunning);
  const errorLine = (text: string): void => streams.error(outputText(program, session.codepage, text));
  let code: number;
  try {
    code = await driveProgram(machine, process, program, splitArguments(rest), {
      line: (text) => streams.out(outputText(program, session.codepage, text)),
      errorLine,
    });
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'lab-unsupported')) throw error;
    errorLine(error.message);
    code = notSimulated;
  }
  if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code | 0);
  return code | 0;
}
