import { expect, test } from 'vitest';
import { ProcessBudget } from '../../../../src/lab/pwsh-engine/process-budget.ts';

test('a session more than the memory is enough for is refused by name, and a place that was given back counts once', () => {
  const budget = new ProcessBudget(2);
  const giveBack = budget.take();
  budget.take();
  expect(() => budget.take()).toThrow('does not run more than 2 sessions in a real PowerShell at once');
  giveBack();
  giveBack();
  budget.take();
  expect(() => budget.take()).toThrow('more than 2 sessions');
});
