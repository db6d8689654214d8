import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../../kernel/failure.ts';

/** First and longest pause before a request is sent again, in ms. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

/** What a request allows. */
export type ResendRules = {
  /** Whether it may be sent again although it may have been done: it changes nothing then, or the host knows it again. */
  readonly repeatable: () => boolean;
  /** How long it may be tried after it was lost, in ms. */
  readonly windowMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
};

/**
 * What becomes of a request whose exchange failed. One that surely was not processed is sent once more at once; one that may have been is
 * sent again only if that cannot make it happen twice, until it is answered or the time is over.
 */
export class Resend {
  readonly #rules: ResendRules;
  #tries = 0;
  #lostAtMs: number | undefined;

  constructor(rules: ResendRules) {
    this.#rules = rules;
  }

  /** Whether an earlier try may have been processed. */
  get mayBeDone(): boolean {
    return this.#lostAtMs !== undefined;
  }

  /** Returns when the request is to be sent again. @throws what its caller is to be told otherwise */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof Failure)) throw error;
    this.#tries++;
    // Refused accounts and certificates that are not trusted stay so: somebody must act first.
    const isLoss = error.code === 'dropped' || error.code === 'unreachable';
    if (error.code === 'dropped') this.#lostAtMs ??= performance.now();
    if (this.#lostAtMs === undefined) {
      const { cause } = error.facts;
      const isBrief = cause !== 'timeout' && cause !== 'closed';
      if (error.code !== 'unreachable' || this.#tries > 1 || !isBrief) throw error;
      return;
    }
    if (!isLoss || !this.#rules.repeatable() || this.#rules.signal.aborted) throw asLost(error);
    await pauseBefore(this.#tries - 1, this.#rules.signal);
    if (this.#rules.signal.aborted || performance.now() - this.#lostAtMs > this.#rules.windowMs) throw asLost(error);
  }
}

/** Waits before a try that follows others: not before the first, longer before each next one; not for all sessions of a worker at once. */
export async function pauseBefore(tries: number, signal: AbortSignal): Promise<void> {
  if (tries <= 0) return;
  const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** A request that may have been processed is told as such, whatever hindered its last try. */
function asLost(error: Failure): Failure {
  if (error.code === 'dropped' || error.code === 'protocol-error') return error;
  return new Failure('dropped', `An answer was lost, and the host could not be asked again: ${error.message}`, {
    cause: error,
    facts: error.facts,
  });
}
