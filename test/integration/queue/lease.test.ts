import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReachableRedis, reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { leaseKey as journalLeaseKey } from '../../../src/journal/journal-keys.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { leaseKey } from '../../../src/queue/keys.ts';
import { giveLease, giveMachine, isLeased, renewLease, takeLease, takeMachine } from '../../../src/queue/lease.ts';
import { until } from './installation.ts';

describe('the leases of a queue (I4)', () => {
  let folder: string;
  let server: ReachableRedis;
  let redis: Redis;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kintsugi-lease-'));
    server = await reachOrStartRedis({ url: null, folder });
    redis = connectRedis(server.address);
  });
  afterAll(async () => {
    redis.disconnect();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are the ones that the journal checks', () => {
    expect(journalLeaseKey('r', 'h')).toBe(leaseKey('r', 'h'));
  });

  it('of a host run is held by one, of sixteen who try at once', async () => {
    const place = { run: 'run-1', host: 'pc1' };
    const tried = await Promise.all(
      Array.from({ length: 16 }, (_, index) => takeLease(redis, place, `w${index}`, 60_000)),
    );
    expect(tried.filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('of a host run runs out without a heartbeat; the next holder has a higher number, the earlier one cannot prolong', async () => {
    const place = { run: 'run-2', host: 'pc1' };
    const first = await takeLease(redis, place, 'w1', 50);
    if (first === null) throw new Error('the lease is taken');
    await until(async () => !(await isLeased(redis, place.run, place.host)));
    const second = await takeLease(redis, place, 'w2', 60_000);
    expect(second?.fence).toBe(first.fence + 1);
    expect(await renewLease(redis, place, first, 60_000)).toBe(false);
    await giveLease(redis, place, first);
    expect(await isLeased(redis, place.run, place.host)).toBe(true);
  });

  it('of a host run that ran out while nobody else took it is held again by its holder', async () => {
    const place = { run: 'run-3', host: 'pc1' };
    const first = await takeLease(redis, place, 'w1', 30);
    if (first === null) throw new Error('the lease is taken');
    await until(async () => !(await isLeased(redis, place.run, place.host)));
    expect(await renewLease(redis, place, first, 60_000)).toBe(true);
    expect(await takeLease(redis, place, 'w2', 60_000)).toBeNull();
  });

  it('of a machine keeps other host runs away until it is given free, and is its holder’s again and again', async () => {
    expect(await takeMachine(redis, 'm', 'run-1/pc1', 60_000)).toBeNull();
    expect(await takeMachine(redis, 'm', 'run-1/pc1', 60_000)).toBeNull();
    expect(await takeMachine(redis, 'm', 'run-2/pc1', 60_000)).toBe('run-1/pc1');
    await giveMachine(redis, 'm', 'run-2/pc1');
    expect(await takeMachine(redis, 'm', 'run-2/pc1', 60_000)).toBe('run-1/pc1');
    await giveMachine(redis, 'm', 'run-1/pc1');
    expect(await takeMachine(redis, 'm', 'run-2/pc1', 60_000)).toBeNull();
  });
});
