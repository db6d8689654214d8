import { expect, test } from 'vitest';
import { describePlan } from '../../../src/planning/describe-plan.ts';
import { smallPlan } from './small-plan.ts';

const { plan, digest } = smallPlan({ batch: '2', until: '2026-11-22T00:00:00Z', parameters: { value: 3 } });
const description = describePlan(plan);

test('a plan tells who approves it what would be done to each host', () => {
  const host = description.hosts[2];
  expect(host).toMatchObject({ id: 'w3', batch: 2, goal: [{ id: 'goal', values: { expect: 'right' }, risk: 'low' }] });
  expect(host?.stages.map((stage) => stage.steps.map((step) => step.id))).toEqual([
    ['setValue', 'setValue2'],
    ['signIn'],
  ]);
  expect(host?.stages[0]?.steps[0]).toEqual({
    id: 'setValue',
    title: { en: 'Set the value', ja: '値を設定する' },
    uses: 'demo/set-value',
    values: { value: 3, names: ['one'], note: '$HOME' },
    when: null,
    risk: 'medium',
    protect: 'L3',
    waived: null,
    lane: 'system',
    typicalMs: 60_000,
    longestMs: 300_000,
    reboot: 'possible',
    interruptible: true,
    irreversible: { en: 'The old value is not kept' },
    grade: null,
  });
});

test('I6 a secret is shown as where it comes from', () => {
  expect(description.hosts[0]?.stages[1]?.steps[0]?.values).toEqual({ password: '[secret] env:KT_DEFAULT' });
});

test('risk, restarts, what is irreversible and protection are summed up', () => {
  expect(description).toMatchObject({
    digest,
    risk: 'high',
    until: '2026-11-22T00:00:00Z',
    protection: { level: 'L3', systemProtectionOff: 'shadow-copy', reason: null },
    reboots: [
      { step: 'setValue', reboot: 'possible' },
      { step: 'setValue2', reboot: 'possible' },
    ],
    irreversible: [{ step: 'setValue' }, { step: 'setValue2' }],
  });
});

test('each step shows the level that it asks for, and a waived one why', () => {
  const waivers = [{ step: 'signIn', reason: 'CHG-7' }];
  const waived = describePlan(smallPlan({ waivers }).plan);
  expect(waived.waivers).toEqual([{ step: 'signIn', level: 'L4', reason: 'CHG-7' }]);
  const [host] = waived.hosts;
  const steps = host?.stages.flatMap((stage) => stage.steps.map(({ id, protect, waived: why }) => [id, protect, why]));
  expect(steps).toEqual([
    ['setValue', 'L3', null],
    ['setValue2', 'L3', null],
    ['signIn', 'L4', 'CHG-7'],
  ]);
  expect(host?.goal.map(({ protect }) => protect)).toEqual([null]);
});

test('durations: checks, the goal once more than there are stages, every step; at worst all is undone; batches follow one another', () => {
  const looks = 1 + 3;
  const expectedMs = looks * 1_000 + 60_000 + 60_000 + 10_000;
  const worstMs = looks * 10_000 + 2 * (300_000 + 300_000 + 60_000);
  expect(description.durations).toEqual({
    host: { expectedMs, worstMs },
    run: { expectedMs: 3 * expectedMs, worstMs: 3 * worstMs },
  });
});

test('a description is plain data', () => {
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
});

test('the grade of each step is shown, and the worst of them; checks have none of the steps', () => {
  const grades = new Map([
    ['demo/set-value', 'B'],
    ['demo/sign-in', 'A'],
    ['demo/look', 'F'],
  ] as const);
  const graded = smallPlan({ grades });
  const described = describePlan(graded.plan);
  expect(described.grade).toBe('B');
  expect(described.hosts[0]?.stages.flatMap(({ steps }) => steps.map(({ grade }) => grade))).toEqual(['B', 'B', 'A']);
  expect(graded.digest).not.toBe(smallPlan({}).digest);
  expect(describePlan(smallPlan({}).plan).grade).toBeNull();
});
