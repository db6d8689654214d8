import type { Signal } from './signal.ts';

type Timer = { readonly due: number; readonly order: number; readonly fire: () => void };

const count = (table: Map<number, number>, pid: number, by: 1 | -1): void => {
  const left = (table.get(pid) ?? 0) + by;
  if (left <= 0) table.delete(pid);
  else table.set(pid, left);
};

/** Runs of one process that are under way: how many, and how much had been skipped when the first of them began. */
type Run = { count: number; readonly skippedBefore: number; hasTriedPatience: boolean };

/**
 * The clocks of a simulated machine. The monotonic clock is real time plus what was skipped: when every script that runs on the machine
 * waits, time jumps to the next moment at which something happens.
 * The wall clock is real time plus the machine's skew, plus what was skipped since the call that runs longest began: a script that waits
 * for a moment of its clock sees it come. With the end of the call the wall clock is back at real time plus skew, because whoever asks a
 * host for its time compares it with his own.
 * What must stay true: as long as one script computes, nobody's wait is skipped (a task must never lose a race against a waiting session);
 * the moment of the last boot moves with restarts and steps of the clock only.
 */
export class SimulatedClock {
  /** Wall clock minus real time, in ms. */
  skewMs: number;
  /** Once so many ms were skipped while a script was at work, waits on the machine take real time until it ends: a poll for what never comes would burn a processor. */
  patienceMs = Number.POSITIVE_INFINITY;
  /** Told once for each script that has waited for longer than that. */
  onImpatience: ((pid: number) => void) | undefined;
  #skippedMs = 0;
  #bootedAtMs: number;
  /** Real time at the last boot. */
  #bootedRealMs: number;
  #order = 0;
  #timers: Timer[] = [];
  readonly #startedAt = performance.now();
  readonly #active = new Map<number, Run>();
  /** Waits and holds by process. */
  readonly #waiting = new Map<number, number>();
  /** What ends the waits of a process before their time. */
  readonly #wakes = new Map<number, Set<() => void>>();
  /** Waits that have an end by themselves, by process. */
  readonly #sleeping = new Map<number, number>();
  readonly #isGone: (pid: number) => boolean;
  #settling = false;
  #realTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param options skew of the wall clock and time since the last boot, both in ms; and whether a process has ended */
  constructor(options: { skewMs: number; uptimeMs: number; isGone?: (pid: number) => boolean }) {
    this.#isGone = options.isGone ?? (() => false);
    this.skewMs = options.skewMs;
    this.#bootedAtMs = -options.uptimeMs;
    this.#bootedRealMs = Date.now() - options.uptimeMs;
  }

  /**
   * Milliseconds since 1970 UTC as the machine believes.
   * @param pid a process that was started from outside sees only the time that its own call has waited, whatever else runs
   */
  wallMs(pid?: number): number {
    const own = pid === undefined ? undefined : this.#active.get(pid)?.skippedBefore;
    return Date.now() + this.skewMs + this.#skippedMs - (own ?? this.#skippedBeforeAll());
  }

  /** The wall clock as a call that begins now sees it. */
  callMs(): number {
    return Date.now() + this.skewMs;
  }

  /** How much had been skipped before the longest of all that is under way began. */
  #skippedBeforeAll(): number {
    let before = this.#skippedMs;
    for (const [pid, run] of this.#active) if (!this.#isGone(pid)) before = Math.min(before, run.skippedBefore);
    return before;
  }

  /** Monotonic milliseconds; never set back, not even by a restart. */
  monotonicMs(): number {
    return performance.now() - this.#startedAt + this.#skippedMs;
  }

  /** Milliseconds since the machine started. */
  uptimeMs(): number {
    return this.monotonicMs() - this.#bootedAtMs;
  }

  /** Wall clock at the last boot, as Windows reckons it: a step of the clock moves it, too. */
  bootWallMs(): number {
    return this.#bootedRealMs + this.skewMs;
  }

  /** Time passes while nothing runs (a restart); timers that fall due come afterwards. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  /** The machine has just started. */
  restart(): void {
    this.#bootedAtMs = this.monotonicMs();
    this.#bootedRealMs = Date.now();
  }

  /** Calls back after `ms` of monotonic time; the returned function cancels. */
  after(ms: number, fire: () => void): () => void {
    const timer: Timer = { due: this.monotonicMs() + Math.max(0, ms), order: ++this.#order, fire };
    const at = this.#timers.findIndex((other) => other.due > timer.due);
    if (at < 0) this.#timers.push(timer);
    else this.#timers.splice(at, 0, timer);
    this.#armRealTimer();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** A script of the process begins to compute, as part of what the machine is at already; the returned function says that it ended. */
  run(pid: number): () => void {
    return this.#begin(pid, this.#skippedBeforeAll());
  }

  /** As `run`, for a script that somebody outside the machine has sent: its wall clock starts at real time. */
  runCall(pid: number): () => void {
    return this.#begin(pid, this.#skippedMs);
  }

  #begin(pid: number, skippedBefore: number): () => void {
    const run = this.#active.get(pid) ?? { count: 0, skippedBefore, hasTriedPatience: false };
    run.count += 1;
    this.#active.set(pid, run);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      run.count -= 1;
      if (run.count === 0) this.#active.delete(pid);
      this.#settleSoon();
    };
  }

  /** A script of the process does not compute until the returned function is called (held by a test, or waiting for something outside time). */
  hold(pid: number): () => void {
    count(this.#waiting, pid, 1);
    this.#settleSoon();
    let held = true;
    return () => {
      if (held) count(this.#waiting, pid, -1);
      held = false;
    };
  }

  /**
   * A process waits `ms` of monotonic time, or less if the signal fires. `undefined` means that the wait is already over; one that was
   * interrupted always gives a promise, so that whoever drives the script gets its turn before the script goes on.
   */
  wait(pid: number, ms: number, signal?: Signal): Promise<void> | undefined {
    if (signal?.fired || ms <= 0) return undefined;
    let over = false;
    let interrupted = false;
    let wake: () => void = () => undefined;
    const isTimed = Number.isFinite(ms);
    count(this.#waiting, pid, 1);
    if (isTimed) count(this.#sleeping, pid, 1);
    const finish = (): void => {
      if (over) return;
      over = true;
      count(this.#waiting, pid, -1);
      if (isTimed) count(this.#sleeping, pid, -1);
      cancel();
      ignore?.();
      wakes.delete(interrupt);
      if (wakes.size === 0) this.#wakes.delete(pid);
      wake();
    };
    const interrupt = (): void => {
      interrupted = true;
      finish();
    };
    const wakes = this.#wakes.get(pid) ?? new Set();
    this.#wakes.set(pid, wakes.add(interrupt));
    const cancel = isTimed ? this.after(ms, finish) : () => undefined;
    const ignore = signal?.listen(finish);
    while (!over && this.#maySkip() && !this.#isGone(pid) && this.#jump());
    // What came up while it slept has ended its process (a restart): nobody is there to go on.
    if (this.#isGone(pid)) {
      finish();
      return new Promise(() => undefined);
    }
    if (over) return interrupted ? Promise.resolve() : undefined;
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  /** Ends all waits of a process at this moment: its script is to be stopped. */
  interrupt(pid: number): void {
    for (const end of this.#wakes.get(pid) ?? []) end();
  }

  /** Stops all timers: the machine is gone. */
  close(): void {
    this.#closed = true;
    this.#timers = [];
    if (this.#realTimer) clearTimeout(this.#realTimer);
  }

  #maySkip(): boolean {
    return this.#everybodyWaits() && this.#somebodySleeps() && this.#isPatient();
  }

  #isPatient(): boolean {
    let patient = true;
    for (const [pid, run] of this.#active) {
      if (this.#isGone(pid) || this.#skippedMs - run.skippedBefore < this.patienceMs) continue;
      patient = false;
      if (!run.hasTriedPatience) this.onImpatience?.(pid);
      run.hasTriedPatience = true;
    }
    return patient;
  }

  #everybodyWaits(): boolean {
    for (const [pid, { count: running }] of this.#active) if ((this.#waiting.get(pid) ?? 0) < running) return false;
    return true;
  }

  /** Lets time jump to the next moment at which something happens; false if there is none, as on a machine that is gone. */
  #jump(): boolean {
    const next = this.#timers.shift();
    if (!next) return false;
    const ahead = next.due - this.monotonicMs();
    // Whole milliseconds, as real time is told: a wait is never shorter by the wall clock than by the monotonic one.
    if (ahead > 0) this.#skippedMs += Math.ceil(ahead);
    next.fire();
    return true;
  }

  #settleSoon(): void {
    if (this.#settling || this.#closed) return;
    this.#settling = true;
    setImmediate(() => {
      this.#settling = false;
      while (this.#maySkip() && this.#jump());
    });
  }

  /** Time is skipped for sleeping scripts only; timers of an idle machine come when real time has passed. */
  #somebodySleeps(): boolean {
    if (this.#active.size === 0) return this.#sleeping.size > 0;
    for (const pid of this.#active.keys()) if (this.#sleeping.has(pid)) return true;
    return false;
  }

  #armRealTimer(): void {
    if (this.#closed) return;
    if (this.#realTimer) clearTimeout(this.#realTimer);
    const next = this.#timers[0];
    if (!next) return;
    const delay = Math.min(Math.max(next.due - this.monotonicMs(), 0), 2 ** 31 - 1);
    this.#realTimer = setTimeout(() => {
      while (this.#timers[0] && this.#timers[0].due <= this.monotonicMs()) this.#jump();
      this.#armRealTimer();
    }, delay);
    this.#realTimer.unref();
  }
}
