import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { readRunReport } from '../../../src/operations/report.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import { connectRedis } from '../../../src/queue/connect-redis.ts';
import { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { planFor } from '../../unit/hostrun/plan-for.ts';
import { connectionFor, startInstallation, until } from './installation.ts';

const password = 'canary-Passw0rd-äöü-12345';
const licence = 'canary-licence-"67890"';
const forms = (value: string) => [
  value,
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(value, 'utf16le').toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(value, 'utf16le').toString('latin1'),
];

function planWithSecret(): Plan {
  const plan = planFor({ stages: [[{ id: 'a', parameters: { key: { type: 'secret' } } }]], hosts: ['pc1', 'pc2'] });
  const stage = plan.stages[0];
  const step = stage?.steps[0];
  if (stage === undefined || step === undefined) throw new Error('no step');
  return {
    ...plan,
    hosts: plan.hosts.map((host) => ({ ...host, parameters: { licence: { secret: 'env:KINTSUGI_TEST_LICENCE' } } })),
    stages: [{ ...stage, steps: [{ ...step, with: { key: '$licence' } }] }],
  };
}

/** Every byte that the installation has written: Redis by its commands and its files, archives, keys. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
  );
}

describe('secrets (I6)', () => {
  it('appear nowhere in Redis, the journal or the report, even where a host or an error repeats them', async () => {
    process.env['KINTSUGI_TEST_CANARY'] = password;
    process.env['KINTSUGI_TEST_LICENCE'] = licence;
    const place = await startInstallation();
    const steps = {
      a: {
        changes: [
          { target: 'one', value: 'new' },
          { target: 'goal', value: 'fixed' },
        ],
      },
    };
    place.worlds.set('pc1', new FakeWorld({}, steps));
    place.worlds.set('pc2', new FakeWorld({}, steps));
    // A host that repeats what it was given, in the errors of its session.
    place.hooks.gate = async (host, name) => {
      if (host === 'pc2' && name === 'apply a')
        throw new Failure(
          'script-error',
          `bad key ${licence} for ${Buffer.from(password, 'utf16le').toString('base64')}`,
        );
    };
    place.startWorker('w1');
    const connection = (host: string) => ({ ...connectionFor(host), password: { secret: 'env:KINTSUGI_TEST_CANARY' } });
    const run = await place.launch(planWithSecret(), ['pc1', 'pc2'].map(connection));
    const { engine } = place.opened;
    await until(async () => (await engine.runs.ends(run)).size === 2);
    const report = await readRunReport(engine, run);
    expect(report.figures.ends).toEqual({ repaired: 1, 'rolled-back': 1 });
    expect(JSON.stringify(report)).toContain('bad key [secret] for [secret]');

    const redis = connectRedis(place.redis.address);
    const texts: string[] = [JSON.stringify(report)];
    for (const key of await redis.keys('*')) {
      const kind = await redis.type(key);
      if (kind === 'string') texts.push((await redis.get(key)) ?? '');
      if (kind === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
      if (kind === 'list') texts.push(JSON.stringify(await redis.lrange(key, 0, -1)));
      if (kind === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    }
    redis.disconnect();
    texts.push(...filesBelow(place.folder));
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.some((text) => text.includes('KINTSUGI_TEST_CANARY'))).toBe(true);
    for (const form of [...forms(password), ...forms(licence)])
      expect(
        texts.filter((text) => text.includes(form) || text.includes(Buffer.from(form).toString('latin1'))),
      ).toEqual([]);
    await place[Symbol.asyncDispose]();
  });

  it('that cannot be read end the host run blocked, named by reference alone', async () => {
    const place = await startInstallation();
    place.worlds.set('pc1', new FakeWorld({}, {}));
    place.startWorker('w1');
    const plan = planFor({ stages: [[{ id: 'a' }]] });
    const run = await place.launch(plan, [
      { ...connectionFor('pc1'), password: { secret: 'env:KINTSUGI_TEST_NO_SUCH' } },
    ]);
    await until(async () => (await place.opened.engine.runs.ends(run)).size === 1);
    const end = (await place.opened.engine.runs.ends(run)).get('pc1');
    expect(end).toMatchObject({ end: 'blocked', host: 'untouched' });
    expect(end?.reason).toContain('env:KINTSUGI_TEST_NO_SUCH');
    expect(place.contacts).toEqual([]);
    await place[Symbol.asyncDispose]();
  });
});
