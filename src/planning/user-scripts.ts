import type { ScriptKind } from '../kernel/words.ts';
import type { Plan, PlannedUse } from './plan.ts';

const everyKind: readonly ScriptKind[] = ['detect', 'apply', 'verify', 'undo'];

/** The scripts of the lane `user` that these uses of actions have, as `<action>/<kind>`, each once. */
export function userScripts(
  { actions }: Pick<Plan, 'actions'>,
  uses: readonly PlannedUse[],
  kinds: readonly ScriptKind[] = everyKind,
): readonly string[] {
  const scripts = uses.flatMap((use) => {
    const action = actions[use.uses];
    if (action === undefined) return [];
    return kinds
      .filter((kind) => action.scripts[kind] !== undefined && action.lanes[kind] === 'user')
      .map((kind) => `${use.uses}/${kind}`);
  });
  return [...new Set(scripts)];
}
