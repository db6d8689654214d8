import { sha256 } from '../kernel/canonical-json.ts';
import type { Touches } from '../kernel/words.ts';
import { type BoundParameters, bindUse } from './bind.ts';
import { declaredText } from './declared-text.ts';
import type { Plan, PlannedUse } from './plan.ts';
import { secretParameters } from './secret-values.ts';

/** Hashes (SHA-256, hex) of all scripts of a plan, by `<action>/<kind>`, and of what each action declares, by `<action>/declared`. */
export function scriptHashes(plan: Pick<Plan, 'actions'>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(plan.actions).flatMap(([id, action]) => [
      ...Object.entries(action.scripts).map(([kind, hash]) => [`${id}/${kind}`, hash] as const),
      [`${id}/declared`, sha256(declaredText(action))] as const,
    ]),
  );
}

/**
 * What a host's run asks of the module of a no-language endpoint: the hashes of {@link scriptHashes}, and the values that it gives the
 * parameters of each action, but for secrets. After the end no script runs any more: a rollback names only what was touched, a commit nothing.
 * @param parameters the playbook's, bound for the host
 * @param order the one after the end, if there is one
 */
export function moduleNeeds(
  plan: Pick<Plan, 'actions' | 'goal' | 'preflight' | 'stages'>,
  parameters: BoundParameters,
  order: 'rollback' | 'commit' | null = null,
): { readonly scripts: ReadonlyMap<string, string>; readonly given: GivenValues } {
  const steps: readonly PlannedUse[] = plan.stages.flatMap((stage) => stage.steps);
  const given = (order === null ? [...plan.goal, ...plan.preflight, ...steps] : steps).flatMap((use) => {
    const action = plan.actions[use.uses];
    if (action === undefined) return [];
    const secret = new Set(secretParameters(action));
    return Object.entries(bindUse(action, use, parameters))
      .filter(([name]) => !secret.has(name) && (order === null || touched(order, action.touches, name)))
      .map(([name, value]) => ({ action: use.uses, name, value }));
  });
  return { scripts: scriptHashes(plan), given };
}

const touched = (order: 'rollback' | 'commit', touches: Touches, parameter: string): boolean =>
  order === 'rollback' &&
  Object.values(touches).some((names) => Array.isArray(names) && names.includes(`$${parameter}`));

type GivenValues = readonly { readonly action: string; readonly name: string; readonly value: unknown }[];
