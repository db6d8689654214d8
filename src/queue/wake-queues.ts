import { type ConnectionOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { hashTag } from './keys.ts';
import { noteOpen } from './open-work.ts';
import { reachRedis } from './reach-redis.ts';
import type { WakeUp } from './run-store.ts';

/** Names of the queues. */
export const queueNames = { hosts: 'hosts', runs: 'runs' } as const;

/** What a job carries: names only (a wake-up, not a task). */
export type WakeJob = { readonly run: string; readonly host: string };

/** The queues on their sending side. */
export interface WakeQueues extends AsyncDisposable {
  readonly wake: WakeUp;
  /** Jobs that wait for a free worker. */
  waiting(): Promise<number>;
  /** Worker processes that are connected. */
  workers(): Promise<number>;
}

/** ioredis' connection as BullMQ takes it. */
export function bullConnection(redis: Redis): ConnectionOptions {
  return redis;
}

/** Opens the queues. Every wake-up is a new job with an id of its own; a doubled one finds the lease taken and ends at once. */
export function openWakeQueues(redis: Redis): WakeQueues {
  const options = {
    connection: bullConnection(redis),
    prefix: hashTag,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: { count: 100 } },
  };
  const hosts = new Queue<WakeJob>(queueNames.hosts, options);
  const runs = new Queue<WakeJob>(queueNames.runs, options);
  // Without a listener a lost connection would end the process; every call reports its own failure.
  for (const queue of [hosts, runs]) queue.on('error', () => undefined);
  return {
    wake: {
      async coordinator(run, delayMs = 0) {
        await noteOpen(redis, { run, host: '*' }, Date.now() + delayMs);
        await reachRedis(() => runs.add('coordinate', { run, host: '*' }, { delay: delayMs }));
      },
      async host(run, host, delayMs = 0) {
        await reachRedis(() => hosts.add('carry-on', { run, host }, { delay: delayMs }));
      },
    },
    waiting: async () => await reachRedis(() => hosts.getWaitingCount()),
    workers: async () => await reachRedis(() => hosts.getWorkersCount()),
    async [Symbol.asyncDispose]() {
      await Promise.all([hosts.close(), runs.close()]);
    },
  };
}
