import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRedis } from '../../src/queue/connect-redis.ts';
import { repeated, unaccounted } from '../helpers/change-timeline.ts';
import { type Fleet, openFleet, until } from '../helpers/fleet.ts';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await openFleet();
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
});

/** Kills the private server, and waits until its keeper has noticed. */
async function killRedis(): Promise<void> {
  const redis = connectRedis(fleet.redis);
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  redis.disconnect();
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(join(fleet.folder, 'redis', 'socket', 'keeper.sock')));
}

it('I1: while Redis is away no step begins; back on its file, the run goes on and nothing is done twice', async () => {
  const lab = await fleet.addLab({ pc: { base: 'windows-11-24h2' } });
  const host = lab.host();
  const isValue = (name: string) => (change: { kind: string; target: string }) =>
    change.kind === 'registry.set' && change.target.endsWith(`KintsugiTest:${name}`);
  const hold = host.holdAt(isValue('a1'));
  const run = await fleet.launch(lab, { playbook: 'values' });
  await fleet.startWorker('w1');
  await hold.reached;
  await killRedis();
  const names = () =>
    host
      .repairs()
      .filter(({ kind, target }) => kind === 'registry.set' && target.includes('KintsugiTest:'))
      .map(({ target }) => target.split(':').at(-1));
  // The script on the host goes on to its end, while nobody can write that it did.
  hold.goOn();
  await until(() => host.ledger(run).records.some(({ kind, data }) => kind === 'outcome' && data['step'] === 'first'));
  expect(names()).toEqual(['a1', 'a2', 'a3', 'a4']);
  // The worker has the outcome and cannot write it: it says so each time it has tried, and asks nothing of the host.
  const tries = () => fleet.log().split('Redis cannot be reached').length - 1;
  const [triedBefore, changedBefore] = [tries(), host.changes.length];
  await until(() => tries() >= triedBefore + 4);
  expect(names()).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect(host.changes.slice(changedBefore).filter(({ kind }) => kind.startsWith('file.'))).toEqual([]);

  await fleet.restartRedis();
  const ends = await fleet.untilRunEnded(run);
  expect(ends.get('pc')?.end, ends.get('pc')?.reason).toBe('repaired');
  expect(names()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1', 'c2', 'c3']);
  const { records, broken } = host.ledger(run);
  expect(broken).toBe(false);
  expect(unaccounted(host.repairs(), records)).toEqual([]);
  expect(repeated(records)).toEqual([]);
});
