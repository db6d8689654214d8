import { Failure, type FailureCode } from '../../../kernel/failure.ts';
import type { ConnectionCause } from '../connection-causes.ts';
import type { RecoveryWindow } from './recovery-window.ts';

/** How long a host is waited for that says, or shows, that nothing of it listens: a service needs seconds to start again. In ms. */
const awayMs = 15_000;

/**
 * How a host is waited for that cannot be reached: not at all, until a service is there again, or as long as a lost answer is asked for,
 * since a script runs there.
 */
export type Patience = 'none' | 'brief' | 'long';

/** What a request allows. */
export type ResendRules = {
  /** Whether it may be sent again although it may have been done: it changes nothing then, or the host knows it again. */
  readonly repeatable: () => boolean;
  readonly patience: Patience;
  /** How long it is tried after the first failure of its call, in ms. */
  readonly limitMs: number;
  /**
   * How long after a try that may have been processed the request may still be sent, in ms: later the host has forgotten its answer, and would do
   * it again. Endless by default.
   */
  readonly keptMs?: number;
  readonly window: RecoveryWindow;
  /** Wakes whoever waits for the next try, which is then the last one; if nothing was processed there is none. */
  readonly leave?: AbortSignal | undefined;
};

/** Troubles of a moment: another try at once may find them gone. */
const momentary: readonly unknown[] = ['broken'] satisfies ConnectionCause[];
/** The host says so itself, or its system: the service is not there now. */
const away: readonly unknown[] = ['service-away', 'refused'] satisfies ConnectionCause[];
/** Refused accounts and certificates that are not trusted stay so: somebody must act first, and one more login could lock the account. */
const refusals: readonly FailureCode[] = ['unauthenticated', 'untrusted-host', 'clock-skew'];

/** How long after a failure a request may be tried, in ms; 0: not at all. `lost`: an earlier try may have been processed. */
export function limitAfter(failure: Failure, rules: Pick<ResendRules, 'patience' | 'limitMs'>, lost: boolean): number {
  const { patience, limitMs } = rules;
  const cause = failure.facts['cause'];
  if (patience === 'long') return limitMs;
  if (away.includes(cause)) return lost || patience === 'brief' ? Math.min(limitMs, awayMs) : 0;
  if (lost) return limitMs;
  return patience === 'brief' && momentary.includes(cause) ? Math.min(limitMs, awayMs) : 0;
}

/** Whether the host could not be reached, or was lost: another try may find it. Not if the session is gone, was closed here, or was refused. */
export function isAway({ code, cause, facts }: Failure): boolean {
  if (code !== 'dropped' && code !== 'unreachable') return false;
  if (cause instanceof Failure && refusals.includes(cause.code)) return false;
  return facts['cause'] !== 'closed' && facts['faultCode'] === undefined;
}

/**
 * What becomes of a request whose exchange failed. One that surely was not processed is sent once more at once; one that may have been is
 * sent again only if that cannot make it happen twice, until it is answered or the time is over.
 */
export class Resend {
  readonly #rules: ResendRules;
  #tries = 0;
  /** The first failure that leaves open whether the request was processed. */
  #loss: Failure | undefined;
  /** The request's own time: another one of the call that is answered gives it no more. */
  readonly #window: RecoveryWindow;
  #triedMs = Number.NaN;
  /** Nothing is sent from this moment on. */
  #untilMs = Number.POSITIVE_INFINITY;

  constructor(rules: ResendRules) {
    this.#rules = rules;
    this.#window = rules.window.within();
  }

  /** A try begins. Gives the moment, as `performance.now()` tells it, from which on it must not be sent any more. */
  begins(): number {
    this.#triedMs = performance.now();
    return this.#untilMs;
  }

  /** Whether an earlier try may have been processed. */
  get mayBeDone(): boolean {
    return this.#loss !== undefined;
  }

  /** Returns when the request is to be sent again. @throws what its caller is to be told otherwise */
  async after(error: unknown): Promise<void> {
    const { repeatable, patience, keptMs, leave } = this.#rules;
    // The caller left before this try had sent anything.
    if (leave?.aborted === true && error === leave.reason) throw this.#loss ?? error;
    if (!(error instanceof Failure)) throw error;
    this.#tries++;
    this.#window.note(error);
    if (error.code === 'dropped' && !this.#loss) {
      this.#loss = error;
      // The host keeps its answer from the end of its own connection on, which may be long before ours; but never from before the request was sent.
      if (keptMs !== undefined) this.#untilMs = this.#triedMs + keptMs;
    }
    const give = () => (this.#loss ? asLost(this.#loss, error) : error);
    if (!isAway(error) || (this.mayBeDone && !repeatable())) throw give();
    if (!this.mayBeDone && patience === 'none') {
      if (this.#tries > 1 || !momentary.includes(error.facts['cause'])) throw error;
      return;
    }
    const limitMs = limitAfter(error, this.#rules, this.mayBeDone);
    if (!(await this.#window.next(error, { limitMs, untilMs: this.#untilMs, wake: leave }))) throw give();
    if (leave?.aborted === true && !this.mayBeDone) throw leave.reason;
  }
}

/** A request that may have been processed is told as such, whatever hindered its last try. */
function asLost(loss: Failure, error: Failure): Failure {
  if (error.code === 'dropped') return error;
  const said = `An answer was lost (${loss.message}), and the host could not be asked again: ${error.message}`;
  return new Failure('dropped', said, { cause: error, facts: error.facts });
}
