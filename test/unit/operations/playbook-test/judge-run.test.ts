import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../../../src/input/playbook-test/playbook-test.generated.ts';
import type { JournalEvent } from '../../../../src/journal/event.ts';
import { judgeRun } from '../../../../src/operations/playbook-test/judge-run.ts';
import { type GivenRun, nowhere, runOf } from './test-run.ts';

const unmetOf = (given: GivenRun, expectation: Expectation) =>
  judgeRun(runOf(given), expectation, nowhere).map(({ what, expected, got }) => [what, ...expected, '/', ...got]);

describe('a host that was left alone or rolled back', () => {
  test.each(['unchanged', 'blocked', 'rolled-back', 'partly-rolled-back'] as const)('%s must be as it was', (end) => {
    expect(unmetOf({ end: { end }, differs: ['service:BITS:state'] }, { end })).toEqual([
      ['changed', '/', 'service:BITS:state (was a, is b)'],
    ]);
    expect(unmetOf({ end: { end } }, { end })).toEqual([]);
  });

  test('may differ in what its report lists, and in nothing else', () => {
    const end = 'partly-rolled-back';
    const staying = [['clock', 'clock']] as const;
    expect(unmetOf({ end: { end }, staying, differs: ['clock:skewMs'] }, { end })).toEqual([]);
    expect(unmetOf({ end: { end }, staying, differs: ['clock:skewMs', 'file:C:\\x'] }, { end })).toEqual([
      ['changed', '/', 'file:C:\\x (was a, is b)'],
    ]);
  });

  test('must differ in all that its report lists, unless the test says itself what has changed', () => {
    const given: GivenRun = { end: { end: 'partly-rolled-back' }, staying: [['clock', 'clock']] };
    expect(unmetOf(given, { end: 'partly-rolled-back' })).toEqual([
      ['changed', 'clock clock (the report lists it as staying)', '/'],
    ]);
    expect(unmetOf(given, { end: 'partly-rolled-back', changed: [] })).toEqual([]);
  });
});

test('a host that was repaired may differ, but where it is said in what, in all of that and in nothing else', () => {
  const given: GivenRun = { differs: ['clock:skewMs', 'file:C:\\x'] };
  expect(unmetOf(given, { end: 'repaired' })).toEqual([]);
  expect(unmetOf(given, { changed: ['clock:*', 'service:**'] })).toEqual([
    ['changed', 'service:**', '/', 'file:C:\\x (was a, is b)'],
  ]);
});

test.each([
  ['end', { end: 'repaired' }],
  ['cause', { end: 'rolled-back', cause: 'goal-reached' }],
  ['reason', { end: 'rolled-back', reason: 'another one' }],
] as const)('where a script failed is told also where only the %s is another one', (what, expectation) => {
  const fault = {
    code: 'script-error',
    message: 'No such thing.',
    fqid: '',
    hresult: null,
    script: 'look/detect.ps1',
    line: 7,
  };
  const data = { step: 'look', during: 'survey', fault, changes: [] };
  const events = [{ kind: 'stepFailed', data }] as unknown as JournalEvent[];
  const unmet = judgeRun(runOf({ end: { end: 'rolled-back', cause: 'failure' }, events }), expectation, nowhere);
  expect(unmet.map((each) => [each.what, each.notes.at(-1)])).toEqual([
    [what, 'survey of look failed: No such thing. (look/detect.ps1:7)'],
  ]);
});

test('a disturbance that did not come makes the test worthless', () => {
  expect(unmetOf({ pending: ['restart at change 5000'] }, { end: 'repaired' })).toEqual([
    ['disturbances', 'restart at change 5000', '/', 'they did not come before the run had ended'],
  ]);
});

test('a script that removes what protects the run is told, since the end state does not show it', () => {
  const data = { method: 'shadow-copy', id: '{A}', proof: {}, enabledSystemProtection: false } as const;
  const events = [{ kind: 'protectionMade', data }] as unknown as JournalEvent[];
  const removed = (target: string) => ({
    changes: [{ kind: 'shadow.remove', target, during: 'work', by: 'mark/apply.ps1' } as const],
    events,
  });
  expect(unmetOf(removed('{a}'), { end: 'repaired' })).toEqual([
    ['protection', 'the shadow copy that protects the run', '/', 'a script removed it ({a})'],
  ]);
  expect(unmetOf(removed('{b}'), { end: 'repaired' })).toEqual([]);
});

test('a check that is used twice must come out as expected both times', () => {
  const checks = [
    ['disk/free-space', true],
    ['disk/free-space', false],
  ] as const;
  expect(unmetOf({ checks }, { checks: { 'disk/free-space': 'passed' } })).toEqual([
    ['checks.disk/free-space', 'passed', '/', 'failed'],
  ]);
  expect(unmetOf({ checks }, { checks: { 'disk/free-space': 'failed' } })).toEqual([
    ['checks.disk/free-space', 'failed', '/', 'passed'],
  ]);
});

test('a change that could not be put back is not among those that were', () => {
  const putBack = [
    ['rename', 'C:\\a'],
    ['rename', 'C:\\b', 'in use'],
  ] as const;
  expect(unmetOf({ putBack }, { undone: ['rename C:\\*'] })).toEqual([
    ['undone', '/', 'rename C:\\b (not put back: in use)'],
  ]);
});

test('a step whose condition could not be told is told where the run does not end as expected', () => {
  const data = { step: 'cleanUp', because: 'condition', reason: '`facts.disk.fre < 3`: no such key: fre' };
  const events = [{ kind: 'stepSkipped', data }] as unknown as JournalEvent[];
  const [unmet] = judgeRun(runOf({ end: { end: 'not-cured' }, events }), { end: 'repaired' }, nowhere);
  expect(unmet?.notes).toContain('step cleanUp was left out by its condition: `facts.disk.fre < 3`: no such key: fre');
});
