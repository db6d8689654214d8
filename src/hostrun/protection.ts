import { higherLevel, isEnough } from '../kernel/protection-level.ts';
import type { ProtectionLevel } from '../kernel/words.ts';
import { evaluateWhen } from '../planning/condition.ts';
import type { PlannedStep } from '../planning/plan.ts';
import { levelNeeded } from '../planning/protection.ts';
import { conditionScope } from './condition-scope.ts';
import type { EndWords } from './end.ts';
import { type HostRunState, stepsOf } from './state.ts';

/** The level that each way of protecting a host gives it. */
const levelOfMethod: { readonly [method: string]: ProtectionLevel } = {
  none: 'L2',
  'shadow-copy': 'L3',
  'restore-point': 'L3',
};

/** The level that a way of protecting a host gives it. */
export function levelOf(method: string): ProtectionLevel {
  return levelOfMethod[method] ?? 'L2';
}

/** The steps that the survey found to be needed, and that no condition leaves out. */
export function neededSteps(state: HostRunState): readonly PlannedStep[] {
  const scope = conditionScope(state);
  return stepsOf(state.plan).filter(({ id, uses, when }) => {
    if (state.plan.actions[uses]?.kind !== 'change' || state.surveyed[id]?.needed !== true) return false;
    const told = evaluateWhen(when, scope);
    return !(told.kind === 'told' && !told.holds);
  });
}

/** Those of them that can be done now. */
export function applicableSteps(state: HostRunState): readonly PlannedStep[] {
  return neededSteps(state).filter(({ id }) => state.surveyed[id]?.possible === true);
}

/** The level that the host is to have before its first change: the playbook's, or a needed step's where that is higher (I2). */
export function levelWanted(state: HostRunState): ProtectionLevel {
  const { plan } = state;
  return applicableSteps(state).reduce(
    (level, { id }) => higherLevel(level, levelNeeded(plan, id)),
    plan.protect.level,
  );
}

/** The end of a host that would have to be protected better than it can be. */
export function refusal(state: HostRunState, reason: string, remedy: string): EndWords {
  const { plan } = state;
  const level = levelWanted(state);
  if (isEnough(plan.protect.level, level)) return { cause: 'protection', reason, remedy };
  const asking = applicableSteps(state).filter(({ id }) => levelNeeded(plan, id) === level);
  const names = asking.map(({ id }) => `\`${id}\``).join(', ');
  const waive = asking.map(({ id }) => `--waive ${id}`).join(' ');
  return {
    cause: 'protection-level',
    reason: `${names} ${asking.length === 1 ? 'asks' : 'ask'} for protection level ${level}, which this host cannot have: ${reason}`,
    remedy: `${remedy} Or back the host up by other means and launch with \`${waive} --reason …\`.`,
  };
}

/** What is known before anything is made of the host: L4 needs the host's hypervisor. Null where nothing stands in the way. */
export function unprotectable(state: HostRunState): EndWords | null {
  if (levelWanted(state) !== 'L4') return null;
  return refusal(
    state,
    'A checkpoint of the whole machine can only be made on its hypervisor.',
    'Take a checkpoint of the machine there before.',
  );
}

/** Why a step must not begin: it was not needed in the survey and asks for more than the host was given. Null where it may. */
export function missingProtection(state: HostRunState, step: string): string | null {
  const { plan, protection } = state;
  const needed = levelNeeded(plan, step);
  const method = protection?.method ?? 'none';
  if (isEnough(levelOf(method), needed)) return null;
  return `\`${step}\` is needed only now and asks for protection level ${needed}; the host has ${levelOf(method)} (${method}).`;
}
