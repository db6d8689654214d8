import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/journal/hash-chain.ts';
import { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { planFor } from '../../unit/hostrun/plan-for.ts';
import { startInstallation, type TestInstallation, until } from './installation.ts';

const steps = {
  a: {
    changes: [
      { target: 'one', value: 'new' },
      { target: 'goal', value: 'fixed' },
    ],
  },
};
const broken = {
  a: {
    changes: [
      { target: 'one', value: 'new' },
      { target: 'two', value: 'new' },
    ],
    failAfter: 1,
  },
};

describe('a run on several hosts', () => {
  let place: TestInstallation;

  beforeEach(async () => {
    place = await startInstallation();
  });
  afterEach(async () => {
    await place?.[Symbol.asyncDispose]();
  });

  const ended = async (run: string, hosts: number) => {
    await until(async () => (await place.opened.engine.runs.ends(run)).size === hosts);
    return new Map([...(await place.opened.engine.runs.ends(run))].map(([host, { end }]) => [host, end]));
  };

  it('ends every host by its own name, batch by batch, with two workers', async () => {
    const hosts = ['pc1', 'pc2', 'pc3', 'pc4', 'gone'];
    place.worlds.set('pc1', new FakeWorld({}, steps));
    place.worlds.set('pc2', new FakeWorld({ goal: 'fixed' }, steps));
    place.worlds.set('pc3', new FakeWorld({}, broken));
    place.worlds.set('pc4', new FakeWorld({}, steps));
    place.startWorker('w1');
    const second = place.startWorker('w2');
    const run = await place.launch(
      planFor({ stages: [[{ id: 'a' }]], hosts, batches: [['pc1', 'pc2'], ['pc3', 'gone'], ['pc4']] }),
    );
    expect(await ended(run, 5)).toEqual(
      new Map([
        ['pc1', 'repaired'],
        ['pc2', 'unchanged'],
        ['pc3', 'rolled-back'],
        ['gone', 'unreachable'],
        ['pc4', 'repaired'],
      ]),
    );
    await second.idle();
    const { journal } = place.opened.engine;
    const kinds = (await journal.read(run, '*')).map(({ kind }) => kind);
    expect(kinds).toEqual(['runLaunched', 'batchStarted', 'batchStarted', 'batchStarted', 'runEnded']);
    for (const host of ['*', ...hosts]) {
      const head = await journal.head(run, host);
      expect(verifyChain(await journal.read(run, host), { run, host, head: head.hash })).toBeNull();
    }
    expect(place.worlds.get('pc3')?.isAsBefore()).toBe(true);
    for (const world of place.worlds.values()) expect(world.violations).toEqual([]);
  });
});
