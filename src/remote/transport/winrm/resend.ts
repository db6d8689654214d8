import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../../kernel/failure.ts';
import type { ConnectionCause } from '../connection-causes.ts';

/** First and longest pause before a request is sent again, in ms. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;

/** What a request allows. */
export type ResendRules = {
  /** Whether it may be sent again although it may have been done: it changes nothing then, or the host knows it again. */
  readonly repeatable: () => boolean;
  /** Whether a host that cannot be reached is waited for even if the request never left. */
  readonly insists: boolean;
  /** How long it is tried after it failed, in ms. */
  readonly windowMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
};

/** So often is a request sent whose answers prove nothing: what answers so once mostly does so for good. */
const mostUnproven = 3;
/** Troubles of a moment: another try at once may find them gone. */
const brief: readonly unknown[] = ['broken'] satisfies ConnectionCause[];

/**
 * What becomes of a request whose exchange failed. One that surely was not processed is sent once more at once; one that may have been is
 * sent again only if that cannot make it happen twice, until it is answered or the time is over.
 */
export class Resend {
  readonly #rules: ResendRules;
  #tries = 0;
  #sinceMs: number | undefined;
  /** The first failure that leaves open whether the request was processed. */
  #loss: Failure | undefined;

  constructor(rules: ResendRules) {
    this.#rules = rules;
  }

  /** Whether an earlier try may have been processed. */
  get mayBeDone(): boolean {
    return this.#loss !== undefined;
  }

  /** Returns when the request is to be sent again. @throws what its caller is to be told otherwise */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof Failure)) throw error;
    const { repeatable, insists, windowMs, signal } = this.#rules;
    const sinceMs = (this.#sinceMs ??= performance.now());
    this.#tries++;
    if (error.code === 'dropped') this.#loss ??= error;
    const give = () => (this.#loss ? asLost(this.#loss, error) : error);
    // Refused accounts and certificates that are not trusted stay so: somebody must act first.
    const isLoss = error.code === 'dropped' || error.code === 'unreachable';
    if (!isLoss || signal.aborted || (this.mayBeDone && !repeatable())) throw give();
    if (!this.mayBeDone && !insists) {
      if (this.#tries > 1 || !brief.includes(error.facts['cause'])) throw error;
      return;
    }
    if (windowMs <= 0 || (isUnproven(error) && this.#tries >= mostUnproven)) throw give();
    await pauseBefore(this.#tries - 1, signal);
    if (signal.aborted || performance.now() - sinceMs > windowMs) throw give();
  }
}

const isUnproven = ({ facts }: Failure): boolean => facts['cause'] === ('unproven' satisfies ConnectionCause);

/** Waits before a try that follows others: not before the first, longer before each next one; not for all sessions of a worker at once. */
export async function pauseBefore(tries: number, signal: AbortSignal): Promise<void> {
  if (tries <= 0) return;
  const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** A request that may have been processed is told as such, whatever hindered its last try. */
function asLost(loss: Failure, error: Failure): Failure {
  if (error.code === 'dropped') return error;
  const said = `An answer was lost (${loss.message}), and the host could not be asked again: ${error.message}`;
  return new Failure('dropped', said, { cause: error, facts: error.facts });
}
