import type { Failure } from '../../../kernel/failure.ts';
import type { ConnectionCause } from '../connection-causes.ts';

/** First and longest pause before a try that follows others, in ms. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** So many answers that prove nothing are taken: what answers so thrice mostly does so for good. */
const mostUnproven = 3;
const provingNothing: readonly unknown[] = ['unproven', 'not-winrm'] satisfies ConnectionCause[];

/**
 * The time that a call has to get over its losses. It begins with the first failure and is shared by all that is tried to mend it (the request
 * once more, the look for a command, the shell's Reconnect), so that what follows one another does not add up. It ends with the session.
 */
export class RecoveryWindow {
  readonly #ending: AbortSignal;
  #sinceMs: number | undefined;
  #tries = 0;
  #unproven = 0;
  /** What was counted last: one failure is told by each that it goes through. */
  #noted: Failure | undefined;

  constructor(ending: AbortSignal) {
    this.#ending = ending;
  }

  /** The host has answered as it should, or a new call begins: what was lost before counts no more. */
  heard(): void {
    this.#sinceMs = undefined;
    this.#tries = 0;
    this.#unproven = 0;
  }

  /** Counts a failure, also one after which its request is not sent again. Gives when the first one came. */
  note(failure: Failure | undefined): number {
    if (failure && failure !== this.#noted && provingNothing.includes(failure.facts['cause'])) this.#unproven++;
    this.#noted = failure;
    return (this.#sinceMs ??= performance.now());
  }

  /**
   * Waits for the time of the next try: not before the first, longer before each next one, never beyond the end; not for all sessions of a
   * worker at once. Gives false if there is to be none.
   * @param limitMs how long after the first failure something may be tried
   * @param wake ends the wait; the try is then made at once, and is the last one
   */
  async next(failure: Failure | undefined, limitMs: number, wake?: AbortSignal): Promise<boolean> {
    const sinceMs = this.note(failure);
    const leftMs = sinceMs + limitMs - performance.now();
    if (leftMs <= 0 || this.#unproven >= mostUnproven || this.#ending.aborted || wake?.aborted === true) return false;
    const tries = this.#tries++;
    if (tries === 0) return true;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
    await pause(Math.min(pauseMs, leftMs), wake ? AbortSignal.any([wake, this.#ending]) : this.#ending);
    return !this.#ending.aborted;
  }
}

/** Resolves after so many ms, or when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
