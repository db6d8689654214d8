import { evaluateWhen } from '../../planning/condition.ts';
import type { PlannedStep } from '../../planning/plan.ts';
import { conditionScope } from '../condition-scope.ts';
import { ask, type Decision, record } from '../decision.ts';
import { decideEnd } from '../end.ts';
import { anyBegun, type HostRunState, plannedStep, stepOf, stepsOf } from '../state.ts';
import { neededBeforeClosing, stepFitsWindow } from '../window-budget.ts';
import { finish } from './finish.ts';
import { undo } from './undo.ts';
import { chooseUser } from './user.ts';

/** Stage by stage: every step, then the goal; when it holds, a last look at all that was done. */
export function stages(state: HostRunState, atMs: number): Decision | null {
  for (const [index, stage] of state.plan.stages.entries()) {
    for (const step of stage.steps) {
      const decision = takeStep(state, step, atMs);
      if (decision !== null) return decision;
    }
    const done = stage.steps.some(({ id }) => stepOf(state, id).state === 'verified');
    if (done && state.goals[index] === undefined)
      return (
        chooseUser(state, state.plan.goal, 'verify') ?? ask(state, 'checkingGoal', { kind: 'checkGoal', stage: index })
      );
    if (state.goals[index] === true) return verifyAll(state);
  }
  return giveUp(state);
}

function takeStep(state: HostRunState, step: PlannedStep, atMs: number): Decision | null {
  const { id } = step;
  switch (stepOf(state, id).state) {
    case 'pending':
      return prepareStep(state, step, atMs);
    case 'begun':
      return ask(state, 'applying', { kind: 'applyStep', step: id, attempt: stepOf(state, id).attempts });
    case 'applied':
      return verify(state, step, false);
    case 'skipped':
    case 'verified':
    case 'failed':
    case 'undone':
      return null;
  }
}

/** `when`, then detect, then the window (I5); that the step begins is written before it does. */
function prepareStep(state: HostRunState, step: PlannedStep, atMs: number): Decision {
  const { id } = step;
  const told = evaluateWhen(step.when, conditionScope(state));
  if (told.kind === 'cannot-tell') return skip(state, id, 'condition', told.reason);
  if (!told.holds) return skip(state, id, 'condition', step.when ?? '');
  if (plannedStep(state.plan, id).action.kind === 'check') return verify(state, step, false);
  const { detected, attempts } = stepOf(state, id);
  if (detected === null) {
    const asked = chooseUser(state, [step], 'detect');
    // a sign-on may be waited for: not so long that the way back does not fit any more
    if (asked !== null) return windowClosing(state, id, atMs) ?? asked;
    return ask(state, 'detecting', { kind: 'detectStep', step: id });
  }
  if (!detected.needed) return skip(state, id, 'not-needed', detected.reason);
  if (!detected.possible) return skip(state, id, 'not-possible', detected.reason);
  return (
    windowClosing(state, id, atMs) ??
    chooseUser(state, [step], 'apply', 'verify') ??
    record(state, 'detecting', { kind: 'stepBegun', data: { step: id, attempt: attempts + 1 } })
  );
}

/** The way back where a step and the undo of all that is done do not fit before the window closes (I5); else null. */
function windowClosing(state: HostRunState, id: string, atMs: number): Decision | null {
  const { plan, limits } = state;
  const done = stepsOf(plan).flatMap((each) =>
    stepOf(state, each.id).attempts > 0 && each.id !== id ? [each.id] : [],
  );
  if (stepFitsWindow(plan, id, done, atMs, limits.windowMarginMs)) return null;
  const minutes = Math.ceil(neededBeforeClosing(plan, id, done, limits.windowMarginMs) / 60_000);
  const reason = `\`${id}\` and the undo of all that is done need ${minutes} min; the window closes at ${plan.window.until ?? ''}.`;
  return wayBack({ ...state, failing: { cause: 'window-closing', reason } });
}

function verify(state: HostRunState, step: PlannedStep, final: boolean): Decision {
  const command = { kind: 'verifyStep', step: step.id, final } as const;
  return chooseUser(state, [step], 'verify') ?? ask(state, final ? 'finalVerifying' : 'verifying', command);
}

function skip(
  state: HostRunState,
  step: string,
  because: 'condition' | 'not-needed' | 'not-possible',
  reason: string,
): Decision {
  return record(state, 'detecting', { kind: 'stepSkipped', data: { step, because, reason } });
}

function verifyAll(state: HostRunState): Decision | null {
  const next = stepsOf(state.plan).find(
    ({ id, uses }) =>
      state.plan.actions[uses]?.kind === 'change' &&
      stepOf(state, id).state === 'verified' &&
      !state.finallyVerified.includes(id),
  );
  if (next !== undefined) return verify(state, next, true);
  return finish(
    decideEnd(state, 'repaired', 'repaired', {
      cause: 'goal-reached',
      reason: 'The goal holds and every step that was done still verifies.',
    }),
  );
}

function giveUp(state: HostRunState): Decision | null {
  const reason = anyBegun(state)
    ? 'All stages are done and the goal still does not hold.'
    : 'No step found anything to do any more, and the goal does not hold.';
  return wayBack({ ...state, failing: { cause: 'goal-not-reached', reason } });
}

function wayBack(state: HostRunState): Decision {
  return undo(state) ?? { state, commands: [] };
}
