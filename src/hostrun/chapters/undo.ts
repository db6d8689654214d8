import type { ComparedFact, UndoCause } from '../../journal/event-data.ts';
import { ask, type Decision, record } from '../decision.ts';
import { decideEnd } from '../end.ts';
import { anyBegun, type HostRunState, stepOf, stepsOf, type UndoState } from '../state.ts';
import { finish } from './finish.ts';

/** The way back: a step in doubt alone, or every change of the run, newest first (I3); then the proof by facts. */
export function undo(state: HostRunState): Decision | null {
  if (state.outcome !== null) return null;
  const begun = state.undo === null ? beginUndo(state) : state;
  if (begun.outcome !== null) return finish(begun);
  if (begun.undo !== null) return undoAll(begun, begun.undo);
  return undoDoubtful(begun);
}

function beginUndo(state: HostRunState): HostRunState {
  const wanted = wantedUndo(state);
  if (wanted === null) return state;
  const { cause, reason } = wanted;
  if (!anyBegun(state)) return endUnchanged(state, cause, reason);
  if (!undoAllowed(state, cause)) return doubtfulStep(state) === null ? endLeft(state, cause, reason) : state;
  const undo = { cause, reason, begun: false, done: false, changes: [], staying: [] };
  return { ...state, undo: { ...undo, fault: null, compared: null, unread: null } };
}

function wantedUndo(state: HostRunState): { cause: UndoCause; reason: string } | null {
  if (state.failing !== null) return state.failing;
  if (state.cancel !== null) return { cause: 'cancel', reason: `Cancelled by ${state.cancel.orderedBy}.` };
  if (state.order === 'rollback') return { cause: 'order', reason: 'A rollback was ordered after the end of the run.' };
  return null;
}

function undoAllowed(state: HostRunState, cause: UndoCause): boolean {
  if (cause === 'cancel') return state.cancel?.mode !== 'leave';
  if (cause === 'order' || cause === 'dead-man' || cause === 'doubt') return true;
  return state.plan.rollback.after.includes(cause);
}

/** A step that may have changed something and has no outcome. */
function doubtfulStep(state: HostRunState): string | null {
  return stepsOf(state.plan).find(({ id }) => stepOf(state, id).state === 'begun' && state.fresh !== id)?.id ?? null;
}

/** A step that a crash, a lost connection or a cancel left in doubt is put back from its before records; then it is detected again. */
function undoDoubtful(state: HostRunState): Decision | null {
  const step = doubtfulStep(state);
  if (step === null) return null;
  if (state.doubtUndo !== step) {
    const reason = `An attempt at \`${step}\` ended without an outcome.`;
    return record(state, 'undoing', { kind: 'undoBegun', data: { cause: 'doubt', step, reason } });
  }
  return ask(state, 'undoing', { kind: 'undoChanges', step });
}

function undoAll(state: HostRunState, undo: UndoState): Decision | null {
  const { cause, reason } = undo;
  if (!undo.begun) return record(state, 'undoing', { kind: 'undoBegun', data: { cause, step: null, reason } });
  if (!undo.done) return ask(state, 'undoing', { kind: 'undoChanges', step: null });
  if (undo.compared === null && undo.unread === null && state.captured !== null)
    return ask(state, 'comparing', { kind: 'compareFacts' });
  return finish(endUndone(state, undo));
}

/** As before, as before but for what stays, or neither: then people are called. A difference that no change without inverse accounts for is one. */
function endUndone(state: HostRunState, undo: UndoState): HostRunState {
  const { cause, reason, changes, staying, fault, unread } = undo;
  const stuck = changes.filter(({ ok }) => !ok);
  const strange = undo.compared?.differences.filter(({ step }) => step === undefined) ?? [];
  if (fault !== null || stuck.length > 0 || strange.length > 0) {
    const found = [
      ...(fault === null ? [] : [`The undo ended with an error: ${fault}`]),
      ...stuck.map((change) => `${change.change} ${change.target} was not put back: ${change.reason}`),
      ...(unread === null ? [] : [`the facts could not be read again: ${unread}`]),
      ...(strange.length === 0 ? [] : [differenceText(strange)]),
    ];
    return decideEnd(state, 'needs-hands', 'unknown', {
      cause: 'undo-incomplete',
      reason: [asSentence(reason), asSentence(found.join('; ')), proofText(undo)].join(' ').trim(),
      remedy: 'Put the named targets back by hand as the report lists them, or use the restore point.',
    });
  }
  if (unread !== null)
    return decideEnd(state, 'needs-hands', 'unknown', {
      cause: 'facts-unread',
      reason: `Every change was undone, but the facts could not be read again: ${unread}`,
    });
  const condition = staying.length === 0 ? 'as-before' : 'as-before-except';
  const words = { cause, reason: [asSentence(reason), undoneText(changes.length), proofText(undo)].join(' ').trim() };
  if (cause === 'cancel') return decideEnd(state, 'cancelled', condition, words);
  return decideEnd(state, staying.length === 0 ? 'rolled-back' : 'partly-rolled-back', condition, words);
}

/** As many differing facts as a sentence can name; the report lists them all. */
const namedFacts = 5;

function differenceText(differences: readonly ComparedFact[]): string {
  const named = differences
    .slice(0, namedFacts)
    .map(({ name, before, after }) => `${name} was ${before ?? 'absent'}, is ${after ?? 'absent'}`);
  const more = differences.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more facts differ`] : [])].join('; ');
}

/** What the comparison of facts proves, in figures. */
function proofText({ compared }: UndoState): string {
  if (compared === null) return '';
  const { count, differences } = compared;
  return count === 0
    ? 'No step names a fact to compare.'
    : `As before: ${count - differences.length} of ${count} facts.`;
}

const undoneText = (count: number): string =>
  count === 0
    ? 'Nothing had to be undone.'
    : count === 1
      ? '1 change was undone.'
      : `${count} changes were undone, newest first.`;

/** A script's own words may lack the full stop. */
const asSentence = (text: string): string => (/[.!?。]\s*$/.test(text) ? text : `${text}.`);

/** The end where something stopped the run before its first change. */
function endUnchanged(state: HostRunState, cause: UndoCause, reason: string): HostRunState {
  if (cause === 'order' && state.end !== null) return { ...state, outcome: state.end };
  if (cause === 'cancel') return decideEnd(state, 'cancelled', 'untouched', { cause, reason });
  if (cause === 'window-closing') {
    const remedy = 'Launch again with a later --until.';
    return decideEnd(state, 'deferred', 'untouched', { cause: 'window', reason, remedy });
  }
  if (cause === 'goal-not-reached') return decideEnd(state, 'not-cured', 'untouched', { cause, reason });
  return decideEnd(state, 'blocked', 'untouched', {
    cause,
    reason,
    remedy: 'Nothing was changed; mend this and launch again.',
  });
}

/** The end where the playbook, or the order to cancel, says that the changes stay. */
function endLeft(state: HostRunState, cause: UndoCause, reason: string): HostRunState {
  const remedy = '`kintsugi rollback` undoes the changes, `kintsugi commit` makes them final.';
  const end = cause === 'cancel' ? 'cancelled' : cause === 'failure' ? 'needs-hands' : 'not-cured';
  return decideEnd(state, end, 'left', { cause, reason, remedy });
}
