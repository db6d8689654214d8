/** How long and how often a host run tries and waits; milliseconds where not said otherwise. */
export type HostRunLimits = {
  /** Connection attempts before the first change. */
  readonly connectTries: number;
  /** Attempts with refused credentials: few, so that no account gets locked. */
  readonly refusedTries: number;
  /** Sessions that break one after another without anything getting done in between. */
  readonly lossTries: number;
  /** First pause after a lost connection; doubled up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** How long a host that has been touched may stay unreachable before people are called. */
  readonly lostLimitMs: number;
  readonly claimRetryMs: number;
  /** How long another run's claim is waited for. */
  readonly claimLimitMs: number;
  /** First pause between questions after work under way on the host; doubled up to `pollMaxMs`. */
  readonly pollMs: number;
  readonly pollMaxMs: number;
  /** Granted beyond an action's longest duration before its work counts as stuck. */
  readonly graceMs: number;
  readonly protectionLimitMs: number;
  /** Between the request of a restart and the restart. */
  readonly rebootDelayMs: number;
  readonly rebootPollMs: number;
  readonly rebootLimitMs: number;
  /** Refused logins while a restart is awaited: a host that has just started may refuse a good password for a while. */
  readonly rebootRefusedTries: number;
  /** First pause after one of them, doubled after each. */
  readonly rebootRefusedMs: number;
  /** First pause while nobody is signed in; doubled up to `signOnPollMaxMs`, but not once anything was changed. */
  readonly signOnPollMs: number;
  readonly signOnPollMaxMs: number;
  /** How long a sign-on is waited for where no window closes earlier. */
  readonly signOnLimitMs: number;
  /** Kept free before a window's end (I5). */
  readonly windowMarginMs: number;
  readonly evidenceBytes: number;
  /** How often one step may be in doubt before the run is undone. */
  readonly doubtTries: number;
};

/** Limits for real hosts; labs and tests take shorter ones. */
export const defaultLimits: HostRunLimits = {
  connectTries: 4,
  refusedTries: 2,
  lossTries: 20,
  retryMs: 2_000,
  retryMaxMs: 60_000,
  lostLimitMs: 45 * 60_000,
  claimRetryMs: 30_000,
  claimLimitMs: 30 * 60_000,
  pollMs: 500,
  pollMaxMs: 30_000,
  graceMs: 5 * 60_000,
  protectionLimitMs: 20 * 60_000,
  rebootDelayMs: 5_000,
  rebootPollMs: 10_000,
  rebootLimitMs: 40 * 60_000,
  rebootRefusedTries: 3,
  rebootRefusedMs: 60_000,
  signOnPollMs: 60_000,
  signOnPollMaxMs: 5 * 60_000,
  signOnLimitMs: 24 * 60 * 60_000,
  windowMarginMs: 2 * 60_000,
  evidenceBytes: 64 * 1024,
  doubtTries: 5,
};
