import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Failure } from '../kernel/failure.ts';
import type { JournalEvent } from './event.ts';
import { genesisHash } from './hash-chain.ts';
import { chainsKey, headKey, leaseKey, streamKey } from './journal-keys.ts';
import type { JournalStore } from './journal-store.ts';

const appendScript = readFileSync(new URL('./lua/append-event.lua', import.meta.url), 'utf8');
const trimScript = readFileSync(new URL('./lua/trim-chain.lua', import.meta.url), 'utf8');

/** The journal in Redis Streams: one stream for each chain, appended by one Lua script that checks head and lease. */
export function redisJournal(redis: Redis): JournalStore {
  return {
    async append(event, lease) {
      const { run, host, seq, prev, hash } = event;
      const answer = await reach(() =>
        redis.eval(
          appendScript,
          4,
          streamKey(run, host),
          headKey(run, host),
          leaseKey(run, host),
          chainsKey(run),
          seq,
          prev,
          hash,
          canonicalJson(event),
          lease === null ? '' : `${lease.fence}:${lease.holder}`,
          host,
        ),
      );
      if (answer === 'lease-lost')
        throw new Failure('lease-lost', `Another worker holds ${run}/${host}; this one stops.`);
      if (answer === 'conflict')
        throw new Failure('journal-conflict', `Event ${seq} does not continue the journal of ${run}/${host}.`);
    },
    async read(run, host) {
      const entries = await reach(() => redis.xrange(streamKey(run, host), '-', '+'));
      return entries.map(([, fields]) => eventOf(fields));
    },
    async head(run, host) {
      const [length, hash] = await reach(() => redis.hmget(headKey(run, host), 'length', 'hash'));
      return { length: Number(length ?? 0), hash: hash ?? genesisHash };
    },
    chains: async (run) => (await reach(() => redis.smembers(chainsKey(run)))).sort(),
    async trim(run, host, { hash }) {
      await reach(() => redis.eval(trimScript, 2, streamKey(run, host), headKey(run, host), hash));
    },
  };
}

function eventOf(fields: readonly string[]): JournalEvent {
  const at = fields.indexOf('event');
  return JSON.parse(fields[at + 1] ?? 'null') as JournalEvent;
}

/** @throws Failure `journal-unavailable` for whatever keeps Redis from answering */
async function reach<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new Failure('journal-unavailable', 'Redis does not answer; nothing new begins until it does.', {
      cause: error,
    });
  }
}
