/** Something that may be waited for besides time, e.g. the end of a process. */
export class Signal {
  #fired = false;
  readonly #waiters = new Set<() => void>();

  get fired(): boolean {
    return this.#fired;
  }

  /** Wakes everybody who waits; later waits return at once. */
  fire(): void {
    this.#fired = true;
    const waiters = Array.from(this.#waiters);
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }

  /** Calls back when fired; the returned function withdraws. */
  listen(wake: () => void): () => void {
    if (this.#fired) wake();
    else this.#waiters.add(wake);
    return () => this.#waiters.delete(wake);
  }
}
