import { sha256 } from '../kernel/canonical-json.ts';
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
 * parameters of each action, but for secrets.
 * @param parameters the playbook's, bound for the host
 */
export function moduleNeeds(
  plan: Pick<Plan, 'actions' | 'goal' | 'preflight' | 'stages'>,
  parameters: BoundParameters,
): { readonly scripts: ReadonlyMap<string, string>; readonly given: GivenValues } {
  const uses: PlannedUse[] = [plan.goal, ...plan.preflight, ...plan.stages.flatMap(({ steps }) => steps)];
  const given = uses.flatMap((use) => {
    const action = plan.actions[use.uses];
    if (action === undefined) return [];
    const secret = new Set(secretParameters(action));
    return Object.entries(bindUse(action, use, parameters))
      .filter(([name]) => !secret.has(name))
      .map(([name, value]) => ({ action: use.uses, name, value }));
  });
  return { scripts: scriptHashes(plan), given };
}

type GivenValues = readonly { readonly action: string; readonly name: string; readonly value: unknown }[];
