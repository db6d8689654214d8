import { canonicalJson, sha256 } from '../kernel/canonical-json.ts';
import { declaredText } from './declared-text.ts';
import type { Plan, PlannedUse } from './plan.ts';

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
 * What a plan asks of the module of a no-language endpoint: the hashes of {@link scriptHashes}, and the parameters that it sets, by action: those whose
 * value in the plan, which has them all, is not the action's default.
 */
export function moduleNeeds(plan: Pick<Plan, 'actions' | 'goal' | 'preflight' | 'stages'>): {
  readonly scripts: ReadonlyMap<string, string>;
  readonly sets: ReadonlyMap<string, readonly string[]>;
} {
  const sets = new Map<string, string[]>();
  const uses: PlannedUse[] = [plan.goal, ...plan.preflight, ...plan.stages.flatMap(({ steps }) => steps)];
  for (const { uses: id, with: values } of uses) {
    const declared = plan.actions[id]?.parameters ?? {};
    const own = Object.keys(values).filter((name) => !isDefault(values[name], declared[name]?.default));
    sets.set(id, [...(sets.get(id) ?? []), ...own]);
  }
  return { scripts: scriptHashes(plan), sets };
}

const isDefault = (value: unknown, otherwise: unknown): boolean =>
  otherwise !== undefined && canonicalJson(value) === canonicalJson(otherwise);
