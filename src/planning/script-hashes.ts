import { sha256 } from '../kernel/canonical-json.ts';
import { declaredText } from './declared-text.ts';
import type { Plan } from './plan.ts';

/** Hashes (SHA-256, hex) of all scripts of a plan, by `<action>/<kind>`, and of what each action declares, by `<action>/declared`. */
export function scriptHashes(plan: Pick<Plan, 'actions'>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(plan.actions).flatMap(([id, action]) => [
      ...Object.entries(action.scripts).map(([kind, hash]) => [`${id}/${kind}`, hash] as const),
      [`${id}/declared`, sha256(declaredText(action))] as const,
    ]),
  );
}
