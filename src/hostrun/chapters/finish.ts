import { ask, type Decision, record } from '../decision.ts';
import type { HostRunState } from '../state.ts';

/** Ends that say that something went wrong on the host: evidence is collected before it is given free. */
const withEvidence = new Set(['not-cured', 'rolled-back', 'partly-rolled-back', 'needs-hands']);

/** Carries out a decided end: evidence, giving the host free, the last event. Null while no end is decided. */
export function finish(state: HostRunState): Decision | null {
  const { outcome } = state;
  if (outcome === null) return null;
  if (!state.detached) {
    if (withEvidence.has(outcome.end) && !state.evidenceDone && state.plan.evidence.length > 0 && state.order === null)
      return ask(state, 'collecting', { kind: 'collectEvidence' });
    if (state.claimed && !state.released) return ask(state, 'releasing', { kind: 'release', end: outcome.end });
  }
  return record(state, 'ending', {
    kind: 'hostRunEnded',
    data: { ...outcome, rebootOwed: state.rebootOwed },
  });
}

/** A commit that was ordered after the end. */
export function commit(state: HostRunState): Decision | null {
  return state.order === 'commit' && state.outcome === null ? ask(state, 'committing', { kind: 'commit' }) : null;
}
