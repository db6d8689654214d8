import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { sayLine } from '../texts/say.ts';
import type { WindowsProgram } from './program.ts';
import { runProgram, splitArguments } from './program.ts';
import { findProgram, outputBytes, startProgramProcess } from './programs.ts';

/** A program that runs beside the script that started it. */
export type RunningProgram = {
  readonly process: SimulatedProcess;
  readonly output: Uint8Array[];
  readonly errors: Uint8Array[];
};

/** Runs a program in a process that is there already and gives its exit code; ends early when the process is ended. */
export const driveProgram = async (
  machine: Machine,
  process: SimulatedProcess,
  program: WindowsProgram,
  args: readonly string[],
  sink: { line: (text: string) => void; errorLine: (text: string) => void },
): Promise<number> => {
  const task = runProgram(program, {
    machine,
    process,
    args,
    line: (text) => sink.line(sayLine(machine, program.path, args, text)),
    errorLine: (text) => sink.errorLine(sayLine(machine, program.path, args, text)),
  });
  const ended = new Promise<'ended'>((resolve) => {
    process.ended.listen(() => resolve('ended'));
  });
  for (let step = task.next(); ; step = task.next()) {
    if (step.done) return step.value;
    if (step.value && (await Promise.race([step.value, ended])) === 'ended') return process.exitCode ?? 1;
    if (process.ended.fired) return process.exitCode ?? 1;
  }
};

/**
 * Starts a program by file name or path; `undefined` when there is none. powershell.exe runs as the task scheduler runs it; where it writes
 * something, whoever wants to read that is refused.
 * @param isRead whether somebody reads what the program writes
 */
export const launchProgram = (
  machine: Machine,
  parent: SimulatedProcess,
  file: string,
  args: string,
  isRead: boolean,
): RunningProgram | undefined => {
  const program = findProgram(file, machine);
  const { launcher } = machine.tasks;
  const isShell = /(^|\\)powershell(\.exe)?$/i.test(file.replaceAll('"', ''));
  if (!program && !(isShell && launcher)) return undefined;
  const path = program?.path ?? 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
  const process = startProgramProcess(machine, parent, path, `"${path}" ${args}`);
  const running: RunningProgram = { process, output: [], errors: [] };
  const stopRunning = machine.clock.run(process.pid);
  process.ended.listen(stopRunning);
  const ending = program
    ? driveProgram(machine, process, program, splitArguments(args), {
        line: (text) => void running.output.push(outputBytes(program, machine, text)),
        errorLine: (text) => void running.errors.push(outputBytes(program, machine, text)),
      })
    : (launcher?.run(process, file, args, isRead) ?? Promise.resolve(1));
  const end = (code: number): void => {
    if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code | 0);
  };
  ending.then(end, (error: unknown) => {
    // What the lab does not simulate of a program ends the script that started it.
    if (parent.ended.fired) machine.outside.tell(error);
    else parent.scriptFault = error instanceof Error ? error : new Error(String(error));
    end(1);
  });
  return running;
};
