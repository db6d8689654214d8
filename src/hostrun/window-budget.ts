import { fitsWindow } from '../input/change/window.ts';
import type { Plan } from '../planning/plan.ts';
import { plannedStep } from './state.ts';

/**
 * Milliseconds that must be left before the window closes so that a step may begin (I5): its longest duration, the undo of
 * itself and of everything done so far (an action's longest duration is also its undo's), and a margin.
 */
export function neededBeforeClosing(plan: Plan, step: string, done: readonly string[], marginMs: number): number {
  const longest = (id: string) => plannedStep(plan, id).action.longestMs;
  return longest(step) + longest(step) + done.reduce((sum, id) => sum + longest(id), 0) + marginMs;
}

/** Whether a step and the undo of all that is done so far fit before the window closes (I5). */
export function stepFitsWindow(
  plan: Plan,
  step: string,
  done: readonly string[],
  nowMs: number,
  marginMs: number,
): boolean {
  return fitsWindow(plan.window.until, nowMs, neededBeforeClosing(plan, step, done, marginMs));
}
