import { absolutePath } from '../machine/files/paths.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { sayCmd } from '../texts/say.ts';
import { messageOf } from '../texts/system-messages.ts';
import { decodeText, encodeText } from '../types/text-codec.ts';
import { builtIns } from './built-ins.ts';
import { CmdExit, type CmdStreams } from './cmd-streams.ts';
import {
  CmdSyntaxError,
  type CommandList,
  expandPercent,
  type GroupCommand,
  type Pipeline,
  type Redirection,
  readCommandLine,
  type SimpleCommand,
} from './command-line.ts';
import { runExternal } from './external-programs.ts';

/** One cmd.exe: its folder, its variables (those of its process) and the exit code of the last command. */
export class CmdSession {
  readonly machine: Machine;
  readonly process: SimulatedProcess;
  /** Code page of the console. */
  codepage: number;
  folder: string;
  exitCode = 0;

  constructor(machine: Machine, process: SimulatedProcess, options: { folder: string; codepage: number }) {
    this.machine = machine;
    this.process = process;
    this.folder = options.folder;
    this.codepage = options.codepage;
  }

  /** Runs a command line. @returns the exit code */
  async run(text: string, streams: CmdStreams): Promise<number> {
    try {
      await this.runList(readCommandLine(expandPercent(text, (name) => this.variable(name))), streams);
      return this.exitCode;
    } catch (error) {
      if (error instanceof CmdExit) return error.code;
      if (!(error instanceof CmdSyntaxError)) throw error;
      streams.error(this.encode(`${sayCmd(this.machine, error.message)}\r\n`));
      return 255;
    }
  }

  async runList(list: CommandList, streams: CmdStreams): Promise<void> {
    for (const { after, pipeline } of list) {
      const skipped = (after === '&&' && this.exitCode !== 0) || (after === '||' && this.exitCode === 0);
      if (!skipped && !this.process.ended.fired) await this.#runPipeline(pipeline, streams);
    }
  }

  /** Text of a command as its bytes on the console. */
  encode(text: string): Uint8Array {
    return encodeText(text, { codePage: this.codepage, mark: false });
  }

  decode(bytes: Uint8Array): string {
    return decodeText(bytes, this.codepage, false);
  }

  /** A path as this session means it. */
  path(text: string): string {
    return absolutePath(text.replaceAll('"', ''), this.folder);
  }

  /** Value of a variable, also of those that cmd.exe computes. */
  variable(name: string): string | undefined {
    const upper = name.toUpperCase();
    const own = this.process.environment.get(upper)?.value;
    if (own !== undefined) return own;
    if (upper === 'CD') return this.folder;
    if (upper === 'ERRORLEVEL') return String(this.exitCode);
    return undefined;
  }

  /** The commands of a pipe run one after another: the output of each is the input of the next. */
  async #runPipeline(pipeline: Pipeline, streams: CmdStreams): Promise<void> {
    let { input } = streams;
    for (const [index, command] of pipeline.entries()) {
      const isLast = index === pipeline.length - 1;
      const passed: Uint8Array[] = [];
      const out = isLast ? streams.out : (bytes: Uint8Array) => void passed.push(bytes);
      await this.#runRedirected(command, { input, out, error: streams.error });
      input = () => Promise.resolve(Buffer.concat(passed));
    }
  }

  async #runRedirected(command: SimpleCommand | GroupCommand, streams: CmdStreams): Promise<void> {
    try {
      const { opened, finish } = this.#redirect(command.redirections, streams);
      if (command.kind === 'group') await this.runList(command.list, opened);
      else this.exitCode = await this.#runSimple(command, opened);
      finish();
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      streams.error(this.encode(`${sayCmd(this.machine, messageOf(error.code))}\r\n`));
      this.exitCode = 1;
    }
  }

  async #runSimple({ name, rest }: SimpleCommand, streams: CmdStreams): Promise<number> {
    if (name === '') return this.exitCode;
    const builtIn = builtIns[name.toLowerCase()];
    return builtIn ? ((await builtIn(this, rest, streams)) ?? 0) : await runExternal(this, name, rest, streams);
  }

  #redirect(redirections: readonly Redirection[], streams: CmdStreams): { opened: CmdStreams; finish: () => void } {
    const writers = { 1: streams.out, 2: streams.error };
    let { input } = streams;
    const files: (() => void)[] = [];
    for (const { stream, to } of redirections) {
      if (to.kind === 'stream') {
        if (stream !== 0) writers[stream] = writers[to.stream];
      } else if (stream === 0) {
        const bytes = isNul(to.path)
          ? new Uint8Array()
          : this.machine.files.read(this.machine.files.get(this.path(to.path)));
        input = () => Promise.resolve(bytes);
      } else if (isNul(to.path)) writers[stream] = () => undefined;
      else {
        const { write, close } = this.#openFile(this.path(to.path), to.append);
        writers[stream] = write;
        files.push(close);
      }
    }
    const opened = { input, out: writers[1], error: writers[2] };
    return { opened, finish: () => files.forEach((close) => close()) };
  }

  /** The file is there at once; its content follows when the command is over. */
  #openFile(path: string, append: boolean): { write: (bytes: Uint8Array) => void; close: () => void } {
    const { files } = this.machine;
    const there = files.find(path);
    const parts: Uint8Array[] = append && there ? [files.read(there)] : [];
    void files.write(path, Buffer.concat(parts), this.process.pid);
    return {
      write: (bytes) => void parts.push(bytes),
      close: () => void files.write(path, Buffer.concat(parts), this.process.pid),
    };
  }
}

const isNul = (path: string): boolean => /^nul:?$/iu.test(path);
