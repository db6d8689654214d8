import type { Pause, Task } from './host.ts';

/** Work that could not be done at once: the task is what is left of it, and must be run to its end. */
export class Waiting<T> {
  readonly task: Task<T>;

  constructor(task: Task<T>) {
    this.task = task;
  }

  /** What is to be done with the result. */
  after<U>(go: (value: T) => U | Waiting<U>): Waiting<U> {
    return new Waiting(goOn(this.task, go));
  }
}

function* goOn<T, U>(work: Task<T>, go: (value: T) => U | Waiting<U>): Task<U> {
  const next = go(yield* work);
  return next instanceof Waiting ? yield* next.task : next;
}

/** Runs a task up to its first pause: its result, or what is left of it. */
export const begin = <T>(work: Task<T>): T | Waiting<T> => {
  const step = work.next();
  return step.done ? step.value : new Waiting(begun(step.value, work));
};

/** The same for a task without a result: what is left of it, if anything. */
export const beginWork = (work: Task<void>): Task<void> | undefined => {
  const step = work.next();
  return step.done ? undefined : begun(step.value, work);
};

/** A task that has run up to a pause, which has not been told yet. */
export function* begun<T>(pause: Pause, work: Task<T>): Task<T> {
  return yield* new Begun(pause, work);
}

/** Tells the pause of a task that has begun, then is that task. */
class Begun<T> implements Iterable<Pause, T, unknown>, Iterator<Pause, T, unknown> {
  readonly #pause: Pause;
  readonly #work: Task<T>;
  #isTold = false;

  constructor(pause: Pause, work: Task<T>) {
    this.#pause = pause;
    this.#work = work;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: unknown): IteratorResult<Pause, T> {
    if (this.#isTold) return this.#work.next(value);
    this.#isTold = true;
    return { done: false, value: this.#pause };
  }

  return(value: T): IteratorResult<Pause, T> {
    return this.#work.return(value);
  }

  throw(error: unknown): IteratorResult<Pause, T> {
    return this.#work.throw(error);
  }
}
