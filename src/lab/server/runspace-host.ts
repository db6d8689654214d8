/**
 * The seam between the WinRM endpoint and whatever runs PowerShell behind it. The endpoint speaks WSMan and PSRP;
 * a `RunspaceHost` gets decoded pipelines and writes records to a sink. Values on both sides are CLIXML values
 * (`PsValue` of the clixml protocol folder).
 */
import type { PsValue } from '../../remote/protocol/clixml/values.ts';

/** Who opened a runspace. */
export type RunspaceInfo = {
  readonly shellId: string;
  /** Name of the session configuration; that of every Windows where it is absent. */
  readonly configuration?: string;
  /** Account as it authenticated, e.g. `LAB\\operator`. */
  readonly user: string;
  /** Logon type of the session: WinRM always gives a network logon (type 3) in session 0. */
  readonly logon: 'network';
};

/** The simulated machine as the endpoint sees it. */
export interface RunspaceHost {
  /**
   * Starts the process (wsmprovhost) that serves one shell.
   * @throws Error when the host cannot start one; the endpoint answers the Create with a fault
   */
  openRunspace(info: RunspaceInfo): HostRunspace;
}

/** One runspace in its own simulated process; pipelines come one after another, never two at once. */
export interface HostRunspace {
  readonly processId: number;
  /** Entries of `$PSVersionTable`, sent to the client as private data when the runspace opens. */
  readonly versionTable: Readonly<Record<string, string>>;
  /** Starts a pipeline. Must not throw for script faults: those end as `{ state: 'failed' }`. */
  run(pipeline: HostPipeline, sink: PipelineSink): RunningPipeline;
  /** The client deleted the shell, or it idled out: end the process. */
  close(): void;
  /** Resolves when the process ended by itself or the machine restarted; the endpoint then drops shell and connections. */
  readonly killed: Promise<void>;
}

/** A pipeline as the client sent it. */
export type HostPipeline = {
  /** Statements in order; each is a chain of commands joined by `|`. Mostly one statement with one script. */
  readonly statements: readonly (readonly HostCommand[])[];
  /** Objects piped in; undefined if the client said there are none. */
  readonly input: AsyncIterable<PsValue> | undefined;
};

/** One command of a statement. */
export type HostCommand = {
  /** Script text if `isScript`, else a command name. */
  readonly text: string;
  readonly isScript: boolean;
  /** Scope asked for; undefined is PowerShell's default for the kind of command. */
  readonly useLocalScope: boolean | undefined;
  /** In order; without a name: positional. A switch has value `true` or null. */
  readonly arguments: readonly { readonly name: string | undefined; readonly value: PsValue }[];
  /** True if the client merged the error stream into output. */
  readonly mergeErrors: boolean;
};

/** Where an error arose in the script text. */
type HostErrorPosition = {
  readonly scriptName?: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based column. */
  readonly offset: number;
  /** The source line. */
  readonly text: string;
};

/** An ErrorRecord that the host writes or that ends a pipeline. */
export type HostErrorRecord = {
  readonly message: string;
  readonly fullyQualifiedErrorId: string;
  /** ErrorCategory value, 0 NotSpecified … 31. */
  readonly category: number;
  readonly categoryActivity?: string;
  readonly categoryReason?: string;
  readonly targetName?: string;
  readonly targetType?: string;
  /** Type names of the exception, most derived first, e.g. `System.IO.FileNotFoundException`. */
  readonly exceptionTypes: readonly string[];
  /** Signed or unsigned 32-bit HRESULT of the exception. */
  readonly hresult?: number;
  readonly position?: HostErrorPosition;
  readonly stackTrace?: string;
};

/** Where a running pipeline writes; calls after the pipeline's end are ignored. */
export interface PipelineSink {
  output(value: PsValue): void;
  error(record: HostErrorRecord): void;
  warning(message: string): void;
  verbose(message: string): void;
  debug(message: string): void;
  information(record: { readonly data: PsValue; readonly source: string; readonly tags: readonly string[] }): void;
  progress(record: HostProgressRecord): void;
}

/** One `Write-Progress`. */
type HostProgressRecord = {
  readonly activity: string;
  readonly activityId: number;
  readonly parentActivityId: number;
  readonly status: string;
  readonly currentOperation: string;
  /** -1 unknown, else 0 to 100. */
  readonly percent: number;
  /** -1 unknown. */
  readonly secondsRemaining: number;
  readonly completed: boolean;
};

/** A pipeline under way. */
export interface RunningPipeline {
  /** Never rejects for script faults; a rejection is a fault of the host itself and breaks the shell. */
  readonly done: Promise<PipelineEnd>;
  /** Asks the pipeline to stop at its next interruptible point; `done` then gives `stopped`. */
  stop(): void;
}

/** How a pipeline ended. */
export type PipelineEnd =
  | { readonly state: 'completed' }
  /** `stackTrace`: where the script was when it was asked to stop, as that of an error. */
  | { readonly state: 'stopped'; readonly stackTrace?: string }
  | { readonly state: 'failed'; readonly error: HostErrorRecord };
