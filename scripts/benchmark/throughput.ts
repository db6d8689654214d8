import type { Figure } from './section.ts';

/** Processor time of this thread so far. With `--single-threaded-gc` the collection of garbage is in it. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Long enough that the clock's steps do not count and that garbage is collected in each. */
const roundMs = 200;
const warmUpMs = 300;
const measureMs = 2000;

/** Does the work again and again for a round; gives the milliseconds of one time. */
function round(work: () => unknown): number {
  const before = cpuMs();
  let times = 0;
  let spent = 0;
  while (spent < roundMs) {
    work();
    times++;
    spent = cpuMs() - before;
  }
  return spent / times;
}

/**
 * Milliseconds of processor time that the work takes: best and median of ten rounds or so, after a warm-up. The best tells what the code
 * can do, since others on the machine only ever make a round slower; a median far from it tells that there were others.
 */
export function timeOf(work: () => unknown): { readonly medianMs: number; readonly bestMs: number } {
  for (const until = cpuMs() + warmUpMs; cpuMs() < until; ) work();
  const rounds: number[] = [];
  for (const until = cpuMs() + measureMs; cpuMs() < until; ) rounds.push(round(work));
  rounds.sort((a, b) => a - b);
  return { medianMs: rounds[rounds.length >> 1] ?? Number.NaN, bestMs: rounds[0] ?? Number.NaN };
}

/** MB (10^6 bytes) that the work gets through in a second of one core. */
export function throughput(name: string, bytes: number, work: () => unknown, aim?: Figure['aim']): Figure {
  const { medianMs, bestMs } = timeOf(work);
  const rate = (ms: number): number => bytes / 1000 / ms;
  const detail = `median ${rate(medianMs).toFixed(0)}, ${(bytes / 1e6).toFixed(1)} MB each time`;
  return { name, value: rate(bestMs), unit: 'MB/s', detail, ...(aim === undefined ? {} : { aim }) };
}
