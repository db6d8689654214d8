import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { archivedJournal, archiveRun } from '../journal/archive.ts';
import { type JournalEvent, runChain } from '../journal/event.ts';
import { redisJournal } from '../journal/redis-journal.ts';
import { connectQueueRedis, connectRedis } from '../queue/connect-redis.ts';
import { findForgotten, listOpen } from '../queue/open-work.ts';
import { redisBlobs, redisRuns } from '../queue/redis-run-store.ts';
import { openWakeQueues } from '../queue/wake-queues.ts';
import { openWakeWorkers } from '../queue/wake-workers.ts';
import { carryHostRun } from './carry-host-run.ts';
import { carryRun } from './carry-run.ts';
import { resolveSecret } from './resolve-secret.ts';
import type { WorkerConfig } from './worker-config.ts';
import type { Log, OpenConnection, Workshop } from './workshop.ts';

/** A worker at work. */
export interface RunningWorker extends AsyncDisposable {
  /** Resolves when nothing is open any more in the whole installation. */
  idle(signal?: AbortSignal): Promise<void>;
}

/** Interval at which `idle` looks. */
const idlePollMs = 200;

/**
 * Starts a worker: it takes wake-ups, and looks for host runs whose wake-up got lost. Disposing of it stops it gracefully:
 * commands under way on hosts are finished, everything else is left for another worker.
 */
export function startWorker(
  config: WorkerConfig,
  openConnection: OpenConnection,
  log: Log,
  onEvent: (event: JournalEvent) => void = () => undefined,
): RunningWorker {
  const redis = connectRedis(config.redis);
  const queueRedis = connectQueueRedis(config.redis);
  const queues = openWakeQueues(queueRedis);
  const stopping = new AbortController();
  const shop: Workshop = {
    name: config.name,
    redis,
    journal: archivedJournal(redisJournal(redis), config.archiveFolder),
    blobs: redisBlobs(redis),
    runs: redisRuns(redis),
    wake: queues.wake,
    trustedKeys: config.trustedKeys,
    times: config.times,
    limits: config.limits,
    patience: {
      firstMs: 100,
      longestMs: 2_000,
      limitMs: config.times.journalLimitMs,
      now: () => Date.now(),
      sleep: async (ms) => {
        log('warn', { ms }, 'Redis cannot be reached; nothing is begun until it can');
        await delay(ms);
      },
    },
    openConnection,
    secret: (reference) => resolveSecret(reference, config.secretFolder),
    log,
    onEvent,
    stopping: stopping.signal,
  };
  const handlers = {
    host: (run: string, host: string) => carryHostRun(shop, run, host),
    coordinator: (run: string) => carryRun(shop, run),
    onFault: (error: unknown, job: object | undefined) =>
      log(
        'error',
        { ...job, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
        'a wake-up failed',
      ),
  };
  const { lockMs, stalledMs } = config.times;
  const workers = openWakeWorkers(queueRedis, handlers, { concurrency: config.concurrency, lockMs, stalledMs });
  const sweeping = sweepUntil(shop, queues, config, stopping.signal);
  return {
    idle: (signal) => untilIdle(redis, signal),
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the worker stops'));
      await workers.close();
      await sweeping;
      await queues[Symbol.asyncDispose]();
      redis.disconnect();
      queueRedis.disconnect();
    },
  };
}

/** Wakes what is overdue and leased by nobody, and archives what ended long ago. */
async function sweepUntil(
  shop: Workshop,
  queues: { waiting(): Promise<number> },
  config: WorkerConfig,
  stop: AbortSignal,
): Promise<void> {
  for (let round = 0; !stop.aborted; round += 1) {
    await delay(config.times.sweepMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
    try {
      await sweep(shop, queues);
      if (round % 100 === 0) await archiveOld(shop, config);
    } catch (error) {
      // Redis is away, or one round failed: the next one does the same work.
      shop.log('warn', { error: String(error) }, 'the sweep failed');
    }
  }
}

async function sweep(shop: Workshop, queues: { waiting(): Promise<number> }): Promise<void> {
  // What stands in line is not forgotten; only an empty line tells that a wake-up got lost.
  if ((await queues.waiting()) > 0) return;
  const forgotten = await findForgotten(shop.redis, shop.patience.now() - shop.times.sweepMs);
  for (const { run, host } of forgotten) {
    shop.log('info', { run, host }, 'woken by the sweep');
    await (host === runChain ? shop.wake.coordinator(run) : shop.wake.host(run, host));
  }
}

async function archiveOld(shop: Workshop, config: WorkerConfig): Promise<void> {
  const store = redisJournal(shop.redis);
  const open = new Set((await listOpen(shop.redis)).map(({ run }) => run));
  for (const run of await shop.runs.runs()) {
    if (open.has(run)) continue;
    const last = (await store.read(run, runChain)).at(-1);
    if (last !== undefined && Date.parse(last.at) < shop.patience.now() - config.times.keepStreamsMs)
      await archiveRun(store, config.archiveFolder, run);
  }
}

async function untilIdle(redis: Redis, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && (await listOpen(redis)).length > 0)
    await delay(idlePollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
