/** How long a shell lives: it ends when nobody has used it for its idle time-out. Time runs from the end of the last operation. */
export class ShellLife {
  readonly #onEnd: () => void;
  #idleTimeoutMs: number;
  #inUse = 0;
  #lastUseMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  readonly #bornMs = performance.now();

  /** @param onEnd called once when the shell has been idle for too long */
  constructor(idleTimeoutMs: number, onEnd: () => void) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#onEnd = onEnd;
    this.#restart();
  }

  get idleTimeoutMs(): number {
    return this.#idleTimeoutMs;
  }

  set idleTimeoutMs(ms: number) {
    this.#idleTimeoutMs = ms;
    this.#restart();
  }

  /** Age, and for how long nobody has used it. */
  get times(): { readonly runTimeMs: number; readonly inactiveMs: number } {
    const now = performance.now();
    return {
      runTimeMs: Math.round(now - this.#bornMs),
      inactiveMs: this.#inUse > 0 ? 0 : Math.round(now - this.#lastUseMs),
    };
  }

  /** Runs one operation of a client; the shell is not idle meanwhile. */
  async use<T>(operation: () => T | Promise<T>): Promise<T> {
    this.#inUse++;
    clearTimeout(this.#timer);
    try {
      return await operation();
    } finally {
      this.#inUse--;
      this.#lastUseMs = performance.now();
      this.#restart();
    }
  }

  /** The shell has ended in another way. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    if (this.#ended || this.#inUse > 0) return;
    this.#timer = setTimeout(this.#onEnd, this.#idleTimeoutMs);
    this.#timer.unref();
  }
}
