import { getHeapStatistics } from 'node:v8';
import { toText } from './conversion/to-text.ts';
import type { Frame } from './frame.ts';
import type { CallContext, HostHooks, InvokeSettings, Task } from './host.ts';
import type { Language } from './language.ts';
import { heldBytes, LimitReached, megabytes, takeSpent, withSeparators } from './limit.ts';
import { list } from './make.ts';
import { pathInfo } from './path-info.ts';
import type { Limits } from './pipeline.ts';
import { raise } from './raise.ts';
import type { Registry } from './registry.ts';
import { Scope } from './scope.ts';
import type { CompiledBody, ScriptBlock } from './script-block.ts';
import type { Surface } from './surface.ts';
import type { ErrorRecord, List, Value } from './value.ts';

/** How the contexts of a session are made and call script blocks and commands: what they call makes contexts again. */
export type Calls = {
  readonly makeContext: (frame: Frame) => CallContext;
  /** Runs a script block and collects its output. */
  readonly invoke: (
    frame: Frame,
    script: ScriptBlock,
    args: readonly Value[],
    options: InvokeSettings,
  ) => Task<Value[]>;
  /** Calls a command by name and collects its output. */
  readonly call: (
    frame: Frame,
    command: string,
    parameters: Readonly<Record<string, Value>>,
    input: readonly Value[] | undefined,
  ) => Task<Value[]>;
};

/** Work inside operations that counts as one step. */
const unitsPerStep = 32;

/** What a runspace keeps between pipelines, and the counters of the running one. */
export class Session implements Language {
  readonly registry: Registry;
  readonly hooks: HostHooks;
  readonly global: Scope;
  readonly errors: List;
  #location: string;
  /** `$?` */
  ok = true;
  /** How many `try` blocks (or traps) are around the running code: errors of statements then go up to them. */
  guarded = 0;
  depth = 0;
  steps = 0;
  sliceEnd = 0;
  #heldBefore = 0;
  /** The type that an argument of the method about to be called is cast to: it names the overload. */
  argumentType: string | undefined;
  /** The frame that runs now, for conversions that need a session. */
  frame: Frame | undefined;
  readonly limits: Required<Limits>;
  /** What the client of a session without language may call; undefined: everything, and script text. */
  readonly surface: Surface | undefined;
  readonly #takeFault: (() => Error | undefined) | undefined;
  /** How contexts are made and call. */
  readonly calls: Calls;
  /** Parses and compiles a script. */
  readonly load: (text: string, file?: string) => CompiledBody;

  /**
   * @param registry commands and types
   * @param hooks the machine
   * @param limits bounds of a pipeline
   * @param calls how contexts are made and call
   * @param load parses and compiles a script
   * @param surface makes it a session without language
   */
  constructor(
    registry: Registry,
    hooks: HostHooks,
    limits: Limits,
    calls: Calls,
    load: (text: string, file?: string) => CompiledBody,
    surface?: Surface,
  ) {
    this.surface = surface;
    this.load = load;
    this.registry = registry;
    this.hooks = hooks;
    this.#takeFault = hooks.takeFault;
    this.global = new Scope(undefined);
    this.errors = list([]);
    this.#location = hooks.homeLocation;
    this.limits = {
      depth: limits.depth ?? 400,
      steps: limits.steps ?? 50_000_000,
      memoryBytes: limits.memoryBytes ?? Math.min(1024 ** 3, getHeapStatistics().heap_size_limit / 2),
      sliceMs: limits.sliceMs ?? 5,
    };
    this.calls = calls;
  }

  makeContext(frame: Frame): CallContext {
    return this.calls.makeContext(frame);
  }

  get context(): CallContext {
    if (!this.frame) throw new Error('no pipeline runs in this runspace');
    return this.frame.context;
  }

  get location(): string {
    return this.#location;
  }

  set location(path: string) {
    this.#location = path;
    this.global.put('PWD', pathInfo(path));
  }

  /** `$OFS` of the running frame. */
  ofs(): string {
    const scope = this.frame?.scope ?? this.global;
    const variable = scope.find('ofs');
    return variable && variable.value !== null && variable.value !== undefined ? toText(variable.value, this) : ' ';
  }

  /** Puts an error in front of `$Error`. */
  remember(record: ErrorRecord): void {
    if (this.errors.items[0] === record) return;
    // From here on the target's text is fixed, as CategoryInfo shows it.
    if (record.targetName === '' && record.target !== null && record.target !== undefined)
      record.targetName = toText(record.target, this);
    this.errors.items.unshift(record);
    if (this.errors.items.length > 256) this.errors.items.pop();
  }

  /** The fault that is to end the script now, once. */
  takeFault(): Error | undefined {
    return this.#takeFault?.();
  }

  /** Counts a step; true when it is time to let other work run. */
  tick(): boolean {
    const before = this.steps++;
    const fault = this.#takeFault?.();
    if (fault !== undefined) throw fault;
    this.steps += takeSpent() / unitsPerStep;
    return this.steps >> 7 !== before >> 7 && this.#isOver();
  }

  /** Counts what has been done inside an operation; true when it is time to let other work run. */
  isDue(): boolean {
    this.steps += takeSpent() / unitsPerStep;
    return this.#isOver();
  }

  #isOver(): boolean {
    const { steps, memoryBytes } = this.limits;
    if (this.steps > steps)
      throw new LimitReached('LabStepLimit', `it has taken ${withSeparators(steps)} steps, so it may never end`);
    if (performance.now() <= this.sliceEnd) return false;
    if (heldBytes() - this.#heldBefore > memoryBytes)
      throw new LimitReached('LabMemoryLimit', `it holds more than ${megabytes(memoryBytes)} of memory`);
    return true;
  }

  /** Begins a pipeline: what was counted and held before is not its own. */
  startPipeline(): void {
    this.steps = 0;
    this.depth = 0;
    this.guarded = 0;
    this.#heldBefore = heldBytes();
  }

  /** Begins a new slice of work. */
  startSlice(): void {
    takeSpent();
    this.sliceEnd = performance.now() + this.limits.sliceMs;
  }

  /** One call deeper. */
  enter(): void {
    if (++this.depth > this.limits.depth) {
      this.depth--;
      raise({
        id: 'CallDepthOverflow',
        message: 'The script failed due to call depth overflow.',
        category: 'InvalidOperation',
      });
    }
  }

  leave(): void {
    this.depth--;
  }

  /** Reads a variable by lower-case name from a scope. */
  read(scope: Scope, name: string): Value {
    return scope.find(name)?.value;
  }
}
