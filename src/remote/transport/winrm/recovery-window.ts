import type { Failure } from '../../../kernel/failure.ts';
import type { ConnectionCause } from '../connection-causes.ts';

/** First and longest pause before a try that follows others, in ms. */
const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** So many answers that prove nothing are taken: what answers so thrice mostly does so for good. */
const mostUnproven = 3;
const provingNothing: readonly unknown[] = ['unproven', 'not-winrm'] satisfies ConnectionCause[];

/** What holds for one wait. */
export type WaitRules = {
  /** How long after the first failure something may be tried, in ms. */
  readonly limitMs: number;
  /** Nothing is tried from this moment on (as `performance.now()` tells it), whatever was heard meanwhile. */
  readonly untilMs?: number;
  /** Ends the wait; the try is then made at once, and is the last one. */
  readonly wake?: AbortSignal | undefined;
};

/**
 * The time that a call has to get over its losses. It begins with the first failure and is shared by all that is tried to mend it (the request
 * once more, the look for a command, the shell's Reconnect), so that what follows one another does not add up. It ends with the session.
 */
export class RecoveryWindow {
  readonly #ending: AbortSignal;
  readonly #outer: RecoveryWindow | undefined;
  #sinceMs: number | undefined;
  #tries = 0;
  #unproven = 0;
  /** What was counted last: one failure is told by each that it goes through. */
  #noted: Failure | undefined;

  constructor(ending: AbortSignal, outer?: RecoveryWindow) {
    this.#ending = ending;
    this.#outer = outer;
  }

  /** The time of one request within this one: what fails counts in both, and what others hear gives it no more time. */
  within(): RecoveryWindow {
    return new RecoveryWindow(this.#ending, this);
  }

  /** The host has answered as it should, or a new call begins: what was lost before counts no more. */
  heard(): void {
    this.#sinceMs = undefined;
    this.#tries = 0;
    this.#unproven = 0;
  }

  /** Counts a failure, also one after which its request is not sent again. */
  note(failure: Failure | undefined): void {
    this.#outer?.note(failure);
    if (failure && failure !== this.#noted && provingNothing.includes(failure.facts['cause'])) this.#unproven++;
    this.#noted = failure;
    this.#sinceMs ??= performance.now();
  }

  /**
   * Waits for the time of the next try: not before the first, longer before each next one, never beyond the end; not for all sessions of a
   * worker at once. Gives false if there is to be none.
   */
  async next(failure: Failure | undefined, { limitMs, untilMs, wake }: WaitRules): Promise<boolean> {
    this.note(failure);
    const leftMs = Math.min(this.#leftMs(limitMs), (untilMs ?? Number.POSITIVE_INFINITY) - performance.now());
    if (leftMs <= 0 || this.#provesNothing || this.#ending.aborted || wake?.aborted === true) return false;
    const tries = this.#try();
    if (tries === 0) return true;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
    await pause(Math.min(pauseMs, leftMs), wake ? AbortSignal.any([wake, this.#ending]) : this.#ending);
    return !this.#ending.aborted;
  }

  get #provesNothing(): boolean {
    return this.#unproven >= mostUnproven || (this.#outer !== undefined && this.#outer.#provesNothing);
  }

  #leftMs(limitMs: number): number {
    const own = this.#sinceMs === undefined ? limitMs : this.#sinceMs + limitMs - performance.now();
    return this.#outer ? Math.min(own, this.#outer.#leftMs(limitMs)) : own;
  }

  /** How many tries there were before this one. */
  #try(): number {
    return Math.max(this.#tries++, this.#outer ? this.#outer.#try() : 0);
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
