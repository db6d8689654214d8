import { evaluateWhen } from '../../planning/condition.ts';
import type { Plan } from '../../planning/plan.ts';
import { conditionScope } from '../condition-scope.ts';
import { ask, type Decision, record } from '../decision.ts';
import { decideEnd, decideStop } from '../end.ts';
import { unfitReason } from '../host-fitness.ts';
import { type HostRunState, stepsOf } from '../state.ts';
import { stepFitsWindow } from '../window-budget.ts';
import { finish } from './finish.ts';
import { takeClaim } from './resume.ts';
import { chooseUser } from './user.ts';

/** What must hold before anything is looked at: fitness of the host, then the playbook's checks, one by one. */
export function preflight(state: HostRunState): Decision | null {
  if (state.judged || state.facts === null) return null;
  const unfit = unfitReason(state.plan, state.facts);
  if (unfit !== null) return finish(decideStop(state, 'blocked', unfit));
  const check = state.plan.preflight.find(({ id }) => state.checks[id] === undefined);
  if (check === undefined) return null;
  return chooseUser(state, [check], 'verify') ?? ask(state, 'checking', { kind: 'check', check: check.id });
}

/** The goal and every step's detect, read-only, before anything is protected or changed; then the judgement on them. */
export function survey(state: HostRunState, atMs: number): Decision | null {
  if (state.judged) return null;
  const { goal } = state.plan;
  if (state.goalBefore === null)
    return chooseUser(state, goal, 'verify') ?? ask(state, 'surveying', { kind: 'checkGoal', stage: null });
  const unseen = changeSteps(state).find(({ id }) => state.surveyed[id] === undefined);
  if (unseen !== undefined)
    return chooseUser(state, [unseen], 'detect') ?? ask(state, 'surveying', { kind: 'survey', step: unseen.id });
  return finish(judge(state, atMs)) ?? chooseUser(state, applicableSteps(state), 'detect', 'apply', 'verify');
}

/** Asks for a restart that a check or a step wants; it takes a claim. The request is written before it is made. */
export function restart(state: HostRunState): Decision | null {
  const { rebootWanted, reboot } = state;
  if (rebootWanted === null) return null;
  const unclaimed = takeClaim(state);
  if (unclaimed !== null) return unclaimed;
  if (reboot === null) return record(state, 'rebooting', { kind: 'rebootRequested', data: { why: rebootWanted } });
  return ask(state, 'rebooting', { kind: 'reboot', why: rebootWanted });
}

/** The claim, after the survey has shown that something is to be done; then the whole-system safety net. */
export function claim(state: HostRunState): Decision | null {
  const judged = { ...state, judged: true };
  return takeClaim(judged) ?? (state.judged ? null : protect(judged));
}

/** The whole-system safety net and its proof (I2), then the copies of what the steps touch. */
export function protect(state: HostRunState): Decision | null {
  if (state.protection === null) return ask(state, 'protecting', { kind: 'createRestorePoint' });
  if (!state.proven) return ask(state, 'proving', { kind: 'proveRestorePoint', ...state.protection });
  if (state.captured === null) return ask(state, 'capturing', { kind: 'capture' });
  return null;
}

/** Whether a playbook has nothing that changes a host. */
function onlyLooks(plan: Plan): boolean {
  return stepsOf(plan).every(({ uses }) => plan.actions[uses]?.kind !== 'change');
}

function changeSteps(state: HostRunState) {
  return stepsOf(state.plan).filter(({ uses }) => state.plan.actions[uses]?.kind === 'change');
}

/** Steps that the survey found needed and whose condition may hold. */
function neededSteps(state: HostRunState) {
  const scope = conditionScope(state);
  return changeSteps(state).filter(({ id, when }) => {
    const told = evaluateWhen(when, scope);
    return state.surveyed[id]?.needed === true && !(told.kind === 'told' && !told.holds);
  });
}

/** Those of them that can be done now. */
function applicableSteps(state: HostRunState) {
  return neededSteps(state).filter(({ id }) => state.surveyed[id]?.possible === true);
}

/** What the survey comes to: an end, or (without one) work. */
function judge(state: HostRunState, atMs: number): HostRunState {
  const needed = neededSteps(state);
  if (state.goalBefore?.ok === true) {
    const aside = needed.length === 0 ? '' : ` (left alone although found: ${needed.map(({ id }) => id).join(', ')})`;
    return decideEnd(state, 'unchanged', 'untouched', {
      cause: 'goal-holds',
      reason: `The goal holds already; nothing was done${aside}.`,
    });
  }
  if (onlyLooks(state.plan))
    return decideEnd(state, 'not-cured', 'untouched', {
      cause: 'findings',
      reason: state.goalBefore?.reason ?? '',
      remedy: '`kintsugi diagnose` proposes playbooks for what was found.',
    });
  const [first] = applicableSteps(state);
  if (first === undefined && needed.length > 0)
    return decideStop(state, 'blocked', {
      cause: 'not-possible',
      reason: needed.map(({ id }) => `${id}: ${state.surveyed[id]?.reason ?? ''}`).join('; '),
      remedy: 'Remove what stands in the way and launch again.',
    });
  if (first === undefined)
    return decideEnd(state, 'not-cured', 'untouched', {
      cause: 'nothing-applies',
      reason: `The goal does not hold (${state.goalBefore?.reason ?? ''}), and no step of the playbook finds anything to do.`,
      remedy: '`kintsugi diagnose` proposes other playbooks.',
    });
  if (!stepFitsWindow(state.plan, first.id, [], atMs, state.limits.windowMarginMs))
    return decideStop(state, 'deferred', {
      cause: 'window',
      reason: `\`${first.id}\` and its undo do not fit before the window closes at ${state.plan.window.until ?? ''}.`,
      remedy: 'Launch again with a later --until.',
    });
  return state;
}
