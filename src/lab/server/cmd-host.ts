/** The seam between the endpoint's cmd shells (WinRS) and whatever runs programs behind them. */

/** What a cmd shell is opened with. */
export type CmdShellInfo = {
  readonly shellId: string;
  /** Account as it authenticated. */
  readonly user: string;
  /** Folder in which programs start; the account's own by default. */
  readonly workingDirectory?: string;
  /** Variables besides those of the account. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** Code page of the console; that of the system by default. */
  readonly codepage?: number;
};

/** A command line. */
export type CmdCommand = {
  readonly command: string;
  readonly arguments: readonly string[];
  /** True starts the program itself instead of `cmd /c`; its name must then be a path. */
  readonly skipCmdShell: boolean;
  /** What the client sends to its standard input, until its end. */
  readonly input: AsyncIterable<Uint8Array>;
};

/** Where a program writes. */
export type CmdSink = {
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
};

/** A command under way. */
export type RunningCmd = {
  /** Gives the exit code; never rejects. */
  readonly done: Promise<number>;
  /** Ends it with all that it started, as Ctrl+C and the end of the shell do. */
  kill(): void;
};

/** The process behind one cmd shell. */
export type HostCmdShell = {
  readonly processId: number;
  /** Starts a command. @returns undefined if there is no such program: only without `cmd /c`, which tells by its exit code */
  run(command: CmdCommand, sink: CmdSink): RunningCmd | undefined;
  /** The client deleted the shell, or it idled out. */
  close(): void;
  /** Resolves when the process ended by itself or the machine restarted. */
  readonly killed: Promise<void>;
};

/** The simulated machine as cmd shells see it. */
export interface CmdHost {
  /** @throws Error when the host cannot start one */
  openCmdShell(info: CmdShellInfo): HostCmdShell;
}
