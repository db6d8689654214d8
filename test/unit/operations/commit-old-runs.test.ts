import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitOldRuns } from '../../../src/operations/commit-old-runs.ts';
import type { Engine } from '../../../src/operations/engine.ts';
import { existingInstallationKey, openInstallationKey } from '../../../src/operations/installation-key.ts';
import type { RunOrder, Signed } from '../../../src/planning/plan.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { type Story, tellStory } from '../hostrun/simulate.ts';
import { engineOf } from '../report/report-of.ts';

const day = 86_400_000;
const change = {
  changes: [
    { target: 'one', value: 'new' },
    { target: 'goal', value: 'fixed' },
  ],
};
const plan = planFor({ stages: [[{ id: 'a' }]] });

/** The journal of a run that ended about `1_000_000_000`, and an engine at a time after that. */
async function engineAt(story: Partial<Story>, nowMs: number, orders: readonly RunOrder['order'][] = []) {
  const { events } = await tellStory({ plan, world: new FakeWorld({}, { a: change }), ...story });
  const read = engineOf(plan, events);
  const given: Signed<RunOrder>[] = orders.map((order) => signed(order));
  const engine: Engine = {
    ...read,
    journal: { ...read.journal, append: async () => undefined },
    runs: {
      ...read.runs,
      readOrders: async () => given,
      addOrder: async (order) => void given.push(order),
      reopen: async () => undefined,
    },
    wake: { coordinator: async () => undefined, host: async () => undefined },
    now: () => nowMs,
  };
  return { engine, given };
}

function signed(order: RunOrder['order']): Signed<RunOrder> {
  const document = { kintsugi: 'order/v1' as const, run: 'run-1', order, mode: null, orderedBy: 'ops', orderedAt: '' };
  return { document, keyId: 'k', signature: 's' };
}
const sign = <T extends { readonly kintsugi: string }>(document: T): Signed<T> => ({
  document,
  keyId: 'k',
  signature: 's',
});
const commit = (engine: Engine) => commitOldRuns(engine, { afterMs: 14 * day, sign });

test('a run that ended long ago is committed, once, in the name of Kintsugi', async () => {
  const { engine, given } = await engineAt({}, 1_000_000_000 + 15 * day);
  expect(await commit(engine)).toEqual(['run-1']);
  expect(given.map(({ document }) => `${document.order} by ${document.orderedBy}`)).toEqual(['commit by kintsugi']);
  expect(await commit(engine)).toEqual([]);
});

test('a run that ended lately, or was committed by hand, is left alone', async () => {
  expect(await commit((await engineAt({}, 1_000_000_000 + 13 * day)).engine)).toEqual([]);
  expect(await commit((await engineAt({}, 1_000_000_000 + 15 * day, ['commit'])).engine)).toEqual([]);
  expect(await commit((await engineAt({}, 1_000_000_000 + 15 * day, ['cancel'])).engine)).toEqual(['run-1']);
});

test('a run that was launched long ago and ended lately is left alone', async () => {
  const late = 1_000_000_000 + 10 * day;
  const { engine } = await engineAt({ startMs: late }, 1_000_000_000 + 15 * day);
  expect(await commit(engine)).toEqual([]);
});

test('a run with a host that needs hands keeps what was set aside', async () => {
  const world = new FakeWorld({}, { a: { changes: [{ target: 'one', value: 'new' }], verifyFails: true } });
  world.undoFails.add('one');
  const { engine } = await engineAt({ world }, 1_000_000_000 + 15 * day);
  expect(await commit(engine)).toEqual([]);
});

test('only where the installation key lies can the order be signed; none is made for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-keys-'));
  expect(existingInstallationKey(join(folder, 'keys'))).toBeNull();
  const key = openInstallationKey(join(folder, 'keys'));
  expect(existingInstallationKey(join(folder, 'keys'))).toEqual(key);
  rmSync(folder, { recursive: true });
});
