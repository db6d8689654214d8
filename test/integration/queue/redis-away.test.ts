import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { planFor } from '../../unit/hostrun/plan-for.ts';
import { startInstallation, type TestInstallation, until } from './installation.ts';

const steps = {
  a: { changes: [{ target: 'one', value: 'new' }] },
  b: { changes: [{ target: 'two', value: 'new' }] },
  c: { changes: [{ target: 'goal', value: 'fixed' }] },
};

/** Shuts the server down, whoever is connected, and waits until its keeper has ended too. */
async function shutDown(place: TestInstallation): Promise<void> {
  const redis = connectRedis(place.redis.address);
  await redis.shutdown().catch(() => undefined);
  redis.disconnect();
  await until(() => !existsSync(join(place.folder, 'redis', 'socket', 'keeper.sock')));
}

describe('Redis gone in the middle of a run', () => {
  it('no new step begins while the journal cannot be written; then the run goes on and nothing is done twice (I1)', async () => {
    const place = await startInstallation();
    const world = new FakeWorld({}, steps);
    place.worlds.set('pc1', world);
    const asked: string[] = [];
    let away = false;
    // While step `a` is being applied, the server is stopped; the host's answer comes when the server is gone.
    place.hooks.gate = async (_, name) => {
      asked.push(name);
      if (name !== 'apply a' || away) return;
      await shutDown(place);
      away = true;
    };
    place.startWorker('w1');
    const run = await place.launch(planFor({ stages: [[{ id: 'a' }], [{ id: 'b' }], [{ id: 'c' }]] }));
    await until(() => away);
    // What was under way comes to its end by itself; then nothing new is asked of the host.
    await until(() => asked.at(-1) === 'readLedger' && asked.at(-2) === 'apply a');
    const before = asked.length;
    for (let look = 0; look < 20; look += 1) {
      await delay(50);
      expect(asked.length).toBe(before);
    }
    expect(asked).not.toContain('verify a');
    expect(world.changesMade).toBe(1);

    const again = await reachOrStartRedis({ url: null, folder: join(place.folder, 'redis') });
    await until(async () => {
      const ends = await place.opened.engine.runs.ends(run).catch(() => new Map());
      return ends.size === 1;
    });
    expect((await place.opened.engine.runs.ends(run)).get('pc1')?.end).toBe('repaired');
    expect(world.violations).toEqual([]);
    expect(world.changesMade).toBe(3);
    await place[Symbol.asyncDispose]();
    await again[Symbol.asyncDispose]();
    rmSync(place.folder, { recursive: true, force: true });
  });
});
