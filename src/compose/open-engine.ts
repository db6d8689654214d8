import { archivedJournal } from '../journal/archive.ts';
import { redisJournal } from '../journal/redis-journal.ts';
import type { Engine } from '../operations/engine.ts';
import { connectQueueRedis, connectRedis, type RedisAddress } from '../queue/connect-redis.ts';
import { listOpen, type OpenWork } from '../queue/open-work.ts';
import { redisBlobs, redisRuns } from '../queue/redis-run-store.ts';
import { openWakeQueues } from '../queue/wake-queues.ts';

/** An engine with its connections to Redis. */
export interface OpenEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** What has not ended yet. */
  open(): Promise<readonly OpenWork[]>;
  /** Worker processes that are connected. */
  workers(): Promise<number>;
}

/** Opens the stores and queues of an installation. */
export function openEngine(address: RedisAddress, archiveFolder: string): OpenEngine {
  const redis = connectRedis(address);
  const queueRedis = connectQueueRedis(address);
  const queues = openWakeQueues(queueRedis);
  const engine: Engine = {
    journal: archivedJournal(redisJournal(redis), archiveFolder),
    blobs: redisBlobs(redis),
    runs: redisRuns(redis),
    wake: queues.wake,
    now: () => Date.now(),
  };
  return {
    engine,
    open: () => listOpen(redis),
    workers: () => queues.workers(),
    async [Symbol.asyncDispose]() {
      await queues[Symbol.asyncDispose]();
      redis.disconnect();
      queueRedis.disconnect();
    },
  };
}
