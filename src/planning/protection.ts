import { higherLevel } from '../kernel/protection-level.ts';
import type { ProtectionLevel } from '../kernel/words.ts';
import type { Plan, PlannedAction, Waiver } from './plan.ts';

/** What of a plan tells how safe a host must be before a step. */
type Protected = Pick<Plan, 'actions' | 'protect' | 'stages' | 'waivers'>;

/** The level that an action asks for before it changes anything; a check asks for nothing, and in plans of earlier versions no action does. */
export function levelAsked({ protect = 'L1' }: Pick<PlannedAction, 'protect'>): ProtectionLevel {
  return protect;
}

/** The waiver of a step, if whoever launched gave one. */
export function waiverOf({ waivers }: Pick<Plan, 'waivers'>, step: string): Waiver | undefined {
  return waivers?.find((each) => each.step === step);
}

/** The level that a host must have before a step begins: the playbook's, or its action's where that is higher and not waived. */
export function levelNeeded(plan: Protected, step: string): ProtectionLevel {
  const { level } = plan.protect;
  const action = actionOfStep(plan, step);
  if (action === undefined || waiverOf(plan, step) !== undefined) return level;
  return higherLevel(level, levelAsked(action));
}

/** The steps that change something and ask for more than the playbook's own level: those that a waiver can be for. */
export function waivableSteps(plan: Protected): readonly string[] {
  const unwaived = { ...plan, waivers: [] };
  return plan.stages
    .flatMap(({ steps }) => steps)
    .filter(({ id, uses }) => plan.actions[uses]?.kind === 'change' && levelNeeded(unwaived, id) !== plan.protect.level)
    .map(({ id }) => id);
}

/** What is wrong with the waivers of a plan, or null: each is for a step that can be waived, once, and gives its reason. */
export function waiverFault(plan: Protected): string | null {
  const known = waivableSteps(plan);
  const seen = new Set<string>();
  for (const { step, reason } of plan.waivers ?? []) {
    if (!known.includes(step)) return `there is nothing to waive at a step \`${step}\``;
    if (seen.has(step)) return `\`${step}\` is waived twice`;
    if (reason.trim() === '') return `the waiver of \`${step}\` gives no reason`;
    seen.add(step);
  }
  return null;
}

function actionOfStep({ actions, stages }: Protected, step: string): PlannedAction | undefined {
  const use = stages.flatMap(({ steps }) => steps).find(({ id }) => id === step);
  return use === undefined ? undefined : actions[use.uses];
}
