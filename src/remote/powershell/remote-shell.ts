import { Failure } from '../../kernel/failure.ts';
/** A secret value: it shows its text only when asked. `Secret` of the kernel is one. */
export interface Revealable {
  /** The clear text; only a transport calls it, when it encrypts the value. */
  reveal(): string;
}

/** A typed value handed to a script: no text is ever spliced into PowerShell. Plain objects arrive as Hashtable, secrets as SecureString. */
export type PsInput =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | Revealable
  | readonly PsInput[]
  | { readonly [name: string]: PsInput };

/** One call: a whole script with named parameters, or one command by name. */
export type RemoteCall =
  | {
      readonly kind: 'script';
      /** Complete PowerShell text; a `param()` block receives `parameters`. */
      readonly text: string;
      readonly parameters?: Readonly<Record<string, PsInput>>;
      /** True runs the script in its own scope; default false (functions that it defines stay in the session). */
      readonly useLocalScope?: boolean;
    }
  | { readonly kind: 'command'; readonly name: string; readonly parameters?: Readonly<Record<string, PsInput>> };

/** Where in a script an error arose. */
type ScriptPosition = {
  /** File or block name; absent for text sent as a script. */
  readonly scriptName?: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based column. */
  readonly offset: number;
  /** The offending source line as PowerShell reports it. */
  readonly text?: string;
};

/** A PowerShell ErrorRecord as plain data. */
export type ScriptErrorRecord = {
  readonly message: string;
  /** FullyQualifiedErrorId, e.g. `PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand`. */
  readonly fqid: string;
  /** Name of the ErrorCategory, e.g. `ObjectNotFound`; language-neutral. */
  readonly category: string;
  readonly reason?: string;
  readonly targetName?: string;
  /** Full type name of the exception. */
  readonly exceptionType?: string;
  /** The exception's HRESULT as an unsigned 32-bit number, where the host sent it. */
  readonly hresult?: number;
  readonly position?: ScriptPosition;
  readonly stackTrace?: string;
};

/** A record of any stream but output, in the order the host wrote it. */
export type StreamRecord =
  | { readonly kind: 'error'; readonly error: ScriptErrorRecord }
  | { readonly kind: 'warning' | 'verbose' | 'debug'; readonly message: string }
  | {
      readonly kind: 'information';
      readonly message: string;
      readonly data: unknown;
      readonly tags: readonly string[];
      readonly source?: string;
    }
  | {
      readonly kind: 'progress';
      readonly activity: string;
      readonly activityId: number;
      readonly status?: string;
      /** 0 to 100; absent where unknown. */
      readonly percent?: number;
      readonly completed: boolean;
    };

/** What a call that Completed left behind. */
export type RemoteResult = {
  /** Output objects as plain JavaScript values, in order. */
  readonly output: readonly unknown[];
  /** Non-terminating errors, in order. */
  readonly errors: readonly ScriptErrorRecord[];
  /** True if any error was written. */
  readonly hadErrors: boolean;
};

/** Limits and observers of one call. */
export type InvokeOptions = {
  /** Longest duration of the call in ms; then the pipeline is stopped and the call fails `timed-out`. */
  readonly timeoutMs?: number;
  /** Longest time in ms without any record or output from the script; then as `timeoutMs`. */
  readonly silenceMs?: number;
  /**
   * Aborting stops the pipeline on the host, then the call rejects with the signal's reason. If the host does not confirm the stop, it fails
   * `dropped` with that reason as its cause: the script may still run.
   */
  readonly signal?: AbortSignal;
  /** Called for each record as it arrives; a throw in it fails the call. */
  readonly onStream?: (record: StreamRecord) => void;
};

/** What is known about an open session. */
export type ShellInfo = {
  readonly host: string;
  /** The session's id on the host; a killed client's session can be looked up by it. */
  readonly shellId: string;
  readonly transport: 'winrm' | 'bridge' | 'ssh' | 'local';
  /** Authentication mechanism, e.g. `negotiate`, `basic`. */
  readonly mechanism: string;
  /** True if bodies are sealed by the mechanism itself (always so over plain HTTP unless refused by setting). */
  readonly sealed: boolean;
  /** `$PSVersionTable.PSVersion` of the host, where it said so. */
  readonly psVersion?: string;
  /** Negotiated remoting protocol version, e.g. `2.3`, where the host said so. */
  readonly protocolVersion?: string;
  /** Largest envelope that both sides take, bytes; absent where the transport has none. */
  readonly envelopeBytes?: number;
};

/** An open PowerShell runspace on a host, reached by any transport. Calls run one after another in one runspace. */
export interface RemoteShell extends AsyncDisposable {
  /**
   * Runs one command or script in the session's runspace and resolves when its pipeline ended Completed.
   * @throws Failure `unreachable`, `unauthenticated`, `forbidden`, `timed-out`, `dropped` (it may have run), `script-error`
   *   (terminating error; `facts.error` is its ScriptErrorRecord) or `protocol-error`
   */
  invoke(call: RemoteCall, options?: InvokeOptions): Promise<RemoteResult>;
  /** What is known of the session so far. */
  readonly info: ShellInfo;
  /** Asks the host for what `info` can tell and does not know yet. @throws Failure as `invoke` */
  describe(): Promise<ShellInfo>;
  /**
   * True when the limits of the host allow few further calls in this session, or none: it is to be replaced, between two calls, where its
   * state can be made anew (see renewable-shell.ts).
   */
  readonly exhausted: boolean;
  /** Ends the session on the host and releases every socket and timer; never throws, may be called twice. */
  close(): Promise<void>;
}

/** Facts of a Failure with code `script-error`. */
export type ScriptErrorFacts = { readonly error: ScriptErrorRecord; readonly errors: readonly ScriptErrorRecord[] };

const isScriptError = (facts: Readonly<Record<string, unknown>>): facts is ScriptErrorFacts => 'error' in facts;

/** The terminating error that a call ended with; null where something else ended it. */
export const scriptErrorOf = (thrown: unknown): ScriptErrorRecord | null =>
  thrown instanceof Failure && thrown.code === 'script-error' && isScriptError(thrown.facts)
    ? thrown.facts.error
    : null;
