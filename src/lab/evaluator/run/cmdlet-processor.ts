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
import { Frame } from '../frame.ts';
import type { BoundParameters, CmdletDefinition, CmdletStep, Pause, Task } from '../host.ts';
import type { Value } from '../value.ts';
import { boundParameters } from './bound-parameters.ts';
import { CmdletContext } from './cmdlet-context.ts';
import type { Processor, Setup } from './processor.ts';
import { tapPipe, tapStreams } from './taps.ts';

/** A simulated cmdlet at work. */
export class CmdletProcessor implements Processor {
  readonly #cmdlet: CmdletDefinition;
  readonly #setup: Setup;
  readonly #binding: Binding;
  readonly #bound: BoundParameters;
  #pipelineBound: Set<string> | undefined;
  readonly #context: CmdletContext;
  readonly #frame: Frame;

  constructor(cmdlet: CmdletDefinition, setup: Setup) {
    this.#cmdlet = cmdlet;
    this.#setup = setup;
    const { frame } = setup;
    this.#binding = bindArguments(signatureOf(cmdlet), bindingTargetOf(cmdlet), setup.args, frame);
    this.#bound = boundParameters(this.#binding, frame.session);
    const value = (name: string): Value => this.#binding.values.get(name);
    const streams = tapStreams(frame, setup.streams, value);
    this.#frame = new Frame(frame.session, frame.scope, tapPipe(frame, setup.out, value), streams, frame.call);
    this.#context = new CmdletContext(cmdlet, setup, this.#binding, this.#frame);
  }

  get identity(): object {
    return this.#context;
  }

  #step(step: CmdletStep | undefined): Task<void> | undefined {
    return step && this.#runStep(step);
  }

  #runStep(step: CmdletStep): Task<void> | undefined {
    const { session } = this.#frame;
    const before = session.frame;
    session.frame = this.#frame;
    let rest: Task<void> | undefined;
    try {
      const work = step(this.#context, this.#bound);
      const pause = isTask(work) ? work.next() : undefined;
      rest = isTask(work) && pause?.done === false ? this.#watch(work, pause.value) : this.#context.flush();
    } catch (error) {
      return this.#fail(error, before);
    }
    if (rest) return this.#goOn(rest, before);
    session.frame = before;
    return undefined;
  }

  *#goOn(rest: Task<void>, before: Frame | undefined): Task<void> {
    try {
      yield* rest;
    } catch (error) {
      yield* this.#context.flush() ?? [];
      throw this.#context.wrap(error);
    } finally {
      this.#frame.session.frame = before;
    }
  }

  /** What was written before an error goes out before it. @throws error as the caller of the cmdlet sees it */
  #fail(error: unknown, before: Frame | undefined): Task<void> {
    const flushed = this.#context.flush();
    if (flushed) return this.#failAfter(flushed, error, before);
    const wrapped = this.#context.wrap(error);
    this.#frame.session.frame = before;
    throw wrapped;
  }

  *#failAfter(flushed: Task<void>, error: unknown, before: Frame | undefined): Task<void> {
    try {
      yield* flushed;
      throw this.#context.wrap(error);
    } finally {
      this.#frame.session.frame = before;
    }
  }

  // What was written before a pause goes out before it.
  *#watch(work: Task<Value>, first: Pause): Task<void> {
    let ended = false;
    try {
      let pause = first;
      for (;;) {
        yield* this.#context.flush() ?? [];
        yield pause;
        const next = work.next();
        if (next.done) {
          ended = true;
          break;
        }
        pause = next.value;
      }
    } finally {
      if (!ended) work.return(undefined);
    }
    yield* this.#context.flush() ?? [];
  }

  #bind(value: Value): boolean {
    this.#pipelineBound ??= new Set();
    return bindPipeline(this.#binding, value, this.#frame, this.#pipelineBound);
  }

  #refuseOutside(): void {
    for (const name of this.#cmdlet.outside ?? []) {
      if (this.#binding.values.has(name.toLowerCase())) this.#context.unsupported(`${this.#cmdlet.name} -${name}`);
    }
  }

  begin(): Task<void> | undefined {
    const pipeline = this.#setup.expectsInput && takesPipeline(this.#binding);
    checkBeforeInput(this.#binding, pipeline);
    this.#refuseOutside();
    const first = this.#frame.session.hooks.beforeCommand?.(this.#cmdlet.name);
    return first ? this.#beginAfter(first) : this.#step(this.#cmdlet.begin);
  }

  *#beginAfter(first: Task<void>): Task<void> {
    yield* first;
    yield* this.#step(this.#cmdlet.begin) ?? [];
  }

  process(input: Value): Task<void> | undefined {
    if (this.#setup.expectsInput) {
      const value = input === undefined ? null : input;
      this.#context.input = value;
      if (takesPipeline(this.#binding) && !this.#bind(value)) {
        this.#context.writeError(notBound(bindingTargetOf(this.#cmdlet), value).record);
        return this.#context.flush();
      }
      requireMandatory(this.#binding, chooseSet(this.#binding, false), false);
      this.#refuseOutside();
    }
    const lack = this.#cmdlet.outsideCall?.(this.#bound);
    if (lack !== undefined) this.#context.unsupported(lack);
    if (this.#setup.expectsInput && this.#frame.session.tick()) return this.#processAfterPause();
    return this.#step(this.#cmdlet.process);
  }

  // Another object may come in between only from a command that runs meanwhile, and none does.
  *#processAfterPause(): Task<void> {
    yield undefined;
    yield* this.#step(this.#cmdlet.process) ?? [];
  }

  end(): Task<void> | undefined {
    return this.#step(this.#cmdlet.end);
  }
}
