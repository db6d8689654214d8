/**
 * The extension interface of the PowerShell evaluator: everything that a simulated Windows adds to the language.
 * An `Extension` is a bag of cmdlets, types, enums, COM classes, drives and programs, usually built by a function that closes over
 * the simulated machine: `const services = (machine: Machine): Extension => ({ cmdlets: [...], types: [...] })`.
 *
 * Values are described in value.ts, made with the functions of make.ts (`int64`, `double`, `newObject`, `customObject`, `dateTime`…) and
 * defined with define.ts (`defineCmdlet`, `defineType`, `defineEnum`). Cmdlets and programs are generator functions:
 * `yield promise` holds the script until the promise settles; nothing else is ever yielded by hand.
 */

import type { ScriptBlock } from './script-block.ts';
import type { EnumDefinition, TypeDefinition } from './type-definition.ts';
import type { ErrorCategory, ErrorRecord, Exception, Invocation, Value } from './value.ts';

/** What a running script may wait for: a promise, or `undefined` to let other work run. */
export type Pause = Promise<unknown> | undefined;

/** A piece of work that may be held and that is cut short (its `finally` runs) when the pipeline is stopped. */
export type Task<T> = Generator<Pause, T, unknown>;

/** A script file that was found. */
type ScriptFile = { readonly text: string; readonly path: string };

/** What a simulated host adds to the language. Later extensions win over earlier ones and over the built-in cmdlets and types. */
export type Extension = {
  readonly cmdlets?: readonly CmdletDefinition[];
  readonly types?: readonly TypeDefinition[];
  readonly enums?: readonly EnumDefinition[];
  /** Exception types: full name → base type and default HResult (signed 32-bit). */
  readonly exceptions?: Readonly<Record<string, { readonly base: string; readonly hresult?: number }>>;
  /** COM classes for `New-Object -ComObject`: ProgID → maker. */
  readonly comObjects?: Readonly<Record<string, (context: CallContext) => Value | Task<Value>>>;
  readonly drives?: readonly DriveProvider[];
  /** Finds a native program by the name a script used (`sc.exe`, `C:\Windows\System32\sc.exe`, `dism`). */
  readonly resolveProgram?: (name: string) => Program | undefined;
  /** The text of a script file (`& C:\\x\\body.ps1`, `. $path`) and its full path; throws what the execution policy says. */
  readonly readScript?: (path: string, context: CallContext) => ScriptFile | undefined;
  /** Aliases of commands (`gsv` → `Get-Service`); those of cmdlet definitions need not be repeated. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Variables every new runspace has, e.g. `PSVersionTable` overrides. */
  readonly variables?: Readonly<Record<string, Value>>;
  /** Names of commands that exist on Windows but are outside the lab: calling one is `LabUnsupported`, not "not recognized". */
  readonly knownCommands?: ReadonlySet<string>;
  /** As `knownCommands`, of features that a host need not have: Get-Command does not find them. */
  readonly featureCommands?: ReadonlySet<string>;
};

/** What the language needs from the machine it runs on. */
export type HostHooks = {
  readonly pid: number;
  /** Wall clock in ms since 1970-01-01 UTC (with the host's skew). */
  wallClockMs(): number;
  /** Minutes to add to UTC to get local time at a UTC instant. */
  utcOffsetMinutes(atUtcMs: number): number;
  /** Display id of the time zone, e.g. `UTC` or `Tokyo Standard Time`. */
  readonly timeZoneId: string;
  /** Simulated monotonic clock in ms (Stopwatch, uptime). */
  monotonicMs(): number;
  /** Skips time: Start-Sleep and long waits. May return a promise (a held change). */
  advance(ms: number): Promise<void> | undefined;
  /** A number in [0, 1). */
  random(): number;
  /** Environment variables of the process, e.g. `{ windir: 'C:\\Windows' }`; names are found without regard to case. */
  readonly environment: Environment;
  /** Working directory of a new runspace. */
  readonly homeLocation: string;
  /** Receives text written by the script to the host only (Write-Host still arrives as information record). */
  readonly culture: string;
  /** Messages of errors in the display language of the machine; absent: English. */
  readonly translate?: ((text: string) => string) | undefined;
  /** An error that ends the running script at its next statement, past every `catch`; it is given once. */
  readonly takeFault?: () => Error | undefined;
  /** Asked before each cmdlet: something to be done first. */
  readonly beforeCommand?: (name: string) => Task<void> | undefined;
};

/** Environment variables of a simulated process. */
export type Environment = {
  get(name: string): string | undefined;
  /** Sets, or removes with `undefined`. */
  set(name: string, value: string | undefined): void;
  entries(): Iterable<readonly [string, string]>;
};

// ─── cmdlets ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A simulated cmdlet. Make with `defineCmdlet`. */
export type CmdletDefinition = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Full .NET class, the second half of error ids: `Microsoft.PowerShell.Commands.GetServiceCommand`. */
  readonly className?: string;
  /** Module the cmdlet belongs to, e.g. `Microsoft.PowerShell.Management`. */
  readonly module?: string;
  /** `Function` for commands that are functions on Windows (CDXML); default `Cmdlet`. */
  readonly commandType?: 'Cmdlet' | 'Function';
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Names of parameters that the command has on Windows and the lab does not simulate: giving one is `LabUnsupported`. */
  readonly outside?: readonly string[];
  /** What of a call the lab does not simulate, by the values that it gives: such a call is `LabUnsupported`. */
  readonly outsideCall?: (given: GivenValues) => string | undefined;
  readonly defaultParameterSet?: string;
  readonly supportsShouldProcess?: boolean;
  /** Before the first input object; parameters from the pipeline are not bound yet. */
  readonly begin?: CmdletStep;
  /** Once per input object (once in all without pipeline input). */
  readonly process?: CmdletStep;
  readonly end?: CmdletStep;
  /** State shared by the three steps of one call: made anew for each call, found at `context.state`. */
  readonly createState?: () => unknown;
};

/** One step of a cmdlet. A plain function is allowed where nothing has to wait. */
export type CmdletStep = (context: CommandContext, bound: BoundParameters) => Task<void> | void;

/** What a parameter is in one parameter set, where that differs. */
export type ParameterRole = { position?: number; mandatory?: boolean; pipeline?: 'value' | 'name' | 'both' };

/** A parameter of a simulated cmdlet. */
export type ParameterDefinition = {
  /** PowerShell type text: `string`, `string[]`, `int`, `switch`, `scriptblock`, `object`, `object[]`, `hashtable`, `datetime`, or a full type name. */
  readonly type: string;
  readonly position?: number;
  readonly mandatory?: boolean;
  /** `value`: ValueFromPipeline; `name`: ValueFromPipelineByPropertyName; `both`. */
  readonly pipeline?: 'value' | 'name' | 'both';
  readonly remaining?: boolean;
  readonly aliases?: readonly string[];
  /** Parameter sets it belongs to; absent: all. A set's own settings: a record of overrides. */
  readonly sets?: readonly string[] | Readonly<Record<string, ParameterRole>>;
  readonly validateSet?: readonly string[];
  readonly validateRange?: readonly [number, number];
  /** Texts that it does not take, since a parameter of another set at its place means them. */
  readonly refuses?: RegExp;
  readonly allowNull?: boolean;
  readonly allowEmpty?: boolean;
};

/** The bound parameters of one call; names are found without regard to case. Values have the declared type. */
export type BoundParameters = {
  has(name: string): boolean;
  get(name: string): Value;
  /** The value as text; `undefined` when not bound. */
  text(name: string): string | undefined;
  /** The value as list of texts; empty when not bound. */
  texts(name: string): string[];
  /** The value as JavaScript number; `undefined` when not bound. */
  number(name: string): number | undefined;
  /** A switch: given and true. */
  flag(name: string): boolean;
  /** The value as list; empty when not bound. */
  list(name: string): Value[];
  script(name: string): ScriptBlock | undefined;
  entries(): Iterable<readonly [string, Value]>;
};

/** What can be asked of the values of a call, whether it runs or is only read. */
export type GivenValues = Pick<BoundParameters, 'has' | 'text' | 'texts' | 'flag'>;

/** What an error says. `id` is the first half of FullyQualifiedErrorId; the cmdlet's class name is added behind a comma. */
export type ErrorSpec = {
  readonly id: string;
  readonly message: string;
  readonly category: ErrorCategory;
  readonly target?: Value;
  /** Full .NET exception type (default `System.Exception`) or a finished exception. */
  readonly exception?: string | Exception;
  /** Signed or unsigned 32-bit HResult; default that of the exception type. */
  readonly hresult?: number;
  readonly reason?: string;
  readonly targetName?: string;
  readonly activity?: string;
};

/** A progress record. */
export type ProgressRecord = {
  readonly activity: string;
  readonly activityId: number;
  readonly parentId: number;
  readonly status: string;
  readonly currentOperation: string;
  readonly percent: number;
  readonly secondsRemaining: number;
  readonly type: 'Processing' | 'Completed';
};

/** A record of the information stream. */
export type InformationRecord = {
  readonly data: Value;
  readonly source: string;
  readonly tags: readonly string[];
  readonly timeTicks: bigint;
};

/** `$_`, piped objects and `$this` of a script block that is invoked. */
export type InvokeSettings = { underscore?: Value; input?: readonly Value[]; this?: Value };

/** Conversions and access to the session, for methods, constructors and cmdlets. */
export type CallContext = {
  readonly hooks: HostHooks;
  /** Text of a value as in a string (`"$x"`). */
  text(value: Value): string;
  /** `[type]$value`; throws the PowerShell conversion error. */
  convert(value: Value, type: string): Value;
  /** A property as `$value.name` gives it (null if absent). */
  property(value: Value, name: string): Value;
  isTrue(value: Value): boolean;
  /** Enumerates as the pipeline does. */
  enumerate(value: Value): Value[];
  /** `-eq` and ordering as the operators do them. */
  equals(a: Value, b: Value, options?: { caseSensitive?: boolean }): boolean;
  compare(a: Value, b: Value, options?: { caseSensitive?: boolean }): number;
  /** PowerShell wildcard match (`*`, `?`, `[a-c]`), case ignored. */
  like(text: string, pattern: string): boolean;
  getVariable(name: string): Value;
  setVariable(name: string, value: Value): void;
  /** The current location of file-system paths, e.g. `C:\Windows\system32`; set it for Set-Location. */
  location: string;
  /** Runs a script block and collects its output. */
  invoke(script: ScriptBlock, args?: readonly Value[], options?: InvokeSettings): Task<Value[]>;
  /** Calls a command by name with typed parameters and collects its output. */
  call(command: string, parameters?: Readonly<Record<string, Value>>, input?: readonly Value[]): Task<Value[]>;
  /** The provider that owns a drive-qualified path (`Env:Path`, `HKLM:\SOFTWARE`), and the path inside the drive. */
  findDrive(path: string): { provider: DriveProvider; drive: string; path: string } | undefined;
  /** Ends with `LabUnsupported`, naming the construct and the place in the script. */
  unsupported(construct: string): never;
};

/** What a running cmdlet can do. */
export type CommandContext = CallContext & {
  readonly commandName: string;
  readonly parameterSet: string;
  readonly invocation: Invocation;
  /** What `createState` made. */
  readonly state: unknown;
  /** The current pipeline object (`$_`); `undefined` without pipeline input. */
  readonly input: Value;
  /** Whether the command stands behind a `|`. */
  readonly expectsInput: boolean;
  /** Hands a value down the pipeline at the next yield or at the end of the step. Arrays go as one object unless `enumerate`. */
  write(value: Value, options?: { enumerate?: boolean }): void;
  /** Hands on what was written now, for cmdlets that stream; what is given back is left to be done. */
  flush(): Task<void> | undefined;
  /** A non-terminating error; obeys -ErrorAction (with Stop it throws). */
  writeError(error: ErrorSpec | ErrorRecord): void;
  /** A terminating error. */
  fail(error: ErrorSpec | ErrorRecord): never;
  writeWarning(text: string): void;
  writeVerbose(text: string): void;
  writeDebug(text: string): void;
  writeInformation(data: Value, tags?: readonly string[]): void;
  writeProgress(progress: Partial<ProgressRecord> & { activity: string }): void;
  /** Asks -WhatIf/-Confirm: false means leave it. */
  shouldProcess(target: string, action?: string): boolean;
};

// ─── drives and programs ────────────────────────────────────────────────────────────────────────────────────────────────

/** A PowerShell drive that `$drive:name` and the item cmdlets reach. `path` is what follows `Drive:` (with or without a leading `\`). */
export type DriveProvider = {
  /** Drive names without colon: `['Env']`, `['HKLM', 'HKCU']`. */
  readonly drives: readonly string[];
  /** Whether its items hold no others. */
  readonly isFlat?: boolean;
  /** Provider name as in `Microsoft.PowerShell.Core\Registry::`. */
  readonly provider: string;
  /** `$drive:path`; `undefined` when there is none. */
  getContent(path: string, context: CallContext, drive: string): Value;
  /** `$drive:path = value`; `null` removes. */
  setContent(path: string, value: Value, context: CallContext, drive: string): void;
  exists(path: string, context: CallContext, drive: string): boolean;
  /** The object `Get-Item` gives. */
  getItem(path: string, context: CallContext, drive: string): Value;
  /** Items of a container; wildcards are the caller's business. */
  children(path: string, context: CallContext, drive: string): { name: string; value: Value }[];
  remove(path: string, context: CallContext, drive: string): void | Task<void>;
};

/** What a native program sees. */
export type ProgramContext = CallContext & {
  /** Lines piped into it. */
  readonly input: readonly string[];
  /** One line of standard output; reaches the pipeline at once. */
  writeLine(text: string): void;
  writeErrorLine(text: string): void;
};

/** A simulated native program; its task's value is the exit code (`$LASTEXITCODE`). */
export type Program = {
  /** Full path: `C:\Windows\System32\sc.exe`. */
  readonly path: string;
  /** Windows has it and the lab does not simulate it: running it is `LabUnsupported`. */
  readonly isOutside?: boolean;
  /** What of a call the lab does not simulate, by its arguments: such a call is `LabUnsupported`. */
  readonly outsideCall?: (args: readonly string[]) => string | undefined;
  run(args: readonly string[], context: ProgramContext): Task<number> | number;
};
