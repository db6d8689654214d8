import { expect, test } from 'vitest';
import { failEverywhere } from '../../../../src/operations/playbook-test/fail-everywhere.ts';
import type { TestRun } from '../../../../src/operations/playbook-test/run-on-machine.ts';

const end = (name: string, cause: string) => ({ end: name, cause, reason: `because of ${cause}` });
const change = (during: 'work' | 'undo') => ({ kind: 'file.write', target: 'C:\\x', during });
const runOf = (ended: ReturnType<typeof end>, ...during: ('work' | 'undo')[]): TestRun =>
  ({
    report: { end: ended, stages: [] },
    changes: during.map(change),
    differences: [],
    stuck: null,
  }) as unknown as TestRun;

const told = async (failAt: 'every-change' | 'every-undo', ...runs: TestRun[]) => {
  const { unmet } = await failEverywhere({
    failAt,
    expect: { end: 'rolled-back' },
    place: () => ({ file: 'x.test.yaml', line: 1, column: 1 }),
    doRun: async () => runs.shift() ?? runOf(end('nowhere', 'none')),
    onRun: () => undefined,
  });
  return unmet.map(({ what, expected, got, notes }) => [what, ...expected, ...got, ...notes]);
};

test('a run that fails by itself proves nothing of the failures that were to come', async () => {
  expect(await told('every-change', runOf(end('rolled-back', 'failure'), 'work'))).toEqual([
    [
      'failAt',
      'a run that fails only where it is made to',
      'one that fails by itself',
      'It ended rolled-back: because of failure',
    ],
  ]);
});

test('an end that is no rollback is told once, with the point of failure', async () => {
  const runs = [runOf(end('repaired', 'goal-reached'), 'work'), runOf(end('needs-hands', 'undo-incomplete'), 'work')];
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
  const good = runOf(end('repaired', 'goal-reached'), 'work');
  expect(await told('every-undo', good, runOf(end('rolled-back', 'failure'), 'work'))).toEqual([
    [
      'failAt',
      'a failure after the last change that puts changes back',
      'none put back',
      'It ended rolled-back: because of failure',
    ],
  ]);
});
