import type { CallContext, InformationRecord, ProgressRecord } from './host.ts';
import type { ErrorRecord, Invocation, Value } from './value.ts';

/** Limits of a runspace; reaching one is a terminating error that says which. */
export type Limits = {
  /** Nested calls (default 400). */
  readonly depth?: number;
  /** Evaluated steps per pipeline (default 50 million). */
  readonly steps?: number;
  /** Bytes that a pipeline may hold beyond what was held when it began (default 1 GiB, at most half of what Node may have). */
  readonly memoryBytes?: number;
  /** Longest time without letting other work run, in ms (default 5). */
  readonly sliceMs?: number;
};

/** One command of a pipeline sent by a client (as in PSRP's CREATE_PIPELINE). */
export type PipelineCommand = {
  /** Script text, or a command name. */
  readonly text: string;
  readonly isScript: boolean;
  /** Run a script in a child scope; default false (dot-sourced as PSRP does). */
  readonly useLocalScope?: boolean;
  /** Named (`name` without dash) and positional arguments. */
  readonly parameters?: readonly { readonly name?: string; readonly value: Value }[];
  readonly mergeErrors?: boolean;
};

/** Where a pipeline's streams go. Called in order, never re-entered. */
export type Sink = {
  output(value: Value): void;
  error(record: ErrorRecord): void;
  warning(text: string, invocation?: Invocation): void;
  verbose(text: string, invocation?: Invocation): void;
  debug(text: string, invocation?: Invocation): void;
  information(record: InformationRecord): void;
  progress(record: ProgressRecord): void;
};

/** How a pipeline ended. `failed` carries the error that ended it (not repeated in `sink.error`). */
export type PipelineEnd =
  | { readonly kind: 'completed'; readonly hadErrors: boolean; readonly exitCode?: number }
  /** `stack`: where the script was when it was asked to stop, as `ScriptStackTrace` shows it. */
  | { readonly kind: 'stopped'; readonly stack?: string }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

/** A pipeline under way. `done` never rejects. */
export type RunningPipeline = {
  readonly done: Promise<PipelineEnd>;
  /** Ends the script: its `finally` blocks run. Resolves when it has ended. */
  stop(): Promise<void>;
  /** The process ended: the script is abandoned at once, without its `finally` blocks, even while it is held. */
  kill(): void;
};

/** A session in which functions and variables stay between pipelines; one pipeline runs at a time. */
export type Runspace = {
  /** Starts a pipeline. `input` are the objects piped into the first command. */
  run(
    commands: readonly PipelineCommand[],
    sink: Sink,
    input?: Iterable<Value> | AsyncIterable<Value>,
  ): RunningPipeline;
  /**
   * Runs a module's text (.psm1) in a scope of its own and puts the functions that it exports into the session; while no pipeline runs.
   * @throws PowerShellError what ended the module's own script
   */
  importModule(text: string, file: string): Promise<void>;
  /** Sets a global variable. */
  setVariable(name: string, value: Value): void;
  getVariable(name: string): Value;
  /** Where the running pipeline is, as `ScriptStackTrace` shows it; empty where none runs. */
  stackTrace(): string;
  /** Conversions and properties in the global scope, usable between and during pipelines. */
  readonly context: CallContext;
};
