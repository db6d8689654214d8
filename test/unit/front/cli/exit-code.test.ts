import { describe, expect, it } from 'vitest';
import { runExitCode } from '../../../../src/front/cli/exit-code.ts';
import { hostEnds } from '../../../../src/journal/event-data.ts';

describe('the exit code of a run', () => {
  it.each([
    ['repaired', 0],
    ['unchanged', 0],
    ['not-cured', 1],
    ['rolled-back', 1],
    ['partly-rolled-back', 1],
    ['blocked', 1],
    ['unreachable', 1],
    ['deferred', 5],
    ['cancelled', 5],
    ['needs-hands', 4],
  ] as const)('a host that ended %s alone gives %i', (end, code) => expect(runExitCode([end])).toBe(code));

  it('every end has a code', () => expect(hostEnds.map((end) => runExitCode([end]))).not.toContain(undefined));

  it('where several apply, needs-hands comes first, then any other end, then cancelled or deferred', () => {
    expect(runExitCode(['repaired', 'cancelled'])).toBe(5);
    expect(runExitCode(['cancelled', 'blocked', 'repaired'])).toBe(1);
    expect(runExitCode(['deferred', 'needs-hands', 'rolled-back'])).toBe(4);
    expect(runExitCode(['unchanged', 'repaired'])).toBe(0);
  });

  it('a host without an end is one that ended otherwise', () => expect(runExitCode([null, 'repaired'])).toBe(1));

  it('a run without hosts is good', () => expect(runExitCode([])).toBe(0));
});
