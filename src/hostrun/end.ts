import { type EndCause, endCauses, type HostCondition, type HostEnd, type HostEndName } from '../journal/event-data.ts';
import { anyBegun, type HostRunState } from './state.ts';

/** What an end says beside its name. */
export type EndWords = { readonly cause: EndCause; readonly reason: string; readonly remedy?: string };

/** What to do about a kit folder that somebody else could have changed. */
export const tamperedRemedy = 'Find out who changed it, remove the folder, then launch again.';

/** The cause of an end by the failure code of a lost connection. */
export function connectionCause(code: string): EndCause {
  return endCauses.find((cause) => cause === code) ?? 'unreachable';
}

/** The state with its end decided; it is carried out (evidence, release) and then written. The first decision stands. */
export function decideEnd(
  state: HostRunState,
  end: HostEndName,
  host: HostCondition,
  { cause, reason, remedy = '' }: EndWords,
): HostRunState {
  if (state.outcome !== null) return state;
  const outcome: HostEnd = { end, host, rebootOwed: state.rebootOwed, cause, reason, remedy };
  return { ...state, outcome };
}

/**
 * The end for something that keeps the run from going on: `name` while nothing of this run can be on the host
 * (for `unreachable`: not even a claim), else `needs-hands`. An order given after the end that cannot be carried out leaves the end as it was.
 */
export function decideStop(
  state: HostRunState,
  name: 'blocked' | 'unreachable' | 'deferred',
  words: EndWords,
): HostRunState {
  if (state.order !== null && state.end !== null && state.undo?.begun !== true)
    return { ...state, outcome: { ...state.end, cause: 'order-not-done', reason: words.reason } };
  if (!(name === 'unreachable' ? state.touched : anyBegun(state))) return decideEnd(state, name, 'untouched', words);
  const hint = 'Changes of this run may be on the host: the report lists them; `kintsugi rollback` undoes them.';
  const remedy = [words.remedy ?? '', hint].filter((part) => part !== '').join(' ');
  return decideEnd(state, 'needs-hands', 'unknown', { ...words, remedy });
}

/** An end that asks nothing more of the host: it cannot be reached, or must not be spoken to. */
export function endWithoutHost(state: HostRunState): HostRunState {
  const { outcome } = state;
  if (!state.touched || state.released || outcome === null || outcome.end === 'needs-hands')
    return { ...state, detached: true };
  const reason = `The run had come to \`${outcome.end}\`, but the host could not be given free.`;
  const remedy = 'When the host is back, `kintsugi rollback` or `kintsugi commit` closes the run on it.';
  return {
    ...state,
    detached: true,
    outcome: { ...outcome, end: 'needs-hands', host: 'unknown', cause: 'not-released', reason, remedy },
  };
}
