import type { Task } from '../host.ts';
import type { Session } from '../session.ts';

/** How a driven task ended. */
export type DriverEnd<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'stopped' };

/** A task under way. */
export type Driven<T> = { readonly done: Promise<DriverEnd<T>>; stop(): void; kill(): void };

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

// After a stop, `finally` blocks may still wait, but not for ever.
const stopLimitMs = 60_000;

/**
 * Resumes a task until it ends: lets other work run between slices, waits for what it yields, and hands the result back in.
 * `stop` returns the task at its next pause, so that its `finally` blocks run.
 */
export const drive = <T>(session: Session, make: () => Task<T>): Driven<T> => {
  const stopper = new AbortController();
  const stopped = new Promise<void>((resolve) =>
    stopper.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const killer = new AbortController();
  const killed = new Promise<DriverEnd<T>>((resolve) =>
    killer.signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true }),
  );
  const loop = async (): Promise<DriverEnd<T>> => {
    const task = make();
    let returning = false;
    let deadline = Infinity;
    let resume: () => IteratorResult<unknown, T> = () => task.next();
    for (;;) {
      if (killer.signal.aborted) return { kind: 'stopped' };
      session.startSlice();
      let step: IteratorResult<unknown, T>;
      try {
        if (stopper.signal.aborted && !returning) {
          returning = true;
          deadline = performance.now() + stopLimitMs;
          step = task.return(undefined as T);
        } else step = resume();
      } catch (error) {
        return returning ? { kind: 'stopped' } : { kind: 'thrown', error };
      }
      if (step.done) return returning ? { kind: 'stopped' } : { kind: 'value', value: step.value };
      if (returning && performance.now() > deadline) return { kind: 'stopped' };
      const pause = step.value;
      if (!(pause instanceof Promise)) {
        await breathe();
        resume = () => task.next();
        continue;
      }
      try {
        const value: unknown = returning ? await pause : await Promise.race([pause, stopped]);
        // What the pause was held for may be to fail the script right here, in the middle of a command.
        const fault = returning ? undefined : session.takeFault();
        resume = fault === undefined ? () => task.next(value) : () => task.throw(fault);
      } catch (error) {
        resume = () => task.throw(error);
      }
    }
  };
  return { done: Promise.race([loop(), killed]), stop: () => stopper.abort(), kill: () => killer.abort() };
};
