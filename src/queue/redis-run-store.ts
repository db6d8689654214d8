import type { Redis } from 'ioredis';
import type { HostEnd } from '../journal/event-data.ts';
import { sha256 } from '../kernel/canonical-json.ts';
import { Failure } from '../kernel/failure.ts';
import type { Launch, RunOrder, Signed } from '../planning/plan.ts';
import { blobKey, endsKey, launchKey, machinesKey, ordersKey, runsKey } from './keys.ts';
import { reachRedis } from './reach-redis.ts';
import type { BlobStore, RunStore } from './run-store.ts';

/** Texts by hash in Redis. */
export function redisBlobs(redis: Redis): BlobStore {
  return {
    async put(text) {
      const hash = sha256(text);
      await reachRedis(() => redis.set(blobKey(hash), text));
      return hash;
    },
    async get(hash) {
      const text = await reachRedis(() => redis.get(blobKey(hash)));
      if (text !== null && sha256(text) !== hash)
        throw new Failure(
          'work-refused',
          `The store holds another text under ${hash}: it was changed after it was put there.`,
          {
            facts: { expected: hash, found: sha256(text) },
          },
        );
      return text;
    },
  };
}

/** What is kept of runs beside their journals, in Redis. */
export function redisRuns(redis: Redis): RunStore {
  return {
    async addLaunch(launch) {
      const { run, launchedAt } = launch.document;
      await reachRedis(() => redis.set(launchKey(run), JSON.stringify(launch), 'NX'));
      await reachRedis(() => redis.zadd(runsKey, Date.parse(launchedAt), run));
    },
    async readLaunch(run) {
      const text = await reachRedis(() => redis.get(launchKey(run)));
      return text === null ? null : (parse(text) as Signed<Launch>);
    },
    runs: async () => await reachRedis(() => redis.zrange(runsKey, '0', '-1')),
    async addOrder(order) {
      await reachRedis(() => redis.rpush(ordersKey(order.document.run), JSON.stringify(order)));
    },
    async readOrders(run) {
      const texts = await reachRedis(() => redis.lrange(ordersKey(run), 0, -1));
      return texts.map(orderOf);
    },
    async noteEnd(run, host, end) {
      await reachRedis(() => redis.hset(endsKey(run), host, JSON.stringify(end)));
    },
    async ends(run) {
      const fields = await reachRedis(() => redis.hgetall(endsKey(run)));
      return new Map(Object.entries(fields).map(([host, text]) => [host, parse(text) as HostEnd]));
    },
    async reopen(run) {
      await reachRedis(() => redis.del(endsKey(run)));
    },
    async noteMachine(run, machineId, host) {
      await reachRedis(() => redis.hsetnx(machinesKey(run), machineId, host));
      const known = await reachRedis(() => redis.hget(machinesKey(run), machineId));
      return known === host ? null : known;
    },
  };
}

/** An order as stored; whatever has not the form of one becomes an order without a valid signature, which is refused and counts for nothing. */
function orderOf(text: string): Signed<RunOrder> {
  try {
    const value: unknown = JSON.parse(text);
    if (isSignedForm(value)) return value as Signed<RunOrder>;
  } catch {
    // no JSON: nothing of ours wrote it
  }
  return { document: {}, keyId: '', signature: sha256(text) } as Signed<RunOrder>;
}

function isSignedForm(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { document, keyId, signature }: { document?: unknown; keyId?: unknown; signature?: unknown } = value;
  return (
    typeof document === 'object' && document !== null && typeof keyId === 'string' && typeof signature === 'string'
  );
}

/** @throws Failure `work-refused` for a text that is no JSON: nothing of ours wrote it */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure('work-refused', 'The store holds something that is no JSON.', { cause: error });
  }
}
