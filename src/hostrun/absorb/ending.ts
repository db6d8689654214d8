import { type HostRunState, stepOf, stepsOf, withStep } from '../state.ts';
import type { DataOf } from './data-of.ts';

/** The run was cancelled (I8); without a mode the playbook's rollback policy says what becomes of its changes. */
export function noteCancel(state: HostRunState, { mode, orderedBy }: DataOf<'cancelOrdered'>): HostRunState {
  const policy = state.plan.rollback.after.includes('cancel') ? 'rollback' : 'leave';
  const cancel = { mode: mode ?? policy, orderedBy } as const;
  // What is merely waited for is not waited for any longer; work under way on the host still is.
  const waitsForWork = state.pause?.reason === 'task' || state.pause?.reason === 'former-attempt';
  return { ...state, cancel, pause: waitsForWork || state.reboot !== null ? state.pause : null };
}

/** The run's budget is used up; a host that has not been touched is not begun. */
export function noteWithheld(state: HostRunState, { budget }: DataOf<'startWithheld'>): HostRunState {
  return { ...state, withheld: budget };
}

/** Something was not covered by a signature: the host is not spoken to. */
export function noteRefused(state: HostRunState, { what, reason }: DataOf<'workRefused'>): HostRunState {
  return { ...state, refused: `${what}: ${reason}`, pause: null };
}

/** A rollback was ordered after the end. What is undone already stays so. */
export function noteRollbackOrder(state: HostRunState): HostRunState {
  const opened = reopened(state);
  const undone = state.end?.host === 'as-before' || state.end?.host === 'untouched';
  return { ...opened, order: 'rollback', outcome: undone || state.committed ? state.end : null, detached: undone };
}

/** A commit was ordered after the end. */
export function noteCommitOrder(state: HostRunState): HostRunState {
  const opened = reopened(state);
  return state.committed
    ? { ...opened, order: 'commit', outcome: state.end, detached: true }
    : { ...opened, order: 'commit' };
}

function reopened(state: HostRunState): HostRunState {
  return {
    ...state,
    ordersTaken: state.ordersTaken + 1,
    undo: null,
    failing: null,
    cancel: null,
    withheld: null,
    refused: null,
    doubtUndo: null,
    detached: false,
    evidenceDone: false,
    pause: null,
    waited: null,
    reboot: null,
    rebootWanted: null,
  };
}

/** A rollback, or the undoing of one step in doubt, begins. */
export function noteUndoBegun(state: HostRunState, { step }: DataOf<'undoBegun'>): HostRunState {
  if (step !== null) return { ...state, doubtUndo: step };
  return { ...state, fresh: null, undo: state.undo === null ? null : { ...state.undo, begun: true } };
}

/** What was put back. A step in doubt that is put back may begin again; what has no inverse may not be done twice (I1). */
export function noteUndone(state: HostRunState, data: DataOf<'changesUndone'>): HostRunState {
  const { step, changes, irreversible, ledger } = data;
  const marked = { ...state, ledger: ledger ?? state.ledger };
  if (step === null) {
    const undo = state.undo === null ? null : { ...state.undo, done: true, changes, staying: irreversible };
    return stepsOf(state.plan).reduce<HostRunState>(
      (sum, { id }) => (stepOf(sum, id).attempts > 0 ? withStep(sum, id, { state: 'undone', task: null }) : sum),
      { ...marked, undo },
    );
  }
  const stuck = changes.find(({ ok }) => !ok);
  const tries = stepOf(state, step).attempts;
  const putBack = changes.filter(({ ok }) => ok).map(({ seq }) => seq);
  const undoneInDoubt = [...state.undoneInDoubt, ...putBack];
  const cleared = { ...withStep(marked, step, { state: 'pending', detected: null }), doubtUndo: null, undoneInDoubt };
  const fail = (reason: string): HostRunState => ({ ...cleared, failing: { cause: 'failure', reason } });
  if (stuck !== undefined)
    return fail(`\`${step}\` was in doubt and ${stuck.target} could not be put back: ${stuck.reason}`);
  if (irreversible.length > 0) return fail(`\`${step}\` was in doubt and holds a change that has no inverse.`);
  if (tries >= state.limits.doubtTries) return fail(`\`${step}\` was in doubt ${tries} times.`);
  return cleared;
}

/** An undo ended with an error of its own. */
export function noteUndoFailed(state: HostRunState, { step, fault }: DataOf<'undoFailed'>): HostRunState {
  if (step !== null) {
    const reason = `\`${step}\` was in doubt and its undo failed: ${fault.message}`;
    return { ...state, doubtUndo: null, failing: { cause: 'failure', reason } };
  }
  return state.undo === null ? state : { ...state, undo: { ...state.undo, done: true, fault: fault.message } };
}

/** The facts after the undo beside those before the first change. */
export function noteCompared(
  state: HostRunState,
  { compared: count, differences }: DataOf<'factsCompared'>,
): HostRunState {
  return state.undo === null ? state : { ...state, undo: { ...state.undo, compared: { count, differences } } };
}

/** Evidence was collected, or could not be. */
export function noteEvidence(state: HostRunState): HostRunState {
  return { ...state, evidenceDone: true };
}

/** The host was given free, or could not be. */
export function noteReleased(state: HostRunState, { ok, reason }: DataOf<'hostReleased'>): HostRunState {
  const released = { ...state, released: true };
  if (ok || state.outcome === null) return released;
  // What was weakened may still be so, and no task on the host puts it back any more.
  const told = `The run had come to \`${state.outcome.end}\`, but giving the host free met with an error: ${reason}`;
  const remedy = 'Look at what the message names on the host; `kintsugi rollback` undoes all changes of the run.';
  return {
    ...released,
    outcome: { ...state.outcome, end: 'needs-hands', host: 'unknown', cause: 'not-released', reason: told, remedy },
  };
}

/** Set-aside folders and captures were removed. */
export function noteCommitted(state: HostRunState): HostRunState {
  return { ...state, committed: true, detached: true, outcome: state.end };
}

/** The host run has ended. */
export function noteEnd(state: HostRunState, end: DataOf<'hostRunEnded'>): HostRunState {
  return { ...state, end, outcome: null, order: null, connected: false, claimed: false, detached: false };
}
