import { expect, test } from 'vitest';
import type { Expectation } from '../../../../src/input/playbook-test/playbook-test.generated.ts';
import { failEverywhere } from '../../../../src/operations/playbook-test/fail-everywhere.ts';
import type { TestRun } from '../../../../src/operations/playbook-test/run-on-machine.ts';
import { type GivenRun, nowhere, runOf } from './test-run.ts';

const end = (name: string, cause: string) => ({ end: name, cause });
const change = (during: 'work' | 'undo', target = 'C:\\x') => ({
  kind: 'file.write',
  target,
  during,
  by: 'mark/apply.ps1',
});
const ran = (ended: ReturnType<typeof end>, ...during: ('work' | 'undo')[]): TestRun =>
  runOf({ end: ended, changes: during.map((each) => change(each)) });

const judged = async (expectation: Expectation, failAt: 'every-change' | 'every-undo', ...runs: TestRun[]) => {
  const unmet = await failEverywhere({
    failAt,
    expect: expectation,
    place: nowhere,
    doRun: async () => runs.shift() ?? ran(end('nowhere', 'none')),
    onRun: () => undefined,
  });
  return unmet.map(({ what, expected, got, notes }) => [what, ...expected, ...got, ...notes]);
};
const told = (failAt: 'every-change' | 'every-undo', ...runs: TestRun[]) =>
  judged({ end: 'rolled-back' }, failAt, ...runs);

test('a run that fails by itself proves nothing of the failures that were to come', async () => {
  expect(await told('every-change', ran(end('rolled-back', 'failure'), 'work'))).toEqual([
    [
      'failAt',
      'a run that fails only where it is made to',
      'one that fails by itself',
      'It ended rolled-back: because of failure',
    ],
  ]);
});

test('an end that is no rollback is told once, with the point of failure', async () => {
  const runs = [ran(end('repaired', 'goal-reached'), 'work'), ran(end('needs-hands', 'undo-incomplete'), 'work')];
  expect(await told('every-change', ...runs)).toEqual([
    [
      'failAt 1 of 1: after file.write C:\\x',
      'rolled-back',
      'needs-hands',
      'undo-incomplete: because of undo-incomplete',
    ],
  ]);
});

test('where a failure puts nothing back, no undo can be interrupted', async () => {
  const good = ran(end('repaired', 'goal-reached'), 'work');
  expect(await told('every-undo', good, ran(end('rolled-back', 'failure'), 'work'))).toEqual([
    [
      'failAt',
      'a failure after the last change that puts changes back',
      'none put back',
      'It ended rolled-back: because of failure',
    ],
  ]);
});

test.each([
  [runOf({ changes: [change('work')], stuck: 'it hangs' }), 'one that does not end', 'repaired: it hangs'],
  [
    ran(end('needs-hands', 'not-released'), 'work'),
    'one that ends needs-hands',
    'needs-hands: because of not-released',
  ],
  [ran(end('unreachable', 'dropped'), 'work'), 'one that ends unreachable', 'unreachable: because of dropped'],
])('a first run that comes to no good end is told at once', async (first, got, note) => {
  expect(await told('every-change', first)).toEqual([
    ['failAt', 'a run that fails only where it is made to', got, `It ended ${note}`],
  ]);
});

test('a first run whose disturbance does not come is told at once; one that is made to fail may end before it', async () => {
  const first = ran(end('repaired', 'goal-reached'), 'work');
  const good = ran(end('rolled-back', 'failure'), 'work');
  const pending = ['restart at change 9'];
  expect(await told('every-change', { ...first, pending })).toEqual([
    [
      'failAt',
      'restart at change 9',
      'it did not come before the run had ended',
      'It ended repaired: because of goal-reached',
    ],
  ]);
  expect(await told('every-change', first, { ...good, pending })).toEqual([]);
});

test('a failure that does not come, or comes after another change, proves nothing', async () => {
  const first = ran(end('repaired', 'goal-reached'), 'work');
  const where = 'failAt 1 of 1: after file.write C:\\x';
  const note = 'It ended rolled-back: because of failure';
  expect(await told('every-change', first, ran(end('rolled-back', 'failure')))).toEqual([
    [where, 'file.write C:\\x', 'a run that did not come so far', note],
  ]);
  const other = runOf({ end: end('rolled-back', 'failure'), changes: [change('work', 'C:\\y')] });
  expect(await told('every-change', first, other)).toEqual([[where, 'file.write C:\\x', 'file.write C:\\y', note]]);
});

test('a cut that does not come in the undo proves nothing either', async () => {
  const first = ran(end('repaired', 'goal-reached'), 'work');
  const failed = ran(end('rolled-back', 'failure'), 'work', 'undo', 'undo');
  const shorter = ran(end('rolled-back', 'failure'), 'work', 'undo');
  expect(await told('every-undo', first, failed, failed, shorter)).toEqual([
    [
      'failAt 2 of 2: after file.write C:\\x',
      'file.write C:\\x',
      'a run that did not come so far',
      'It ended rolled-back: because of failure',
    ],
  ]);
});

test('what stays must be listed, and what is listed must stay', async () => {
  const first = ran(end('repaired', 'goal-reached'), 'work');
  const where = 'failAt 1 of 1: after file.write C:\\x';
  const partly = { end: end('partly-rolled-back', 'failure'), changes: [change('work')] };
  const staying = [['program', 'reg']] as const;
  const failed = (given: GivenRun) =>
    judged({ end: 'partly-rolled-back' }, 'every-change', first, runOf({ ...partly, ...given }));
  expect(await failed({ staying: [['clock', 'clock']], differs: ['clock:skewMs'] })).toEqual([]);
  expect(await failed({ staying, differs: ['registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Unlisted'] })).toEqual([
    [
      where,
      'the host as before, but for exactly what the report lists',
      'program reg (the report lists it as staying)',
      'registry:HKEY_LOCAL_MACHINE\\SOFTWARE\\Unlisted (was a, is b)',
    ],
  ]);
  expect(await failed({ staying: [['clock', 'clock']], differs: ['clock:skewMs', 'file:C:\\y'] })).toEqual([
    [where, 'the host as before, but for exactly what the report lists', 'file:C:\\y (was a, is b)'],
  ]);
});
