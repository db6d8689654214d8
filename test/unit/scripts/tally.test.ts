import { describe, expect, it } from 'vitest';
import { tally } from '../../../scripts/tally.mjs';

const file = (name: string, tests: { readonly [title: string]: string }, status = 'passed') => ({
  name,
  status,
  message: status === 'failed' ? 'no such module' : '',
  assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })),
});
const good = file('a.test.ts', { one: 'passed', two: 'passed' });
const allowed = [{ title: 'needs PowerShell' }];

describe('the last line of npm test', () => {
  it('counts what passed', () =>
    expect(tally({ testResults: [good, good] }, 0, [])).toEqual({ lines: ['4 passed, 0 failed'], ok: true }));

  it('counts what failed', () => {
    const bad = file('b.test.ts', { three: 'failed', four: 'passed' }, 'failed');
    expect(tally({ testResults: [good, bad] }, 1, [])).toEqual({ lines: ['3 passed, 1 failed'], ok: false });
  });

  it('a file that could not be loaded is a failure', () => {
    const { lines, ok } = tally({ testResults: [good, file('c.test.ts', {}, 'failed')] }, 1, []);
    expect([lines, ok]).toEqual([['could not run c.test.ts: no such module', '2 passed, 1 failed'], false]);
  });

  it('a skip is a failure unless it is allowed, and stands above the last line', () => {
    const skips = file('d.test.ts', { 'shell needs PowerShell 7': 'skipped', 'not yet': 'todo' });
    expect(tally({ testResults: [good, skips] }, 0, allowed)).toEqual({
      lines: [
        'skipped, but not in test/allowed-skips.json: not yet (d.test.ts)',
        'skipped (allowed): shell needs PowerShell 7',
        '2 passed, 1 failed',
      ],
      ok: false,
    });
    const onlyAllowed = file('d.test.ts', { 'shell needs PowerShell 7': 'skipped' });
    expect(tally({ testResults: [good, onlyAllowed] }, 0, allowed)).toMatchObject({ ok: true });
  });

  it('an error outside of any test is a failure', () =>
    expect(tally({ testResults: [good] }, 1, []).lines.at(-1)).toBe('2 passed, 1 failed'));

  it('a run that saw nothing is none that passed', () => {
    expect(tally({ testResults: [] }, 0, [])).toEqual({ lines: ['0 passed, 0 failed'], ok: false });
    expect(tally(undefined, 1, []).lines.at(-1)).toBe('0 passed, 1 failed');
    expect(tally(undefined, 0, []).ok).toBe(false);
  });

  it('counts the cases of playbooks, and a run of them that came to nothing as a failure', () => {
    const xml = (tests: number, failures: number) =>
      `<testsuites name="kintsugi test" tests="${tests}" failures="${failures}">`;
    const last = (playbooks: { xml: string | undefined; status: number }) =>
      tally({ testResults: [good] }, 0, [], playbooks).lines.at(-1);
    expect(last({ xml: xml(3, 0), status: 0 })).toBe('5 passed, 0 failed');
    expect(last({ xml: xml(3, 1), status: 1 })).toBe('4 passed, 1 failed');
    expect(last({ xml: xml(3, 0), status: 1 })).toBe('5 passed, 1 failed');
    expect(last({ xml: xml(0, 0), status: 0 })).toBe('2 passed, 1 failed');
    expect(last({ xml: undefined, status: 2 })).toBe('2 passed, 1 failed');
  });
});
