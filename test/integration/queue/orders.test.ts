import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/journal/event.ts';
import { cancelRun } from '../../../src/operations/cancel.ts';
import { commitRun } from '../../../src/operations/commit.ts';
import { followRun } from '../../../src/operations/follow.ts';
import { readRunReport } from '../../../src/operations/report.ts';
import { rollBackRun } from '../../../src/operations/roll-back.ts';
import { readRunStatus, readStatus } from '../../../src/operations/status.ts';
import { signDocument } from '../../../src/planning/signature.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { takeLease } from '../../../src/queue/lease.ts';
import { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { planFor } from '../../unit/hostrun/plan-for.ts';
import { startInstallation, type TestInstallation, until } from './installation.ts';

const steps = {
  a: { changes: [{ target: 'one', value: 'new' }] },
  b: { changes: [{ target: 'goal', value: 'fixed' }] },
};
const broken = { ...steps, b: { changes: [], failAfter: 0 } };
const stages = [[{ id: 'a' }], [{ id: 'b' }]];

describe('a run and the orders given to it', () => {
  let place: TestInstallation;
  beforeEach(async () => {
    place = await startInstallation((host) => (host === 'alias' ? 'pc1' : host));
  });
  afterEach(async () => {
    await place[Symbol.asyncDispose]();
  });

  const order = (run: string) => ({
    run,
    orderedBy: 'ops',
    sign: <T extends { kintsugi: string }>(document: T) => signDocument(document, place.key),
  });
  const ended = async (run: string, hosts: number) => {
    const { runs } = place.opened.engine;
    await until(async () => (await runs.ends(run)).size === hosts);
    return await runs.ends(run);
  };

  it('cancel: hosts that were not begun end untouched, and the one under way is undone (I8)', async () => {
    const hosts = ['pc1', 'pc2'];
    for (const host of hosts) place.worlds.set(host, new FakeWorld({}, steps));
    const run = await place.launch(planFor({ stages, hosts, batches: [['pc1'], ['pc2']] }));
    let given = false;
    place.hooks.gate = async (host, name) => {
      if (given || host !== 'pc1' || name !== 'verify a') return;
      given = true;
      await cancelRun(place.opened.engine, { ...order(run), mode: 'rollback' });
    };
    place.startWorker('w1');
    const ends = await ended(run, 2);
    expect(ends.get('pc1')).toMatchObject({ end: 'cancelled', host: 'as-before' });
    expect(ends.get('pc2')).toMatchObject({ end: 'cancelled', host: 'untouched' });
    expect(place.contacts).not.toContain('pc2');
    expect(place.worlds.get('pc1')?.isAsBefore()).toBe(true);
  });

  it('rollback after the end undoes a repaired host; a second rollback says so and orders nothing', async () => {
    place.worlds.set('pc1', new FakeWorld({ one: 'old' }, steps));
    const worker = place.startWorker('w1');
    const run = await place.launch(planFor({ stages }));
    expect((await ended(run, 1)).get('pc1')?.end).toBe('repaired');
    await worker.idle();
    await rollBackRun(place.opened.engine, order(run));
    expect((await ended(run, 1)).get('pc1')?.end).toBe('rolled-back');
    expect(place.worlds.get('pc1')?.isAsBefore()).toBe(true);
    await worker.idle();
    await expect(rollBackRun(place.opened.engine, order(run))).rejects.toMatchObject({
      code: 'run-ended',
      message: expect.stringContaining('was rolled back already'),
    });
    expect((await readRunReport(place.opened.engine, run)).orders).toHaveLength(1);
    expect((await ended(run, 1)).get('pc1')?.end).toBe('rolled-back');
  });

  it('rollback and commit are refused while a host is under way; rollback after commit for good', async () => {
    place.worlds.set('pc1', new FakeWorld({}, steps));
    const run = await place.launch(planFor({ stages }));
    await expect(rollBackRun(place.opened.engine, order(run))).rejects.toMatchObject({ code: 'run-not-ended' });
    await expect(commitRun(place.opened.engine, order('no-such-run'))).rejects.toMatchObject({ code: 'unknown-run' });
    const worker = place.startWorker('w1');
    await ended(run, 1);
    await worker.idle();
    await commitRun(place.opened.engine, order(run));
    await ended(run, 1);
    await worker.idle();
    const report = await readRunReport(place.opened.engine, run);
    expect(report.hosts[0]?.committed).toEqual({ removed: [{ path: 'C:\\old', bytes: 5 }], kept: [] });
    await expect(rollBackRun(place.opened.engine, order(run))).rejects.toMatchObject({ code: 'run-committed' });
  });

  it('a budget that is used up keeps later batches from being begun, and says so', async () => {
    const hosts = ['pc1', 'pc2', 'pc3'];
    for (const host of hosts) place.worlds.set(host, new FakeWorld({}, broken));
    place.startWorker('w1');
    const plan = planFor({ stages, hosts, batches: [['pc1'], ['pc2'], ['pc3']], budgets: { rolledBack: 1 } });
    const run = await place.launch(plan);
    const ends = await ended(run, 3);
    expect(Object.fromEntries([...ends].map(([host, { end }]) => [host, end]))).toEqual({
      pc1: 'rolled-back',
      pc2: 'rolled-back',
      pc3: 'deferred',
    });
    expect(ends.get('pc3')?.reason).toContain('rolledBack: 2 of at most 1');
    expect(place.contacts).not.toContain('pc3');
  });

  it('one machine under two names is repaired once; the other name ends blocked (I4)', async () => {
    const world = new FakeWorld({}, steps);
    place.worlds.set('pc1', world);
    place.worlds.set('alias', world);
    place.startWorker('w1');
    const run = await place.launch(planFor({ stages, hosts: ['pc1', 'alias'] }));
    const ends = await ended(run, 2);
    expect([...ends.values()].map(({ end, cause }) => `${end} ${cause}`).toSorted()).toEqual([
      'blocked same-machine',
      'repaired goal-reached',
    ]);
    expect(world.violations).toEqual([]);
  });

  it('two runs at once change a host one after the other (I4)', async () => {
    const world = new FakeWorld({}, steps);
    place.worlds.set('pc1', world);
    place.startWorker('w1');
    place.startWorker('w2');
    const plan = planFor({ stages });
    const [first, second] = await Promise.all([place.launch(plan), place.launch(plan)]);
    const ends = [(await ended(first, 1)).get('pc1')?.end, (await ended(second, 1)).get('pc1')?.end];
    expect(ends).toContain('repaired');
    expect(world.violations).toEqual([]);
    const claims = [...world.ledgers.values()].flat().filter(({ kind }) => kind === 'claim' || kind === 'released');
    const order = claims.toSorted((a, b) => a.token - b.token || (a.kind === 'claim' ? -1 : 1));
    expect(order.map(({ kind }) => kind).join(' ')).toMatch(/^(claim released ?)+$/);
  });

  it('a host run whose worker died is found and carried on by the sweep', async () => {
    place.worlds.set('pc1', new FakeWorld({}, steps));
    const run = await place.launch(planFor({ stages }));
    const redis = connectRedis(place.redis.address);
    // What a dead worker leaves behind: a lease that nobody renews, and no job.
    await takeLease(redis, { run, host: 'pc1' }, 'a-dead-worker', 400);
    place.startWorker('w1');
    expect((await ended(run, 1)).get('pc1')?.end).toBe('repaired');
    redis.disconnect();
  });

  it('is followed event by event, in the order of each chain, until its end', async () => {
    place.worlds.set('pc1', new FakeWorld({}, steps));
    place.startWorker('w1');
    const run = await place.launch(planFor({ stages }));
    const seen: JournalEvent[] = [];
    await followRun(place.opened.engine, { run, pollMs: 5 }, (event) => seen.push(event), new AbortController().signal);
    const own = seen.filter(({ host }) => host === 'pc1');
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index));
    expect(own.at(-1)?.kind).toBe('hostRunEnded');
    const status = await readRunStatus(place.opened.engine, run);
    expect(status).toMatchObject({
      state: 'ended',
      hosts: [{ host: 'pc1', last: 'hostRunEnded', end: { end: 'repaired' } }],
    });
    expect((await readStatus(place.opened.engine)).map((each) => each.run)).toEqual([run]);
  });

  it('is reported as a fold over its journals', async () => {
    place.worlds.set(
      'pc1',
      new FakeWorld({}, { ...steps, b: { changes: [{ target: 'two', value: 'new' }], failAfter: 1 } }),
    );
    place.worlds.set('pc2', new FakeWorld({}, steps));
    const worker = place.startWorker('w1');
    const run = await place.launch(planFor({ stages, hosts: ['pc1', 'pc2'] }));
    await ended(run, 2);
    await worker.idle();
    const report = await readRunReport(place.opened.engine, run);
    expect(report.figures).toMatchObject({
      hosts: 2,
      ended: 2,
      ends: { 'rolled-back': 1, repaired: 1 },
      changesMade: 4,
      changesUndone: 2,
    });
    const [back, good] = report.hosts;
    expect(back?.stages.flatMap((stage) => stage.steps.map(({ state }) => state))).toEqual(['undone', 'failed']);
    expect(back?.undo).toMatchObject({ cause: 'failure', staying: [], compared: { differences: [] } });
    expect(back?.undo?.changes.map(({ target }) => target)).toEqual(['two', 'one']);
    expect(good?.stages.flatMap((stage) => stage.steps.map(({ state }) => state))).toEqual(['done', 'done']);
    expect(good?.chain.ok).toBe(true);
    expect(good?.protection).toMatchObject({ method: 'restore-point', proven: true });
  });
});
