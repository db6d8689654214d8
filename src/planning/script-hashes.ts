import type { Plan } from './plan.ts';

/** Hashes (SHA-256, hex) of all scripts of a plan, by `<action>/<kind>`. */
export function scriptHashes(plan: Pick<Plan, 'actions'>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(plan.actions).flatMap(([id, { scripts }]) =>
      Object.entries(scripts).map(([kind, sha256]) => [`${id}/${kind}`, sha256] as const),
    ),
  );
}
