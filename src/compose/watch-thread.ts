import type { Worker } from 'node:worker_threads';

/** How much a run in a thread may take; times in milliseconds. */
export type ThreadLimits = {
  /** Memory of the thread's lasting objects, MB. One that wants more ends alone, and not the program with it. */
  readonly memoryMb: number;
  /** Time of a processor. The waits of a run are skipped, so one that takes so much does not end. */
  readonly busyMs: number;
  /** Real time: one that waits for something that never comes takes no processor. */
  readonly realMs: number;
  /** Real time in which a thread that was told to stop must answer. */
  readonly graceMs: number;
  /** How often that is looked at. */
  readonly everyMs: number;
};

/** Two minutes of work, ten of waiting; more memory than one script may hold (docs/lab-endpoint.md). */
export const defaultThreadLimits: ThreadLimits = {
  memoryMb: 2048,
  busyMs: 120_000,
  realMs: 600_000,
  graceMs: 15_000,
  everyMs: 2_000,
};

/** What is done with a thread whose run does not end: it is told, and where it does not hear that (a loop inside one operation), ended. */
export type StuckThread = { readonly stop: (why: string) => void; readonly end: (why: string) => void };

/** Watches a thread from outside, where a thread that never comes to rest cannot hold the clock up. Stops when told to. */
export function watchThread(thread: Worker, limits: ThreadLimits, stuck: StuckThread): { stop(): void } {
  const startedMs = performance.now();
  let before: number | null = null;
  let toldMs: number | null = null;
  let isOver = false;
  const look = async (): Promise<void> => {
    const busyMs = await busyTimeOf(thread);
    if (isOver) return;
    before ??= busyMs;
    const why = whyStuck(busyMs - before, performance.now() - startedMs, limits);
    if (why === null) return;
    if (toldMs === null) {
      toldMs = performance.now();
      stuck.stop(why);
    } else if (performance.now() - toldMs >= limits.graceMs) {
      stop();
      stuck.end(why);
    }
  };
  const lookNow = (): void => void look().catch(() => undefined);
  const timer = setInterval(lookNow, limits.everyMs);
  const stop = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  lookNow();
  return { stop };
}

function whyStuck(busyMs: number, realMs: number, limits: ThreadLimits): string | null {
  const late = (what: string, ms: number): string =>
    `the run did not end within ${ms / 1000} s${what}, although its waits are skipped`;
  if (busyMs >= limits.busyMs) return late(' of a processor’s time', limits.busyMs);
  return realMs >= limits.realMs ? late('', limits.realMs) : null;
}

/** Time of a processor that a thread has used, ms; before Node 24.6 the time in which it was not idle. */
async function busyTimeOf(thread: Worker): Promise<number> {
  if (typeof thread.cpuUsage !== 'function') return thread.performance.eventLoopUtilization().active;
  const { user, system } = await thread.cpuUsage();
  return (user + system) / 1000;
}
