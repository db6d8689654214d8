import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../../src/kernel/canonical-json.ts';
import { cancelRun } from '../../../src/operations/cancel.ts';
import { openInstallationKey } from '../../../src/operations/installation-key.ts';
import { readRunReport } from '../../../src/operations/report.ts';
import { rollBackRun } from '../../../src/operations/roll-back.ts';
import { readStatus } from '../../../src/operations/status.ts';
import type { Launch, Plan, Signed } from '../../../src/planning/plan.ts';
import { planDigest, signDocument } from '../../../src/planning/signature.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { blobKey, launchKey, ordersKey } from '../../../src/queue/keys.ts';
import { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { kitText, planFor, scriptText } from '../../unit/hostrun/plan-for.ts';
import { startInstallation, type TestInstallation, until } from './installation.ts';

const steps = {
  a: {
    changes: [
      { target: 'one', value: 'new' },
      { target: 'goal', value: 'fixed' },
    ],
  },
};
const plan = planFor({ stages: [[{ id: 'a' }]] });

describe('a worker runs only what a trusted key has signed (I7)', () => {
  let place: TestInstallation;
  let redis: Redis;
  beforeEach(async () => {
    place = await startInstallation();
    place.worlds.set('pc1', new FakeWorld({}, steps));
    redis = connectRedis(place.redis.address);
  });
  afterEach(async () => {
    redis.disconnect();
    await place[Symbol.asyncDispose]();
  });

  const refusals = async (run: string) =>
    (await place.opened.engine.journal.read(run, '*')).flatMap((event) =>
      event.kind === 'workRefused' ? [event.data] : [],
    );
  const forge = async (run: string, forged: (launch: Signed<Launch>) => Signed<Launch>) => {
    const launch = await place.opened.engine.runs.readLaunch(run);
    if (launch === null) throw new Error('no launch');
    await redis.set(launchKey(run), JSON.stringify(forged(launch)));
  };
  const expectNothingSent = () => {
    expect(place.contacts).toEqual([]);
    expect(place.worlds.get('pc1')?.changesMade).toBe(0);
  };

  it.each([
    { name: 'an exchanged script', hash: sha256(scriptText('a', 'apply')), what: 'script' },
    { name: 'an exchanged host kit', hash: sha256(kitText), what: 'kit' },
    { name: 'an altered plan', hash: planDigest(plan), what: 'plan' },
  ])('$name is refused, journaled, and nothing is sent to a host', async ({ hash, what }) => {
    const run = await place.launch(plan);
    await redis.set(
      blobKey(hash),
      what === 'plan' ? canonicalJson({ ...plan, kit: 'f'.repeat(64) }) : 'Remove-Item C:\\ -Recurse',
    );
    place.startWorker('w1');
    await until(async () => (await refusals(run)).length > 0);
    expect((await refusals(run))[0]?.what).toBe(what);
    const [status] = await readStatus(place.opened.engine);
    expect(status?.refusals[0]?.what).toBe(what);
    expectNothingSent();
  });

  it('a signed plan whose waiver is for no step that asks for more is refused as well', async () => {
    const run = await place.launch({ ...plan, waivers: [{ step: 'a', reason: 'because' }] });
    place.startWorker('w1');
    await until(async () => (await refusals(run)).length > 0);
    expect((await refusals(run))[0]).toMatchObject({ what: 'plan' });
    expect((await refusals(run))[0]?.reason).toContain('there is nothing to waive at a step `a`');
    expectNothingSent();
  });

  it('a script that is exchanged after the launch was checked ends the host run blocked', async () => {
    const run = await place.launch(plan);
    // The coordinator has begun the batch; the host's own wake-up finds the exchanged script.
    const { runs, wake, journal } = place.opened.engine;
    await redis.set(blobKey(sha256(scriptText('a', 'verify'))), '# other');
    await wake.host(run, 'pc1');
    place.startWorker('w1');
    await until(async () => (await runs.ends(run)).size === 1);
    expect((await runs.ends(run)).get('pc1')).toMatchObject({
      end: 'blocked',
      host: 'untouched',
      cause: 'work-refused',
    });
    expect((await journal.read(run, 'pc1')).map(({ kind }) => kind)).toEqual(['workRefused', 'hostRunEnded']);
    expectNothingSent();
  });

  it('a launch signed by another key, an altered one, and one of another run are refused', async () => {
    mkdirSync(join(place.folder, 'foreign'), { recursive: true });
    const foreign = openInstallationKey(join(place.folder, 'foreign'));
    const first = await place.launch(plan);
    await forge(first, ({ document }) => signDocument(document, foreign));
    const second = await place.launch(plan);
    await forge(second, (launch) => ({ ...launch, document: { ...launch.document, launchedBy: 'somebody else' } }));
    const third = await place.launch(plan);
    await redis.set(launchKey(third), JSON.stringify(await place.opened.engine.runs.readLaunch(second)));
    place.startWorker('w1');
    for (const run of [first, second, third]) {
      await until(async () => (await refusals(run)).length > 0);
      expect((await refusals(run))[0]?.what, run).toBe('launch');
    }
    expectNothingSent();
  });

  it('a forged job for a run or a host that no launch names is written down and dropped', async () => {
    const run = await place.launch(plan);
    const { wake, journal } = place.opened.engine;
    await wake.host('20200101-0000-forged', 'pc1');
    await wake.host(run, 'pc2');
    place.startWorker('w1');
    await until(async () => (await place.opened.engine.runs.ends(run)).size === 1);
    await until(async () => (await journal.read('20200101-0000-forged', '*')).length > 0);
    await until(async () => (await refusals(run)).length > 0);
    expect((await refusals(run))[0]).toMatchObject({ what: 'job' });
    expect((await place.opened.engine.runs.ends(run)).get('pc1')?.end).toBe('repaired');
    expect(new Set(place.contacts)).toEqual(new Set(['pc1']));
  });

  it('a forged order to cancel is refused and shown, and the run goes on', async () => {
    const foreign = openInstallationKey(join(place.folder, 'foreign'));
    const run = await place.launch(plan);
    await cancelRun(place.opened.engine, {
      run,
      orderedBy: 'intruder',
      mode: 'rollback',
      sign: (order) => signDocument(order, foreign),
    });
    const worker = place.startWorker('w1');
    await until(async () => (await place.opened.engine.runs.ends(run)).size === 1);
    await worker.idle();
    const report = await readRunReport(place.opened.engine, run);
    expect(report.hosts[0]?.end?.end).toBe('repaired');
    expect(report.refusals).toHaveLength(1);
    expect(report.refusals[0]).toMatchObject({ what: 'order' });
  });

  it('what has not even the form of an order is refused like a forged one, and neither stops the run nor a rollback of it', async () => {
    const run = await place.launch(plan);
    await redis.rpush(ordersKey(run), 'no json', 'null', '{"document":null}');
    const worker = place.startWorker('w1');
    await until(async () => (await place.opened.engine.runs.ends(run)).size === 1);
    await worker.idle();
    const report = await readRunReport(place.opened.engine, run);
    expect(report.hosts[0]?.end?.end).toBe('repaired');
    expect(report.refusals.map(({ what }) => what)).toEqual(['order', 'order', 'order']);
    await rollBackRun(place.opened.engine, {
      run,
      orderedBy: 'ops',
      sign: (order) => signDocument(order, place.key),
    });
    await until(async () => (await place.opened.engine.runs.ends(run)).get('pc1')?.end === 'rolled-back');
  });

  it('the plan that is run is the one whose digest was signed, to the byte', async () => {
    const run = await place.launch(plan);
    const stored = await redis.get(blobKey(planDigest(plan)));
    expect(sha256(stored ?? '')).toBe((await place.opened.engine.runs.readLaunch(run))?.document.planDigest);
    const kept: Plan = JSON.parse(stored ?? 'null');
    expect(kept).toEqual(plan);
  });
});
