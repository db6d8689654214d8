import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { hashTag } from './keys.ts';
import { bullConnection, queueNames, type WakeJob } from './wake-queues.ts';

/** What is done when somebody is woken. */
export type WakeHandlers = {
  readonly host: (run: string, host: string) => Promise<void>;
  readonly coordinator: (run: string) => Promise<void>;
  /** A wake-up ended with an error that is no result of the run: a fault of this program. */
  readonly onFault: (error: unknown, job: WakeJob | undefined) => void;
};

/** Settings of the receiving side; milliseconds. */
export type WakeSettings = {
  /** Host runs at the same time. */
  readonly concurrency: number;
  readonly lockMs: number;
  readonly stalledMs: number;
};

/** The receiving side: takes jobs until it is closed. */
export interface WakeWorkers {
  /** Takes no new job; resolves when those under way are done. */
  close(): Promise<void>;
}

/** Never reached: a stalled wake-up only means that its worker died, which says nothing about the host run. */
const stalledForever = 1_000_000_000;

/** Takes wake-ups from both queues. */
export function openWakeWorkers(redis: Redis, handlers: WakeHandlers, settings: WakeSettings): WakeWorkers {
  const options = {
    connection: bullConnection(redis),
    prefix: hashTag,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledMs,
    maxStalledCount: stalledForever,
  };
  const hosts = new Worker<WakeJob>(
    queueNames.hosts,
    async ({ data }) => await handlers.host(String(data.run), String(data.host)),
    { ...options, concurrency: settings.concurrency },
  );
  const runs = new Worker<WakeJob>(queueNames.runs, async ({ data }) => await handlers.coordinator(String(data.run)), {
    ...options,
    concurrency: 4,
  });
  for (const worker of [hosts, runs]) {
    worker.on('failed', (job, error) => handlers.onFault(error, job?.data));
    // Lost connections heal by themselves.
    worker.on('error', () => undefined);
  }
  return {
    async close() {
      await Promise.all([hosts.close(), runs.close()]);
    },
  };
}
