import type {
  CmdCommand,
  CmdHost,
  CmdShellInfo,
  CmdSink,
  HostCmdShell,
  RunningCmd,
} from '../../src/lab/server/cmd-host.ts';

/** A command that runs until the test ends it, or it is killed. */
export type FakeCmd = CmdCommand & {
  readonly sink: CmdSink;
  readonly end: (code: number) => void;
  killed: boolean;
};

/** A host whose programs do what the test does. Without `cmd /c` it knows no program. */
export class FakeCmdHost implements CmdHost {
  readonly opened: CmdShellInfo[] = [];
  readonly commands: FakeCmd[] = [];
  closed = 0;

  openCmdShell(info: CmdShellInfo): HostCmdShell {
    this.opened.push(info);
    return {
      processId: 77,
      killed: new Promise(() => undefined),
      close: () => void this.closed++,
      run: (command, sink) => this.#run(command, sink),
    };
  }

  #run(command: CmdCommand, sink: CmdSink): RunningCmd | undefined {
    if (command.skipCmdShell) return undefined;
    let resolve: (code: number) => void = () => undefined;
    const done = new Promise<number>((settle) => {
      resolve = settle;
    });
    const fake: FakeCmd = { ...command, sink, end: (code) => resolve(code), killed: false };
    this.commands.push(fake);
    const kill = () => {
      fake.killed = true;
      resolve(-1);
    };
    return { done, kill };
  }
}
