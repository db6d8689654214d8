/**
 * What tasks and programs that nobody waits for used and the lab does not simulate. It is kept until it was told: to the next statement of any
 * script on the machine, or to who drives the machine without one.
 */
export class OutsideFailures {
  #kept: readonly Error[] = [];

  /** Whether there is something that was not told yet. */
  get isWaiting(): boolean {
    return this.#kept.length > 0;
  }

  /** Keeps an error that ended something beside the scripts of whoever works with the machine. */
  tell(error: unknown): void {
    this.#kept = [...this.#kept, error instanceof Error ? error : new Error(String(error))];
  }

  /** Gives the first one, once. */
  take(): Error | undefined {
    const [first, ...rest] = this.#kept;
    this.#kept = rest;
    return first;
  }
}
