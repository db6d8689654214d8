import type { Task } from '../../evaluator/host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import { refuseMember } from '../types/outside.ts';
import { checkSyntax } from './check-syntax.ts';
import { refuseUnelevated } from './elevation.ts';

/** What a native program is called with. It runs in a process of its own. */
export type ProgramCall = {
  readonly machine: Machine;
  readonly process: SimulatedProcess;
  readonly args: readonly string[];
  /** Writes one line of standard output. */
  readonly line: (text: string) => void;
  /** Writes one line of standard error. */
  readonly errorLine: (text: string) => void;
};

/** A native program of the simulated Windows. The value of its task is the exit code (32 bits, unsigned or signed). */
export type WindowsProgram = {
  readonly path: string;
  /** For a program that lies anywhere (setup.exe of media): whether a file is it. It is there where the file is. */
  readonly matches?: (file: string) => boolean;
  /** How it encodes its output; console programs use the OEM code page. */
  readonly output?: 'oem' | 'unicode';
  /** Whether this machine has it; absent: every Windows has it. */
  readonly isThere?: (machine: Machine) => boolean;
  /** False: its folder is not on the path, so only the full path finds it. */
  readonly isOnPath?: boolean;
  readonly run: (call: ProgramCall) => Task<number>;
};

/**
 * Runs a program, if the call is one that it takes, after what a disturbance of the machine has in mind for it; where Windows refuses it something that it does not expect, it says so
 * and ends with the Win32 code.
 */
export function* runProgram(program: WindowsProgram, call: ProgramCall): Task<number> {
  const first = call.machine.beforeCommand?.(program.path, call.process.pid);
  if (first) yield* first;
  // Whoever may not use a program is refused whatever is asked of it.
  const refusal = refuseUnelevated(program, call);
  if (refusal !== undefined) return refusal;
  const problem = checkSyntax(program.path, call.args);
  if (problem?.kind === 'outside') return refuseMember(problem.construct);
  if (problem) {
    for (const text of problem.wrong.lines) call.line(text.replace('%', problem.option));
    return problem.wrong.code;
  }
  try {
    return yield* program.run(call);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    call.errorLine(
      error.code === win32.accessDenied ? 'Access is denied.' : `System error ${error.code} has occurred.`,
    );
    return error.code;
  }
}

/** Cuts a command line into arguments as the C runtime of Windows does. */
export const splitArguments = (text: string): string[] => {
  const args: string[] = [];
  let current = '';
  let isQuoted = false;
  let isOpen = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') {
      let count = 1;
      while (text[at + 1] === '\\') {
        count++;
        at++;
      }
      if (text[at + 1] === '"') {
        current += '\\'.repeat(Math.floor(count / 2));
        if (count % 2 === 1) {
          current += '"';
          at++;
        }
      } else current += '\\'.repeat(count);
      isOpen = true;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      isOpen = true;
    } else if ((char === ' ' || char === '\t') && !isQuoted) {
      if (isOpen) args.push(current);
      current = '';
      isOpen = false;
    } else {
      current += char;
      isOpen = true;
    }
  }
  if (isOpen) args.push(current);
  return args;
};
