import type { CmdCommand, CmdHost, CmdShellInfo, CmdSink, HostCmdShell, RunningCmd } from '../../server/cmd-host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { tokenOf } from '../machine/users/logon-token.ts';
import { codePagesOf } from '../types/text-codec.ts';
import { CmdSession } from './cmd-session.ts';
import { isProgram } from './external-programs.ts';

/** The machine as cmd shells see it: each shell is a winrshost process, each command a cmd.exe below it. */
export const createCmdHost = (machine: Machine): CmdHost => ({
  openCmdShell: (info: CmdShellInfo): HostCmdShell => {
    if (machine.power.state === 'down') throw new Error('the machine is down');
    const known = machine.accountOf(info.user);
    if (!known) throw new Error(`no account ${info.user} on ${machine.name}`);
    const account = tokenOf(machine, known, 'network');
    const environment = machine.newEnvironment(account);
    environment.set('PROMPT', { name: 'PROMPT', value: '$P$G' });
    for (const [name, value] of info.environment) environment.set(name.toUpperCase(), { name, value });
    const process = machine.processes.start({
      name: 'winrshost',
      path: 'C:\\Windows\\System32\\winrshost.exe',
      commandLine: 'C:\\Windows\\system32\\WinrsHost.exe -Embedding',
      account,
      environment,
      parentPid: machine.services.find('WinRM')?.pid ?? 4,
    });
    return new CmdShellProcess(machine, process, info);
  },
});

class CmdShellProcess implements HostCmdShell {
  readonly killed: Promise<void>;
  readonly #machine: Machine;
  readonly #process: SimulatedProcess;
  readonly #info: CmdShellInfo;

  constructor(machine: Machine, process: SimulatedProcess, info: CmdShellInfo) {
    this.#machine = machine;
    this.#process = process;
    this.#info = info;
    this.killed = new Promise((resolve) => {
      process.ended.listen(resolve);
    });
  }

  get processId(): number {
    return this.#process.pid;
  }

  run(command: CmdCommand, sink: CmdSink): RunningCmd | undefined {
    const quoted = command.command.replaceAll('"', '');
    if (command.skipCmdShell && !isProgram(quoted)) return undefined;
    const machine = this.#machine;
    const parts = [command.skipCmdShell ? `"${quoted}"` : command.command, ...command.arguments];
    const line = parts.join(' ');
    const process = machine.processes.start({
      name: 'cmd',
      path: 'C:\\Windows\\System32\\cmd.exe',
      commandLine: `C:\\Windows\\system32\\cmd.exe /C ${line}`,
      account: this.#process.account,
      environment: new Map(this.#process.environment),
      parentPid: this.#process.pid,
    });
    const home = process.environment.get('USERPROFILE')?.value ?? 'C:\\';
    const session = new CmdSession(machine, process, {
      folder: this.#info.workingDirectory ?? (machine.files.exists(home) ? home : 'C:\\Windows\\system32'),
      codepage: this.#info.codepage ?? codePagesOf(machine).oem,
    });
    const stopRunning = machine.clock.runCall(process.pid);
    process.ended.listen(stopRunning);
    const end = (code: number) => {
      if (machine.processes.get(process.pid) === process) void machine.processes.end(process.pid, code);
    };
    const ignore = this.#process.ended.listen(() => end(1));
    process.ended.listen(ignore);
    const streams = { input: readOnce(command.input), out: sink.stdout, error: sink.stderr };
    return { done: this.#finish(session, line, streams, end), kill: () => end(controlC) };
  }

  async #finish(
    session: CmdSession,
    line: string,
    streams: Parameters<CmdSession['run']>[1],
    end: (code: number) => void,
  ): Promise<number> {
    const { process } = session;
    const ended = new Promise<void>((resolve) => {
      process.ended.listen(resolve);
    });
    const isOver = (write: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      if (!process.ended.fired) write(bytes);
    };
    const guarded = { ...streams, out: isOver(streams.out), error: isOver(streams.error) };
    try {
      const code = await Promise.race([session.run(line, guarded), ended]);
      if (code === undefined) return process.exitCode ?? 1;
      end(code);
      return code;
    } catch (error) {
      streams.error(session.encode(`The lab itself failed: ${String(error)}\r\n`));
      end(1);
      return 1;
    }
  }

  close(): void {
    if (this.#machine.processes.get(this.#process.pid) === this.#process)
      void this.#machine.processes.end(this.#process.pid, 0);
  }
}

/** STATUS_CONTROL_C_EXIT. */
const controlC = 0xc000013a | 0;

/** All of standard input, for whoever asks first; nothing for those after. */
const readOnce = (input: AsyncIterable<Uint8Array>): (() => Promise<Uint8Array>) => {
  let taken = false;
  return async () => {
    if (taken) return new Uint8Array();
    taken = true;
    const parts: Uint8Array[] = [];
    for await (const part of input) parts.push(part);
    return Buffer.concat(parts);
  };
};
