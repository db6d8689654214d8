import { asHostEvent, decide } from '../../../src/hostrun/decide.ts';
import { defaultLimits, type HostRunLimits } from '../../../src/hostrun/limits.ts';
import { everywhere, machine } from '../../../src/hostrun/machine.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import type { JournalEvent } from '../../../src/journal/event.ts';
import type { Plan } from '../../../src/planning/plan.ts';

/** Transitions of a journal that the table does not allow, as `phase --event--> phase`. */
export function undeclaredTransitions(
  plan: Plan,
  events: readonly JournalEvent[],
  limits: HostRunLimits = defaultLimits,
): readonly string[] {
  const undeclared = new Set<string>();
  let state = initialState(plan, 'pc1', limits);
  for (const each of events) {
    const event = asHostEvent(each);
    const row = machine[state.phase][event.kind] ?? everywhere[event.kind];
    const next = decide(state, event).state;
    if (row !== undefined && !row.to.includes(next.phase))
      undeclared.add(`${state.phase} --${event.kind}--> ${next.phase}`);
    state = next;
  }
  return [...undeclared];
}
