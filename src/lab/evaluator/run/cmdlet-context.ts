import type { Binding } from '../binding/bind-value.ts';
import { bindingTargetOf } from '../binding/cmdlet-signature.ts';
import { chooseSet } from '../binding/parameter-sets.ts';
import { itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import { errorRecord, NetError, PowerShellError } from '../define.ts';
import { type Preference, preference } from '../errors/preference.ts';
import { emitError, locate, positionOf } from '../errors/report.ts';
import type { Frame } from '../frame.ts';
import type { CmdletDefinition, CommandContext, ErrorSpec, ProgressRecord, Task } from '../host.ts';
import { toValue, unixEpochTicks } from '../make.ts';
import type { StreamRecord } from '../streams.ts';
import type { ErrorRecord, Invocation, Value } from '../value.ts';
import { type ActionStream, actionFor, progressRecord } from './actions.ts';
import { claimError } from './claim-error.ts';
import { commandValue } from './command-info.ts';
import { FrameContext } from './context.ts';
import type { Setup } from './processor.ts';

type Queued = { readonly value: Value } | { readonly record: StreamRecord };

function* pause(): Task<void> {
  yield undefined;
}

/** What a running cmdlet can do; what it writes waits until it is handed on. */
export class CmdletContext extends FrameContext implements CommandContext {
  readonly state: unknown;
  input: Value;
  readonly #cmdlet: CmdletDefinition;
  readonly #setup: Setup;
  readonly #binding: Binding;
  readonly #queue: Queued[] = [];
  #taken = 0;

  /** @param frame the cmdlet's own: output and streams go where it says */
  constructor(cmdlet: CmdletDefinition, setup: Setup, binding: Binding, frame: Frame) {
    super(frame);
    this.#cmdlet = cmdlet;
    this.#setup = setup;
    this.#binding = binding;
    this.state = cmdlet.createState?.();
  }

  get commandName(): string {
    return this.#cmdlet.name;
  }

  get parameterSet(): string {
    return chooseSet(this.#binding, false);
  }

  get expectsInput(): boolean {
    return this.#setup.expectsInput;
  }

  get invocation(): Invocation {
    return {
      commandName: this.#cmdlet.name,
      command: commandValue({ kind: 'cmdlet', definition: this.#cmdlet }),
      position: positionOf(this.frame.call.source, this.#setup.span),
      bound: undefined,
      expectingInput: this.#setup.expectsInput,
      pipelineLength: this.#setup.length,
      pipelinePosition: this.#setup.position,
    };
  }

  write(value: Value, options?: { enumerate?: boolean }): void {
    const items = options?.enumerate ? itemsOf(value) : undefined;
    if (items) for (const item of items) this.#queue.push({ value: toValue(item) });
    else if (value !== undefined) this.#queue.push({ value: toValue(value) });
  }

  #take(): Queued | undefined {
    const next = this.#queue[this.#taken++];
    if (next && this.#taken < 1024) return next;
    // Shifting each entry would move all behind it.
    this.#queue.splice(0, this.#taken);
    this.#taken = 0;
    return next;
  }

  /** Hands on what was written. */
  flush(): Task<void> | undefined {
    const work = this.#handOn();
    return work && this.#handOnAfter(work);
  }

  *#handOnAfter(work: Task<void>): Task<void> {
    for (let at: Task<void> | undefined = work; at; at = this.#handOn()) yield* at;
  }

  /** Hands on what was written up to the first wait. */
  #handOn(): Task<void> | undefined {
    // Consumers may make us write again: take one entry at a time.
    for (let next = this.#take(); next; next = this.#take()) {
      const { session, out, streams } = this.frame;
      let work: Task<void> | undefined;
      if ('value' in next) work = out.write(next.value);
      else if (next.record.stream === 'error') work = emitError(this.frame, next.record.record, next.record.silent);
      else work = streams.emit(next.record);
      if (work) return work;
      if (session.tick()) return pause();
    }
    return undefined;
  }

  writeError(error: ErrorSpec | ErrorRecord): void {
    const record = this.#record(error);
    this.#setup.status.failed = true;
    const action = this.#action('error');
    if (action === 'Stop') throw new PowerShellError(record, true);
    if (action === 'Ignore') return;
    const silent = action === 'SilentlyContinue';
    this.#queue.push({ record: silent ? { stream: 'error', record, silent } : { stream: 'error', record } });
  }

  fail(error: ErrorSpec | ErrorRecord): never {
    throw new PowerShellError(this.#record(error), this.#action('error') === 'Stop');
  }

  writeWarning(text: string): void {
    this.#text('warning', text);
  }

  writeVerbose(text: string): void {
    this.#text('verbose', text);
  }

  writeDebug(text: string): void {
    this.#text('debug', text);
  }

  writeInformation(data: Value, tags: readonly string[] = []): void {
    const { hooks } = this;
    const now = hooks.wallClockMs();
    const timeTicks =
      unixEpochTicks + BigInt(Math.round(now)) * 10_000n + BigInt(hooks.utcOffsetMinutes(now)) * 600_000_000n;
    this.#queue.push({
      record: { stream: 'information', record: { data, source: this.#cmdlet.name, tags, timeTicks } },
    });
    if (this.#cmdlet.name === 'Write-Information' && this.#action('information') === 'Stop')
      this.#stopAt('information', this.frame.context.text(data));
  }

  writeProgress(progress: Partial<ProgressRecord> & { activity: string }): void {
    const action = preference(this.frame.scope, 'progresspreference', 'Continue');
    if (action === 'SilentlyContinue' || action === 'Ignore') return;
    this.#queue.push({ record: { stream: 'progress', record: progressRecord(progress) } });
  }

  shouldProcess(target: string, action = this.#cmdlet.name): boolean {
    if (isTrue(this.#binding.values.get('whatif') ?? this.frame.scope.find('whatifpreference')?.value)) return false;
    this.writeVerbose(`Performing the operation "${action}" on target "${target}".`);
    return true;
  }

  /** What is thrown for what a step of the cmdlet threw. */
  wrap(error: unknown): unknown {
    const stops = (): boolean => this.#action('error') === 'Stop';
    if (error instanceof NetError) {
      const { exception } = error;
      const spec = { id: exception.type, message: exception.message, category: 'NotSpecified', exception } as const;
      return new PowerShellError(this.#record(spec), stops());
    }
    if (!(error instanceof PowerShellError) || error.endsScript) return error;
    claimError(error.record, bindingTargetOf(this.#cmdlet), this.invocation);
    return stops() ? new PowerShellError(error.record, true) : error;
  }

  #action(stream: ActionStream): Preference {
    return actionFor(stream, (name) => this.#binding.values.get(name), this.frame.scope);
  }

  #record(error: ErrorSpec | ErrorRecord): ErrorRecord {
    const record = 'kind' in error ? error : errorRecord(error, bindingTargetOf(this.#cmdlet).errorClass);
    if (record.activity === '') record.activity = this.#cmdlet.name;
    record.invocation ??= this.invocation;
    locate(record, this.frame, this.#setup.span);
    return record;
  }

  #stopAt(stream: string, text: string): never {
    const record = this.#record({
      id: 'ActionPreferenceStop',
      message: `The running command stopped because the preference variable "${stream[0]?.toUpperCase()}${stream.slice(1)}Preference" or common parameter is set to Stop: ${text}`,
      category: 'OperationStopped',
      exception: 'System.Management.Automation.ActionPreferenceStopException',
    });
    throw new PowerShellError(record, true);
  }

  #text(stream: 'warning' | 'verbose' | 'debug', text: string): void {
    const action = this.#action(stream);
    if (action === 'Ignore' || (action === 'SilentlyContinue' && stream !== 'warning')) return;
    // A silent warning still fills -WarningVariable.
    this.#queue.push({ record: { stream, text, invocation: this.invocation, silent: action === 'SilentlyContinue' } });
    if (action === 'Stop') this.#stopAt(stream, text);
  }
}
