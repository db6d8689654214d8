import { bindArguments } from '../binding/bind.ts';
import type { Binding } from '../binding/bind-value.ts';
import { notBound } from '../binding/binding-error.ts';
import { bindingTargetOf, signatureOf } from '../binding/cmdlet-signature.ts';
import {
  bindPipeline,
  checkBeforeInput,
  chooseSet,
  requireMandatory,
  takesPipeline,
} from '../binding/parameter-sets.ts';
import { isTask } from '../compile/code.ts';
import { itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import { errorRecord, NetError, PowerShellError } from '../define.ts';
import { type Preference, preference } from '../errors/preference.ts';
import { emitError, locate, positionOf } from '../errors/report.ts';
import { Frame } from '../frame.ts';
import type {
  BoundParameters,
  CmdletDefinition,
  CmdletStep,
  CommandContext,
  ErrorSpec,
  ProgressRecord,
  Task,
} from '../host.ts';
import { toValue } from '../make.ts';
import { bindContext } from '../registry-of.ts';
import type { Pipe, StreamRecord, Streams } from '../streams.ts';
import type { ErrorRecord, Invocation, Value } from '../value.ts';
import { type ActionStream, actionFor, localTicks, progressRecord } from './actions.ts';
import { boundParameters } from './bound-parameters.ts';
import { claimError } from './claim-error.ts';
import { commandValue } from './command-info.ts';
import type { Processor, Setup } from './processor.ts';
import { tapPipe, tapStreams } from './taps.ts';

type Queued = { readonly value: Value } | { readonly record: StreamRecord };

/** A simulated cmdlet at work. */
export class CmdletProcessor implements Processor {
  readonly #cmdlet: CmdletDefinition;
  readonly #setup: Setup;
  readonly #binding: Binding;
  readonly #bound: BoundParameters;
  readonly #queue: Queued[] = [];
  readonly #out: Pipe;
  readonly #streams: Streams;
  readonly #pipelineBound = new Set<string>();
  readonly #context: CommandContext;
  readonly #frame: Frame;
  readonly #target: { commandName: string; errorClass: string };
  #input: Value;

  constructor(cmdlet: CmdletDefinition, setup: Setup) {
    this.#cmdlet = cmdlet;
    this.#setup = setup;
    const { frame } = setup;
    this.#target = bindingTargetOf(cmdlet);
    this.#binding = bindArguments(signatureOf(cmdlet), this.#target, setup.args, frame);
    this.#bound = boundParameters(this.#binding, frame.session);
    const value = (name: string): Value => this.#binding.values.get(name);
    this.#streams = tapStreams(frame, setup.streams, value);
    this.#out = tapPipe(frame, setup.out, value);
    this.#frame = new Frame(frame.session, frame.scope, this.#out, this.#streams, frame.call);
    this.#context = this.#makeContext();
    bindContext(this.#context, this.#frame);
  }

  get identity(): object {
    return this.#context;
  }

  #action(stream: ActionStream): Preference {
    return actionFor(stream, (name) => this.#binding.values.get(name), this.#frame.scope);
  }

  #record(error: ErrorSpec | ErrorRecord): ErrorRecord {
    const record = 'kind' in error ? error : errorRecord(error, this.#target.errorClass);
    if (record.activity === '') record.activity = this.#cmdlet.name;
    record.invocation ??= this.#invocation();
    locate(record, this.#frame.call, this.#setup.span);
    return record;
  }

  #invocation(): Invocation {
    return {
      commandName: this.#cmdlet.name,
      command: commandValue({ kind: 'cmdlet', definition: this.#cmdlet }),
      position: positionOf(this.#frame.call.source, this.#setup.span),
      bound: undefined,
      expectingInput: this.#setup.expectsInput,
      pipelineLength: this.#setup.length,
      pipelinePosition: this.#setup.position,
    };
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
    this.#queue.push({
      record: { stream, text, invocation: this.#invocation(), silent: action === 'SilentlyContinue' },
    });
    if (action === 'Stop') this.#stopAt(stream, text);
  }

  #writeError(error: ErrorSpec | ErrorRecord): void {
    const record = this.#record(error);
    this.#setup.status.failed = true;
    const action = this.#action('error');
    if (action === 'Stop') throw new PowerShellError(record, true);
    if (action === 'Ignore') return;
    if (action === 'SilentlyContinue') {
      this.#queue.push({ record: { stream: 'error', record, silent: true } });
      return;
    }
    this.#queue.push({ record: { stream: 'error', record } });
  }

  #progress(progress: Partial<ProgressRecord> & { activity: string }): void {
    const action = preference(this.#frame.scope, 'progresspreference', 'Continue');
    if (action === 'SilentlyContinue' || action === 'Ignore') return;
    this.#queue.push({ record: { stream: 'progress', record: progressRecord(progress) } });
  }

  #information(data: Value, tags: readonly string[]): void {
    const timeTicks = localTicks(this.#frame.session.hooks);
    this.#queue.push({
      record: { stream: 'information', record: { data, source: this.#cmdlet.name, tags, timeTicks } },
    });
  }

  #makeContext(): CommandContext {
    const base = this.#frame.context;
    const own = {
      commandName: this.#cmdlet.name,
      invocation: this.#invocation(),
      state: this.#cmdlet.createState?.(),
      expectsInput: this.#setup.expectsInput,
      write: (value: Value, options?: { enumerate?: boolean }) => {
        const items = options?.enumerate ? itemsOf(value) : undefined;
        if (items) for (const item of items) this.#queue.push({ value: toValue(item) });
        else if (value !== undefined) this.#queue.push({ value: toValue(value) });
      },
      flush: () => this.#drain(),
      writeError: (error: ErrorSpec | ErrorRecord) => this.#writeError(error),
      fail: (error: ErrorSpec | ErrorRecord): never => {
        throw new PowerShellError(this.#record(error), this.#action('error') === 'Stop');
      },
      writeWarning: (text: string) => this.#text('warning', text),
      writeVerbose: (text: string) => this.#text('verbose', text),
      writeDebug: (text: string) => this.#text('debug', text),
      writeInformation: (data: Value, tags: readonly string[] = []) => this.#information(data, tags),
      writeProgress: (progress: Partial<ProgressRecord> & { activity: string }) => this.#progress(progress),
      shouldProcess: () =>
        !isTrue(this.#binding.values.get('whatif') ?? this.#frame.scope.find('whatifpreference')?.value),
    };
    const context: CommandContext = Object.create(base, {
      ...Object.getOwnPropertyDescriptors(own),
      parameterSet: { get: () => chooseSet(this.#binding, false) },
      input: { get: () => this.#input },
    });
    return context;
  }

  *#drain(): Task<void> {
    // Consumers may make us write again: take one entry at a time.
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { session } = this.#frame;
      let work: Task<void> | undefined;
      if ('value' in next) work = this.#out.write(next.value);
      else if (next.record.stream === 'error') work = emitError(this.#frame, next.record.record, next.record.silent);
      else work = this.#streams.emit(next.record);
      if (work) yield* work;
      if (session.tick()) yield undefined;
    }
  }

  *#step(step: CmdletStep | undefined): Task<void> {
    if (!step) return;
    const { session } = this.#frame;
    const before = session.frame;
    session.frame = this.#frame;
    try {
      const work = step(this.#context, this.#bound);
      if (isTask(work)) yield* this.#watch(work);
      yield* this.#drain();
    } catch (error) {
      yield* this.#drain();
      throw this.#wrap(error);
    } finally {
      session.frame = before;
    }
  }

  // What was written before a pause goes out before it.
  *#watch(work: Task<Value>): Task<void> {
    let ended = false;
    try {
      for (;;) {
        const next = work.next();
        if (next.done) {
          ended = true;
          return;
        }
        yield* this.#drain();
        yield next.value;
      }
    } finally {
      if (!ended) work.return(undefined);
    }
  }

  #wrap(error: unknown): unknown {
    if (error instanceof NetError) {
      const { exception } = error;
      return new PowerShellError(
        this.#record({ id: exception.type, message: exception.message, category: 'NotSpecified', exception }),
        this.#action('error') === 'Stop',
      );
    }
    if (error instanceof PowerShellError && !error.endsScript)
      claimError(error.record, this.#target, this.#invocation());
    if (error instanceof PowerShellError && !error.endsScript && this.#action('error') === 'Stop')
      return new PowerShellError(error.record, true);
    return error;
  }

  #refuseOutside(): void {
    for (const name of this.#cmdlet.outside ?? []) {
      if (this.#binding.values.has(name.toLowerCase())) this.#context.unsupported(`${this.#cmdlet.name} -${name}`);
    }
  }

  *begin(): Task<void> {
    const pipeline = this.#setup.expectsInput && takesPipeline(this.#binding);
    checkBeforeInput(this.#binding, pipeline);
    this.#refuseOutside();
    yield* this.#step(this.#cmdlet.begin);
  }

  *process(input: Value): Task<void> {
    if (this.#setup.expectsInput) {
      const value = input === undefined ? null : input;
      this.#input = value;
      if (takesPipeline(this.#binding) && !bindPipeline(this.#binding, value, this.#frame, this.#pipelineBound)) {
        this.#writeError(notBound(this.#target, value).record);
        yield* this.#drain();
        return;
      }
      requireMandatory(this.#binding, chooseSet(this.#binding, false), false);
      this.#refuseOutside();
    }
    yield* this.#step(this.#cmdlet.process);
  }

  *end(): Task<void> {
    yield* this.#step(this.#cmdlet.end);
  }
}
