import { Failure } from '../../../kernel/failure.ts';

/** How long a session must have been idle before its finished commands are terminated, in ms. */
const idleMs = 50;
/** The same after many attempts that the host refused. */
const longestDelayMs = 60_000;
/** With so many waiting, a connection is opened for them while a script runs. */
const urgent = 100;

/** What is done to the commands. */
export type TerminationWork = {
  /** Whether a connection is free, so that nobody has to wait. */
  readonly spare: () => boolean;
  /** Tells the host that a command is done with. `leave` ends what waits for that. */
  readonly terminate: (commandId: string, leave?: AbortSignal) => Promise<void>;
};

/**
 * Finished commands of which the host does not know yet that we are done with them. They count against the shell's limit of 1,000, so they are
 * terminated, but never so that a call waits for it: when the session is idle, or over a connection that has nothing else to do.
 */
export class Terminations {
  readonly #work: TerminationWork;
  readonly #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing = false;
  #closed = false;
  /** Attempts that failed in a row. */
  #failures = 0;
  /** After one that failed none follows before this moment, as `performance.now()` tells it. */
  #notBeforeMs = 0;

  constructor(work: TerminationWork) {
    this.#work = work;
  }

  /** Commands that the host still counts. */
  get count(): number {
    return this.#waiting.length;
  }

  /** A command is done with. */
  add(commandId: string): void {
    this.#waiting.push(commandId);
    this.#await();
  }

  /** A script runs, and the host holds the request for its output: what another connection can do now delays nothing. */
  beside(): void {
    clearTimeout(this.#timer);
    if (performance.now() < this.#notBeforeMs) return this.#await();
    if (this.#work.spare() || this.#waiting.length >= urgent) void this.#flush();
  }

  /** A command is about to begin: the rest waits. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  /**
   * Terminates all that wait: the host takes no further command before.
   * @throws Failure, never `dropped`: the command that this is done for has not begun
   */
  async all(leave?: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    // Taken out before it is asked for: what is under way beside must not take the same one, nor this one's end another one away.
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#work.terminate(next, leave);
      } catch (error) {
        this.#waiting.unshift(next);
        throw error instanceof Failure && error.code === 'dropped' ? notMadeRoom(error) : error;
      }
    }
  }

  /** Ends it; what is left ends with the shell. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #await(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const delayMs = Math.max(idleMs, this.#notBeforeMs - performance.now());
    this.#timer = setTimeout(() => (this.#work.spare() ? void this.#flush() : this.#await()), delayMs);
    // A program that has nothing else to do need not wait: the session's end ends its commands.
    this.#timer.unref();
  }

  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      while (!this.#closed) {
        const next = this.#waiting.shift();
        if (next === undefined) return;
        if (!(await this.#terminate(next))) return this.#await();
        if (!this.#work.spare()) return;
      }
    } finally {
      this.#flushing = false;
    }
  }

  /** Whether the host took it. */
  async #terminate(commandId: string): Promise<boolean> {
    try {
      await this.#work.terminate(commandId);
      this.#failures = 0;
      this.#notBeforeMs = 0;
      return true;
    } catch {
      // Nobody waits for it, so nothing may be thrown. A broken connection shows at the next call; a later idle time tries again, less and less often.
      this.#waiting.push(commandId);
      this.#failures++;
      this.#notBeforeMs = performance.now() + Math.min(idleMs * 2 ** this.#failures, longestDelayMs);
      return false;
    }
  }
}

function notMadeRoom(error: Failure): Failure {
  const said = `The host has no room for another command, and could not be told that earlier ones are done with: ${error.message}`;
  return new Failure('unreachable', said, { cause: error, facts: error.facts });
}
