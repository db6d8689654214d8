import { bindArguments } from '../binding/bind.ts';
import type { Binding } from '../binding/bind-value.ts';
import { notBound } from '../binding/binding-error.ts';
import { commonNames, hasCommon } from '../binding/common-parameters.ts';
import { emptyValue } from '../binding/empty-value.ts';
import {
  bindPipeline,
  checkBeforeInput,
  chooseSet,
  requireMandatory,
  takesPipeline,
} from '../binding/parameter-sets.ts';
import type { ParameterSpec } from '../binding/signature.ts';
import type { Body } from '../compile/body.ts';
import { type Code, run } from '../compile/code.ts';
import { convertForVariable } from '../compile/compile-target.ts';
import { PowerShellError } from '../define.ts';
import { psCmdletType } from '../dotnet/ps-cmdlet.ts';
import { errorPreference } from '../errors/preference.ts';
import { emitError, positionOf } from '../errors/report.ts';
import { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { newObject, switchValue } from '../make.ts';
import { Scope } from '../scope.ts';
import { ReturnSignal } from '../signals.ts';
import { isBoxed } from '../types-of.ts';
import type { Invocation, Value } from '../value.ts';
import { Waiting } from '../waiting.ts';
import { automaticVariable, inputOf } from './automatic-variables.ts';
import { applyPreferences } from './preferences.ts';
import type { Processor, Setup } from './processor.ts';
import { tapPipe, tapStreams } from './taps.ts';

/** How a body is called. */
export type Callee = {
  readonly body: Body;
  readonly name: string;
  readonly command: Value;
  readonly filter: boolean;
  /** The scope to run in; undefined makes a new one. */
  readonly scope?: Scope;
  /** Parent of the new scope where it is not the caller's (closures). */
  readonly parent?: Scope;
  readonly isScriptFile?: boolean;
};

/** What a command behind a `|` keeps of its input. */
type Fed = {
  /** Lower-case names of the parameters that the newest object was bound to. */
  readonly bound: Set<string>;
  readonly inputs: Value[];
  /** What parameters are where the pipeline gives nothing for them. */
  readonly defaults: Map<string, Value>;
};

/** A script function, filter, script or script block at work. */
export class ScriptProcessor implements Processor {
  readonly identity = this;
  readonly frame: Frame;
  readonly binding: Binding;
  readonly setup: Setup;
  readonly callee: Callee;
  readonly #fed: Fed | undefined;
  #finished = false;

  constructor(callee: Callee, setup: Setup) {
    this.callee = callee;
    this.setup = setup;
    this.#fed = setup.expectsInput ? { bound: new Set(), inputs: [], defaults: new Map() } : undefined;
    const { body } = callee;
    const caller = setup.frame;
    const scope = callee.scope ?? new Scope(callee.parent ?? caller.scope, callee.isScriptFile ? 'script' : 'plain');
    const target = { commandName: callee.name, errorClass: callee.name };
    const position = positionOf(caller.call.source, setup.span);
    const invocation: Invocation = {
      commandName: callee.name,
      command: callee.command,
      ...(setup.writtenName === undefined ? {} : { invocationName: setup.writtenName }),
      position,
      bound: undefined,
      expectingInput: setup.expectsInput,
      pipelineLength: setup.length,
      pipelinePosition: setup.position,
    };
    const call = {
      name: callee.name === '' ? '<ScriptBlock>' : callee.name,
      source: body.source,
      invocation,
      caller: caller.call,
      at: undefined,
    };
    this.binding = bindArguments(body.signature, target, setup.args, caller);
    const bound = (name: string): Value => this.binding.values.get(name);
    // Only what takes the common parameters can be listened to.
    const listens = body.signature.isAdvanced && hasCommon(this.binding.values);
    const streams = listens ? tapStreams(caller, setup.streams, bound) : setup.streams;
    const out = listens ? tapPipe(caller, setup.out, bound) : setup.out;
    this.frame = new Frame(caller.session, scope, out, streams, call);
  }

  get parameterSet(): string {
    return chooseSet(this.binding, false);
  }

  begin(): Task<void> | undefined {
    const { binding, frame, setup } = this;
    const { body } = this.callee;
    if (body.signature.isAdvanced || binding.candidates.length > 1) {
      const pipeline = setup.expectsInput && takesPipeline(binding);
      checkBeforeInput(binding, pipeline);
    }
    const waits = body.signature.specs.some(
      ({ lower, defaultValue }) => defaultValue && !defaultValue.sync && !binding.values.has(lower),
    );
    if (body.define || body.begin || waits) return this.#beginWaiting();
    this.#setAutomatic();
    if (body.signature.isAdvanced && hasCommon(binding.values))
      applyPreferences(frame, (name) => binding.values.get(name));
    for (const spec of binding.signature.specs)
      this.#startParameter(spec, binding.values.has(spec.lower) ? undefined : spec.defaultValue?.sync?.(frame));
    return undefined;
  }

  *#beginWaiting(): Task<void> {
    const { binding, frame } = this;
    const { body } = this.callee;
    if (body.define) yield* body.define(frame);
    this.#setAutomatic();
    if (body.signature.isAdvanced && hasCommon(binding.values))
      applyPreferences(frame, (name) => binding.values.get(name));
    for (const spec of binding.signature.specs) {
      const isDefault = spec.defaultValue && !binding.values.has(spec.lower);
      this.#startParameter(spec, isDefault ? yield* run(spec.defaultValue, frame) : undefined);
    }
    if (body.begin) yield* this.#run(body.begin) ?? [];
  }

  #setAutomatic(): void {
    const { binding, frame, setup } = this;
    const { scope } = frame;
    if (this.callee.scope === undefined) {
      scope.setAutomatic((name) => automaticVariable(name, this));
      if (this.callee.isScriptFile) {
        const file = this.callee.body.source.file ?? '';
        scope.put('PSCommandPath', file);
        scope.put('PSScriptRoot', file.replace(/[\\/][^\\/]*$/, ''));
      }
    } else if (setup.args.length > 0 && binding.signature.specs.length === 0) {
      scope.put(
        'args',
        binding.rest.map((argument) => argument.value),
      );
    }
    if (this.callee.body.signature.isAdvanced)
      scope.put('PSCmdlet', newObject(psCmdletType, { processor: this, setup }));
  }

  /** Gives a parameter its first value: what is bound, its default, or what its type has for nothing. */
  #startParameter(spec: ParameterSpec, given: Value): void {
    const { binding, frame } = this;
    let value: Value;
    if (binding.values.has(spec.lower)) value = binding.values.get(spec.lower);
    else if (!spec.defaultValue) value = emptyValue(spec, frame);
    else if (!spec.isTyped) value = given;
    else value = spec.isSwitch ? switchValue(Boolean(given)) : frame.context.convert(given, spec.type(frame));
    this.#fed?.defaults.set(spec.lower, value);
    this.#setParameter(spec, value);
  }

  #setParameter(spec: ParameterSpec, value: Value): void {
    const { frame } = this;
    const variable = frame.scope.put(spec.name, value ?? null);
    delete variable.constraint;
    if (!spec.isTyped || spec.isSwitch) return;
    const type = spec.type(frame);
    if (type !== 'System.Object') variable.constraint = (next) => convertForVariable(next, type, frame);
  }

  #run(code: Code): Task<void> | undefined {
    const { session } = this.frame;
    const before = session.frame;
    session.enter();
    try {
      const done = code.soon(this.frame);
      if (done instanceof Waiting) return this.#goOn(done.task, before);
    } catch (signal) {
      this.#leave(before);
      if (!(signal instanceof ReturnSignal)) throw signal;
      return undefined;
    }
    this.#leave(before);
    return undefined;
  }

  *#goOn(work: Task<Value>, before: Frame | undefined): Task<void> {
    try {
      yield* work;
    } catch (signal) {
      if (!(signal instanceof ReturnSignal)) throw signal;
    } finally {
      this.#leave(before);
    }
  }

  #leave(before: Frame | undefined): void {
    const { session } = this.frame;
    session.leave();
    session.frame = before;
  }

  process(input: Value): Task<void> | undefined {
    const { body, filter } = this.callee;
    const works = this.setup.expectsInput || body.process !== undefined || (filter && body.finish !== undefined);
    if (!works) return undefined;
    const { frame, binding, setup } = this;
    const code = body.process ?? (filter ? body.finish : undefined);
    const value = input === undefined ? null : input;
    const fed = this.#fed;
    if (fed) {
      if (!code) fed.inputs.push(value);
      const before = [...fed.bound];
      const bound = this.#bindPipeline(value, fed.bound);
      if (bound !== true && (bound !== false || body.signature.isAdvanced))
        return this.#refuse(bound || notBound(binding.target, value));
      for (const spec of binding.signature.specs) {
        if (before.includes(spec.lower) && !binding.values.has(spec.lower))
          this.#setParameter(spec, fed.defaults.get(spec.lower));
        if (fed.bound.has(spec.lower) && binding.values.has(spec.lower)) {
          this.#setParameter(spec, binding.values.get(spec.lower));
          const known = frame.scope.find('psboundparameters')?.value;
          if (isBoxed(known) && known.kind === 'hashtable') known.set(spec.name, binding.values.get(spec.lower));
        }
      }
      if (body.signature.isAdvanced) requireMandatory(binding, chooseSet(binding, false), false);
    }
    if (!code) return undefined;
    if (this.callee.scope === undefined || setup.expectsInput) frame.scope.put('_', setup.expectsInput ? value : null);
    frame.scope.put('input', inputOf(setup.expectsInput ? [value] : []));
    return this.#run(code);
  }

  /** Whether a parameter took the object; the error if one took it and must not. */
  #bindPipeline(value: Value, taken: Set<string>): boolean | PowerShellError {
    try {
      return bindPipeline(this.binding, value, this.frame, taken);
    } catch (error) {
      if (error instanceof PowerShellError && /ParameterBinding/.test(error.record.exception.type)) return error;
      throw error;
    }
  }

  #refuse(error: PowerShellError): Task<void> | undefined {
    this.setup.status.failed = true;
    const action = errorPreference(this.frame.scope);
    if (action === 'Stop') throw new PowerShellError(error.record, true);
    if (action === 'Ignore') return undefined;
    return emitError(this.frame, error.record, action === 'SilentlyContinue');
  }

  end(): Task<void> | undefined {
    if (this.#finished) return undefined;
    this.#finished = true;
    const { body, filter } = this.callee;
    if (!body.finish || filter) return undefined;
    if (this.callee.scope === undefined && this.setup.expectsInput && !body.process)
      this.frame.scope.put('input', inputOf(this.#fed?.inputs ?? []));
    return this.#run(body.finish);
  }

  /** Bound parameters apart from the common ones, for `$PSCmdlet`. */
  get ownBound(): string[] {
    return [...this.binding.values.keys()].filter((name) => !commonNames.has(name));
  }
}
