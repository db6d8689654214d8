import { describe, expect, it } from 'vitest';
import { neededBeforeClosing, stepFitsWindow } from '../../../src/hostrun/window-budget.ts';
import { planFor } from './plan-for.ts';

const stages = [
  [{ id: 'a', longestMs: 10_000 }],
  [
    { id: 'b', longestMs: 30_000 },
    { id: 'c', longestMs: 5_000 },
  ],
];

describe('what must fit before a window closes (I5)', () => {
  it('is the step, its own undo, the undo of all that is done, and a margin', () => {
    const plan = planFor({ stages });
    expect(neededBeforeClosing(plan, 'a', [], 1_000)).toBe(10_000 + 10_000 + 1_000);
    expect(neededBeforeClosing(plan, 'c', ['a', 'b'], 1_000)).toBe(5_000 + 5_000 + 10_000 + 30_000 + 1_000);
  });

  it('fits to the millisecond, and always where there is no window', () => {
    const plan = planFor({ stages, until: new Date(100_000).toISOString() });
    expect(stepFitsWindow(plan, 'a', [], 79_000, 1_000)).toBe(true);
    expect(stepFitsWindow(plan, 'a', [], 79_001, 1_000)).toBe(false);
    expect(stepFitsWindow(planFor({ stages }), 'a', [], Number.MAX_SAFE_INTEGER, 1_000)).toBe(true);
  });
});
