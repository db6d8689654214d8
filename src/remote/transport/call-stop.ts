import { formatDuration } from '../../kernel/duration.ts';
import { Failure } from '../../kernel/failure.ts';
import type { InvokeOptions } from '../powershell/remote-shell.ts';

const maybeRunning = 'The host did not confirm a stop: the script may still be running there.';

/** Why a call is stopped, and what is thrown if the host does not confirm it. */
type Reason = {
  readonly error: unknown;
  readonly unconfirmed: (cause: Failure) => Failure;
  /** Whether a pipeline that completed nevertheless counts. */
  readonly keepsResult: boolean;
};

/** What a call is stopped by. */
export type StopWay = {
  /** Name of the host for messages. */
  readonly host: string;
  /** How long the pipeline may take to end once it was to be stopped, ms. */
  readonly stopGraceMs: number;
  /** Asks the host to stop the pipeline. Gives `stopped` if this answer is all that comes. */
  readonly stop: () => Promise<'asked' | 'stopped'>;
  /** Gives the session up: whatever is awaited from it fails `dropped`. */
  readonly abandon: () => void;
  /** Calls back after so many ms; what it gives cancels. Default: a timer of this process. */
  readonly after?: (ms: number, fire: () => void) => () => void;
};

const realTimer = (ms: number, fire: () => void): (() => void) => {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
};

/**
 * Ends a call before its pipeline does: by its time limits, its signal, or an observer that threw. The host is asked to stop, and the call is
 * over when the host says so. A host that does not within the grace time holds the session's only runspace: the session is given up. The
 * grace time begins when the stop is decided on, not when the host gets to know of it: what keeps the request from going out counts too, so
 * that a call ends in time whatever hangs.
 */
export class CallStop {
  readonly #way: StopWay;
  readonly #options: InvokeOptions;
  readonly #unbegun = new AbortController();
  readonly #abort = () => this.now(this.#options.signal?.reason);
  #reason: Reason | undefined;
  #begun = false;
  #confirmed = false;
  readonly #after: (ms: number, fire: () => void) => () => void;
  #endTotal: (() => void) | undefined;
  #endSilence: (() => void) | undefined;
  #endGrace: (() => void) | undefined;

  constructor(way: StopWay, options: InvokeOptions) {
    this.#way = way;
    this.#options = options;
    this.#after = way.after ?? realTimer;
  }

  /** Aborted when the call is stopped before its pipeline began: what is awaited until then can be left at once. */
  get unbegun(): AbortSignal {
    return this.#unbegun.signal;
  }

  /** Whether the host's answer to the stop was all that comes from the pipeline. */
  get confirmed(): boolean {
    return this.#confirmed;
  }

  /** Begins to watch the total limit and the signal. */
  watch(): void {
    const { signal, timeoutMs } = this.#options;
    if (timeoutMs !== undefined)
      this.#endTotal = this.#after(timeoutMs, () => this.#ask(this.#late('was not done', timeoutMs)));
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** The host has the pipeline: from here on it must be asked. */
  begun(): void {
    this.#begun = true;
    this.heard();
    if (this.#reason) this.#send();
  }

  /** Something came from the script. */
  heard(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === undefined) return;
    this.#endSilence?.();
    this.#endSilence = this.#after(silenceMs, () => this.#ask(this.#late('said nothing', silenceMs)));
  }

  /** Stops the call with this reason, whatever the pipeline still gives. */
  now(error: unknown): void {
    const said = `The call was to be stopped on ${this.#way.host}. ${maybeRunning}`;
    const facts = { cause: 'not-stopped', stopped: false };
    this.#ask({ error, keepsResult: false, unconfirmed: () => new Failure('dropped', said, { cause: error, facts }) });
  }

  /** @throws the reason of a stop */
  throwIfAsked(): void {
    if (this.#reason) throw this.#reason.error;
  }

  /** @throws the reason of a stop, unless it was a time limit and the pipeline completed nevertheless */
  throwUnlessKept(completed: boolean): void {
    if (this.#reason && !(this.#reason.keepsResult && completed)) throw this.#reason.error;
  }

  /** What a failure of the call means to its caller: after a stop, a lost session says that the stop was not confirmed. */
  explain(error: unknown): unknown {
    const isLoss = error instanceof Failure && (error.code === 'dropped' || error.code === 'unreachable');
    return this.#reason && isLoss && error !== this.#reason.error ? this.#reason.unconfirmed(error) : error;
  }

  /** Ends all watching. */
  end(): void {
    for (const end of [this.#endTotal, this.#endSilence, this.#endGrace]) end?.();
    this.#options.signal?.removeEventListener('abort', this.#abort);
  }

  #late(what: string, ms: number): Reason {
    const said = `The script ${what} within ${formatDuration(ms)}`;
    return {
      error: new Failure('timed-out', `${said} and was stopped.`, { facts: { stopped: true } }),
      keepsResult: true,
      unconfirmed: (cause) =>
        new Failure('timed-out', `${said}. ${maybeRunning}`, { cause, facts: { ...cause.facts, stopped: false } }),
    };
  }

  #ask(reason: Reason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#endGrace = this.#after(this.#way.stopGraceMs, this.#way.abandon);
    if (this.#begun) this.#send();
    else this.#unbegun.abort(reason.error);
  }

  #send(): void {
    // If the request is lost, the waiting receive finds out or the grace time ends it.
    this.#way.stop().then(
      (answer) => {
        this.#confirmed = answer === 'stopped';
      },
      () => undefined,
    );
  }
}
