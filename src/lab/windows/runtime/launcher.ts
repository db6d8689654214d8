import { Failure } from '../../../kernel/failure.ts';
import type { CallContext } from '../../evaluator/host.ts';
import type { PipelineCommand, Sink } from '../../evaluator/pipeline.ts';
import { silentSink } from '../../evaluator/streams.ts';
import type { ErrorRecord } from '../../evaluator/value.ts';
import { parentOf } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { driveProgram } from '../programs/launch.ts';
import { isOutside } from '../programs/outside-programs.ts';
import { splitArguments } from '../programs/program.ts';
import { findProgram } from '../programs/programs.ts';
import { refuseMember } from '../types/outside.ts';
import { openLanguage } from './language-host.ts';
import { mayRunFiles, scriptText, setProcessPolicy } from './script-files.ts';

/** What a command line of powershell.exe asks for. */
export type ShellRequest =
  | { readonly kind: 'command'; readonly text: string; readonly policy: string | undefined }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly args: readonly string[];
      readonly policy: string | undefined;
    }
  | { readonly kind: 'wrong'; readonly option: string };

const isOption = (arg: string, name: string, shortest: number): boolean => {
  const word = arg.replace(/^[-/]/, '').toLowerCase();
  return word !== arg.toLowerCase() && word.length >= shortest && name.startsWith(word);
};

/** Reads the command line of powershell.exe (without the program): everything behind -Command is the script. */
export const readShellRequest = (args: string): ShellRequest => {
  const list = splitArguments(args);
  let policy: string | undefined;
  for (let at = 0; at < list.length; at++) {
    const arg = list[at] ?? '';
    if (isOption(arg, 'executionpolicy', 2) || /^[-/]ep$/i.test(arg)) policy = list[++at];
    else if (isOption(arg, 'encodedcommand', 1) || /^[-/]ec$/i.test(arg))
      return { kind: 'command', policy, text: Buffer.from(list[at + 1] ?? '', 'base64').toString('utf16le') };
    else if (isOption(arg, 'command', 1)) return { kind: 'command', policy, text: list.slice(at + 1).join(' ') };
    else if (isOption(arg, 'file', 1))
      return { kind: 'file', path: list[at + 1] ?? '', args: list.slice(at + 2), policy };
    else if (
      isOption(arg, 'windowstyle', 1) ||
      isOption(arg, 'inputformat', 2) ||
      isOption(arg, 'outputformat', 1) ||
      isOption(arg, 'version', 1)
    )
      at++;
    else if (
      isOption(arg, 'noprofile', 3) ||
      isOption(arg, 'noninteractive', 4) ||
      isOption(arg, 'nologo', 3) ||
      isOption(arg, 'sta', 2) ||
      isOption(arg, 'mta', 3)
    )
      continue;
    else if (/^[-/]/.test(arg)) return { kind: 'wrong', option: arg };
    else return { kind: 'command', policy, text: list.slice(at).join(' ') };
  }
  return { kind: 'command', policy, text: '' };
};

const fileArguments = (args: readonly string[]): { name?: string; value: string | boolean }[] => {
  const made: { name?: string; value: string | boolean }[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const named = /^-(\w+):?$/.exec(arg)?.[1];
    const next = args[at + 1];
    if (named === undefined) made.push({ value: arg });
    else if (next === undefined || /^-[A-Za-z]/.test(next)) made.push({ name: named, value: true });
    else {
      made.push({ name: named, value: next });
      at++;
    }
  }
  return made;
};

/** Where what a script writes goes, and where it starts. */
type ShellConsole = {
  readonly folder?: string;
  readonly sink: (context: CallContext) => Sink;
  /** Told of the error that ended the script. */
  readonly failed: (record: ErrorRecord, context: CallContext) => void;
};

/** Nobody reads what the script writes; what the lab cannot run of it is told to whoever works with the machine. */
const nowhere = (machine: Machine): ShellConsole => ({
  sink: () => silentSink,
  failed: ({ id, exception }) => {
    if (id === 'LabUnsupported') machine.outside.tell(new Failure('lab-unsupported', exception.message));
  },
});

/** Evaluates a script in a process of the machine, in something else than the simulator. @returns the exit code */
export type ShellEngine = (machine: Machine, process: SimulatedProcess, script: ShellScript) => Promise<number>;

/** A script that powershell.exe was started with. */
export type ShellScript = {
  readonly text: string;
  /** The script's file, where it is one. */
  readonly path: string | undefined;
  readonly args: readonly { readonly name?: string; readonly value: string | boolean }[];
};

const readScript = (machine: Machine, request: Exclude<ShellRequest, { kind: 'wrong' }>): ShellScript | undefined => {
  if (request.kind === 'command') return { text: request.text, path: undefined, args: [] };
  const text = scriptText(machine, request.path);
  return text === undefined ? undefined : { text, path: request.path, args: fileArguments(request.args) };
};

/** Runs powershell.exe in a process that is there already, with the engine where one is given. @returns its exit code */
export const runShell = async (
  machine: Machine,
  process: SimulatedProcess,
  request: ShellRequest,
  console: ShellConsole = nowhere(machine),
  engine?: ShellEngine,
): Promise<number> => {
  if (request.kind === 'wrong') return 0xfffd0000 | 0;
  if (request.policy !== undefined) setProcessPolicy(process, request.policy);
  const script = readScript(machine, request);
  if (script === undefined) return 0xfffd0000 | 0;
  if (request.kind === 'file' && !mayRunFiles(machine, process)) return 1;
  if (engine) return await engine(machine, process, script);
  const runspace = openLanguage(machine, process);
  const { folder } = console;
  if (folder !== undefined) {
    const parameters = [{ name: 'LiteralPath', value: folder }];
    await runspace.run([{ text: 'Set-Location', isScript: false, parameters }], silentSink).done;
  }
  if (script.path !== undefined) {
    runspace.setVariable('PSCommandPath', script.path);
    runspace.setVariable('PSScriptRoot', parentOf(script.path));
  }
  const command: PipelineCommand = { text: script.text, isScript: true, parameters: script.args };
  const running = runspace.run([command], console.sink(runspace.context));
  const ignore = process.ended.listen(() => running.kill());
  const end = await running.done;
  ignore();
  if (end.kind === 'completed') return end.exitCode ?? (end.hadErrors && request.kind === 'command' ? 1 : 0);
  if (end.kind === 'failed') console.failed(end.error, runspace.context);
  return 1;
};

/** Runs powershell.exe for somebody who reads what it writes. @throws where it writes anything: how it would look is not simulated */
const runReadShell = async (
  machine: Machine,
  process: SimulatedProcess,
  request: ShellRequest,
  engine: ShellEngine | undefined,
): Promise<number> => {
  let hasWritten = false;
  const note = (): void => {
    hasWritten = true;
  };
  const { failed } = nowhere(machine);
  const listening: ShellConsole = {
    sink: () => ({ ...silentSink, output: note, error: note, warning: note }),
    failed: (record, context) => {
      failed(record, context);
      note();
    },
  };
  const code = await runShell(machine, process, request, listening, engine);
  if (hasWritten) refuseMember('the output of powershell.exe as a program');
  return code;
};

const shellPath = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

const isShell = (execute: string): boolean => /(^|\\)powershell(\.exe)?$/i.test(execute.replaceAll('"', ''));

/** Lets the task scheduler of a machine run command lines: powershell.exe (in the engine, where one is given) and the native programs. */
export const installLauncher = (machine: Machine, engine?: ShellEngine): void => {
  machine.tasks.launcher = {
    find: (execute) => {
      if (isShell(execute)) return shellPath;
      const path = findProgram(execute, machine)?.path;
      const file = execute.replaceAll('"', '');
      const isThere = /^[a-z]:\\/i.test(file) && machine.files.find(file)?.isFolder === false;
      if (path === undefined && (isThere || isOutside(execute))) refuseMember(`the program ${execute} as a task`);
      return path;
    },
    run: async (process, execute, args, isRead) => {
      if (isShell(execute) && isRead) return await runReadShell(machine, process, readShellRequest(args), engine);
      if (isShell(execute)) return await runShell(machine, process, readShellRequest(args), nowhere(machine), engine);
      const program = findProgram(execute, machine);
      const sink = { line: () => undefined, errorLine: () => undefined };
      return program ? await driveProgram(machine, process, program, splitArguments(args), sink) : 0x80070002 | 0;
    },
  };
};
