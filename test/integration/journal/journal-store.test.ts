import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReachableRedis, reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { archivedJournal, archivePath, archiveRun } from '../../../src/journal/archive.ts';
import type { EventBody } from '../../../src/journal/event.ts';
import { emptyHead, genesisHash, sealEvent, verifyChain } from '../../../src/journal/hash-chain.ts';
import type { JournalStore, LeaseProof } from '../../../src/journal/journal-store.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { redisJournal } from '../../../src/journal/redis-journal.ts';
import { appendToRunChain } from '../../../src/journal/run-chain.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { giveLease, takeLease } from '../../../src/queue/lease.ts';

/** A store under test, and how a lease of one of its chains is taken and lost. */
type Subject = {
  readonly store: JournalStore;
  readonly lease: (run: string, host: string) => Promise<LeaseProof>;
  readonly lose: (run: string, host: string, lease: LeaseProof) => Promise<void>;
};

let folder: string;
let server: ReachableRedis;
let redis: Redis;
let counter = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-journal-'));
  server = await reachOrStartRedis({ url: null, folder: join(folder, 'redis') });
  redis = connectRedis(server.address);
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const subjects: { readonly [name: string]: () => Subject } = {
  memory: () => {
    const leases = new Map<string, LeaseProof>();
    let fence = 0;
    return {
      store: memoryJournal((run, host) => leases.get(`${run}/${host}`) ?? null),
      async lease(run, host) {
        fence += 1;
        const lease = { holder: `w${fence}`, fence };
        leases.set(`${run}/${host}`, lease);
        return lease;
      },
      async lose(run, host) {
        leases.delete(`${run}/${host}`);
      },
    };
  },
  redis: () => ({
    store: redisJournal(redis),
    async lease(run, host) {
      const lease = await takeLease(redis, { run, host }, 'w', 60_000);
      if (lease === null) throw new Error('the lease is taken');
      return lease;
    },
    lose: (run, host, lease) => giveLease(redis, { run, host }, lease),
  }),
};

const begun = (step: string): EventBody => ({ kind: 'stepBegun', data: { step, attempt: 1 } });

describe.each(Object.keys(subjects))('a journal in %s', (name) => {
  const subject = () => subjects[name]?.() ?? expect.unreachable();
  const newPlace = () => {
    counter += 1;
    return { run: `run-${counter}`, host: 'pc1' };
  };

  it('has an empty head, and gives back what was appended, in order', async () => {
    const { store } = subject();
    const place = newPlace();
    expect(await store.head(place.run, place.host)).toEqual(emptyHead);
    const first = sealEvent(place, emptyHead, 1_000, begun('a'));
    const second = sealEvent(place, { length: 1, hash: first.hash }, 2_000, begun('b'));
    await store.append(first, null);
    await store.append(second, null);
    expect(await store.read(place.run, place.host)).toEqual([first, second]);
    expect(await store.head(place.run, place.host)).toEqual({ length: 2, hash: second.hash });
    expect(await store.chains(place.run)).toEqual([place.host]);
  });

  it('appends only behind the head, and the head itself again without effect (I10)', async () => {
    const { store } = subject();
    const place = newPlace();
    const first = sealEvent(place, emptyHead, 1_000, begun('a'));
    await store.append(first, null);
    await store.append(first, null);
    const rival = sealEvent(place, emptyHead, 1_001, begun('b'));
    await expect(store.append(rival, null)).rejects.toMatchObject({ code: 'journal-conflict' });
    const skipping = { ...sealEvent(place, { length: 5, hash: first.hash }, 1_002, begun('c')) };
    await expect(store.append(skipping, null)).rejects.toMatchObject({ code: 'journal-conflict' });
    expect(await store.read(place.run, place.host)).toEqual([first]);
  });

  it('appends only for the present holder of the lease; an earlier one is refused (I4)', async () => {
    const { store, lease, lose } = subject();
    const place = newPlace();
    const first = await lease(place.run, place.host);
    const event = sealEvent(place, emptyHead, 1_000, begun('a'));
    await store.append(event, first);
    await lose(place.run, place.host, first);
    const second = await lease(place.run, place.host);
    expect(second.fence).toBeGreaterThan(first.fence);
    const next = sealEvent(place, { length: 1, hash: event.hash }, 2_000, begun('b'));
    await expect(store.append(next, first)).rejects.toMatchObject({ code: 'lease-lost' });
    await store.append(next, second);
    expect(await store.read(place.run, place.host)).toHaveLength(2);
  });

  it('holds a chain with many writers at once whole', async () => {
    const { store } = subject();
    const { run } = newPlace();
    const order = (orderedBy: string) =>
      ({ kind: 'orderGiven', data: { order: 'cancel', mode: null, orderedBy } }) as const;
    const writers = Array.from({ length: 8 }, (_, index) => `ops${index}`);
    await Promise.all(writers.map((name) => appendToRunChain(store, run, () => 5_000, null, order(name))));
    const events = await store.read(run, '*');
    expect(events).toHaveLength(8);
    expect(verifyChain(events, { run, host: '*' })).toBeNull();
  });

  it('is archived to files, trimmed, and goes on behind the archive', async () => {
    const { store } = subject();
    const place = newPlace();
    const archive = join(folder, `archive-${name}`);
    const first = sealEvent(place, emptyHead, 1_000, begun('a'));
    await store.append(first, null);
    await archiveRun(store, archive, place.run);
    expect(await store.read(place.run, place.host)).toEqual([]);
    const journal = archivedJournal(store, archive);
    expect(await journal.read(place.run, place.host)).toEqual([first]);
    const second = sealEvent(place, await journal.head(place.run, place.host), 2_000, begun('b'));
    await journal.append(second, null);
    await archiveRun(store, archive, place.run);
    expect(await journal.read(place.run, place.host)).toEqual([first, second]);
  });

  it('is not trimmed of an event that came after it was read for the archive', async () => {
    const { store } = subject();
    const place = newPlace();
    const first = sealEvent(place, emptyHead, 1_000, begun('a'));
    await store.append(first, null);
    const second = sealEvent(place, { length: 1, hash: first.hash }, 2_000, begun('b'));
    const archive = join(folder, `archive-late-${name}`);
    // Asked for the head or for the trimming: by then the other event is there.
    let late: Promise<void> | null = null;
    const comeLate = async () => await (late ??= store.append(second, null));
    const racing: JournalStore = {
      ...store,
      async head(run, host) {
        const head = await store.head(run, host);
        await comeLate();
        return head;
      },
      async trim(run, host, head) {
        await comeLate();
        await store.trim(run, host, head);
      },
    };
    await archiveRun(racing, archive, place.run);
    expect(await archivedJournal(store, archive).read(place.run, place.host)).toEqual([first, second]);
  });

  it('is not trimmed when its archive was tampered with', async () => {
    const { store } = subject();
    const place = newPlace();
    const archive = join(folder, `archive-tampered-${name}`);
    await store.append(sealEvent(place, emptyHead, 1_000, begun('a')), null);
    await archiveRun(store, archive, place.run);
    const path = archivePath(archive, place.run, place.host);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"a"', '"x"'));
    const head = await store.head(place.run, place.host);
    await store.append(sealEvent(place, head, 2_000, begun('b')), null);
    await expect(archiveRun(store, archive, place.run)).rejects.toMatchObject({ code: 'journal-broken' });
    expect(await store.read(place.run, place.host)).toHaveLength(1);
    expect(head.hash).not.toBe(genesisHash);
  });
});

it.each(['..', '../../elsewhere', '/etc', '.'])('An archive of a run named `%s` stays within its folder.', (run) => {
  const inside = join('/archive', 'x', '..');
  const path = archivePath(inside, run, '*');
  expect(path.startsWith(`${join(inside, '_').slice(0, -1)}`)).toBe(true);
  expect(path.slice('/archive/'.length).split('/')).toHaveLength(2);
});
