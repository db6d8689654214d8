import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import { planDigest } from '../../../src/planning/signature.ts';
import { valueOf } from '../input/fixture-library.ts';
import { inventoryText, smallPlan } from './small-plan.ts';

type Path = readonly (string | number)[];

/** Paths of all values that are no list and no map, and of all empty ones. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy with another value at one place. */
function altered<T>(value: T, path: Path): T {
  const copy = structuredClone(value);
  let parent = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) parent = parent[part] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  const old = parent[last];
  parent[last] = typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : `${JSON.stringify(old)}x`;
  return copy;
}

/** A copy with the keys of every map in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, order));
  if (typeof value !== 'object' || value === null) return value;
  const map = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(map)).map((key) => [key, shuffled(map[key], order)]));
}

const { plan, digest } = smallPlan({
  batch: '2',
  until: '2026-11-22T00:00:00Z',
  budgets: { failed: 1, unreachable: 2, rolledBack: 3 },
});

test('I7 the same input gives the same plan and the same digest', () => {
  const values = fc.record({
    batch: fc.option(fc.constantFrom('1', '2', '50%', '1,40%')),
    parameters: fc.record({ value: fc.integer({ min: 1, max: 50 }) }, { requiredKeys: [] }),
    hosts: fc.shuffledSubarray(['w1', 'w2', 'w3', 's1', 's2'], { minLength: 1 }),
  });
  fc.assert(
    fc.property(values, (overrides) => {
      const [one, other] = [smallPlan(overrides), smallPlan(overrides)];
      expect(other.plan).toEqual(one.plan);
      expect(other.digest).toBe(one.digest);
      expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
    }),
    { numRuns: 20 },
  );
});

test('I7 the order of keys does not change the digest', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat({ max: 1000 })), (stream) => {
      const weights = new Map<string, number>();
      const weight = (key: string) => weights.get(key) ?? weights.set(key, stream.next().value ?? 0).get(key) ?? 0;
      const copy = shuffled(plan, (keys) => keys.toSorted((a, b) => weight(a) - weight(b)));
      expect(planDigest(copy as Plan)).toBe(digest);
    }),
    { numRuns: 30 },
  );
});

test('I7 a change of any field of the plan changes the digest', () => {
  const paths = leaves(plan);
  expect(paths.length).toBeGreaterThan(100);
  const same = paths.filter((path) => planDigest(altered(plan, path)) === digest);
  expect(same).toEqual([]);
});

test('I7 the order of hosts, stages and steps is part of the digest', () => {
  expect(planDigest({ ...plan, hosts: plan.hosts.toReversed() })).not.toBe(digest);
  expect(planDigest({ ...plan, stages: plan.stages.toReversed() })).not.toBe(digest);
});

test('how hosts are reached and who signs in does not change the digest', () => {
  const elsewhere = inventoryText
    .replace('10.0.0.1', '192.0.2.7')
    .replace('15985', '5985')
    .replace('username: admin', 'username: somebody')
    .replace('env:KT_PASSWORD', 'env:OTHER');
  const inventory = valueOf(checkInventory(elsewhere, 'elsewhere.yaml'));
  expect(smallPlan({ inventory }).digest).toBe(smallPlan().digest);
});

test('each thing that the digest must cover changes it', () => {
  const digests = [
    smallPlan(),
    smallPlan({ kit: '# another kit' }),
    smallPlan({ parameters: { value: 4 } }),
    smallPlan({ parameters: { password: 'env:OTHER' } }),
    smallPlan({ hosts: ['w1'] }),
    smallPlan({ batch: '3' }),
    smallPlan({ until: '2026-11-22T00:00:00Z' }),
    smallPlan({ budgets: { failed: 1, unreachable: null, rolledBack: null } }),
  ].map((planned) => planned.digest);
  expect(new Set(digests).size).toBe(digests.length);
});

test('a script of an action is part of the digest', () => {
  const { plan: small } = smallPlan();
  const action = small.actions['demo/set-value'];
  if (action === undefined) throw new Error('the fixture has no such action');
  const scripts = { ...action.scripts, apply: '0'.repeat(64) };
  expect(planDigest({ ...small, actions: { ...small.actions, 'demo/set-value': { ...action, scripts } } })).not.toBe(
    planDigest(small),
  );
});
