import type { ScriptKind } from '../../kernel/words.ts';
import type { PlannedUse } from '../../planning/plan.ts';
import { userScripts } from '../../planning/user-scripts.ts';
import { ask, type Decision } from '../decision.ts';
import type { HostRunState } from '../state.ts';

/**
 * Asks who is signed in, where one of these scripts belongs into a user's session and nobody was chosen yet (or the host has restarted since).
 * Who is chosen once stays the user of the run. Null where nothing has to be asked.
 */
export function chooseUser(
  state: HostRunState,
  uses: readonly PlannedUse[],
  ...kinds: readonly ScriptKind[]
): Decision | null {
  if (state.userSeen || userScripts(state.plan, uses, kinds).length === 0) return null;
  return ask(state, 'choosingUser', { kind: 'chooseUser', sid: state.user?.sid ?? '' });
}
