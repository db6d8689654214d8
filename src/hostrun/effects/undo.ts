import type { HostEventBody } from '../../journal/event.ts';
import type { ComparedFact, PutBackChange, StayingChange } from '../../journal/event-data.ts';
import type { LedgerRecord, UndoResult } from '../../remote/powershell/host-kit.ts';
import { textOf } from '../assess-ledger.ts';
import { faultOf, isConnectionFailure, isOwnFailure } from './fault-of.ts';
import { touchesOf } from './protect.ts';
import { claimOf, kitOf, type Work } from './work.ts';

/** Undoes the changes of a step, or all of the run, newest first (I3). What an earlier attempt at it had undone already is told too. */
export async function undoChanges(work: Work, { step }: { readonly step: string | null }): Promise<HostEventBody> {
  const kit = kitOf(work);
  try {
    const result = await kit.undo({ ...claimOf(work), step });
    const { records } = await kit.readLedger();
    const last = records.at(-1);
    return {
      kind: 'changesUndone',
      data: {
        step,
        changes: putBack(records, result, step).filter(({ seq, ok }) => !ok || !work.state.undoneInDoubt.includes(seq)),
        irreversible: result.irreversible.map((change) => ({ ...change, ...madeBy(records, change.seq) })),
        ledger: last === undefined ? null : { seq: last.seq, hash: last.hash },
      },
    };
  } catch (error) {
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'undoFailed', data: { step, fault: faultOf(error) } };
  }
}

/** All changes of the step (or the run) that are put back by now, newest first, and those that could not be. */
function putBack(records: readonly LedgerRecord[], result: UndoResult, step: string | null): readonly PutBackChange[] {
  const undone = new Set(
    records.flatMap(({ kind, data }) => (kind === 'undone' && data['ok'] === true ? [data['of']] : [])),
  );
  const earlier = records.flatMap(({ kind, seq, data }) => {
    const owner = textOf(data['step']);
    // A name in brackets is the kit's own work, which it puts back itself.
    const ours = kind === 'before' && (step === null ? !owner.startsWith('(') : owner === step);
    if (!ours || !undone.has(seq)) return [];
    return [{ seq, change: textOf(data['change']), target: textOf(data['target']), ok: true, reason: '' }];
  });
  const stuck = result.changes.filter(({ ok }) => !ok);
  return [...earlier, ...stuck].sort((a, b) => b.seq - a.seq);
}

/** The step of a change, as the ledger has it. */
function madeBy(records: readonly LedgerRecord[], seq: number): Pick<StayingChange, 'step'> {
  const step = textOf(records.find((record) => record.seq === seq)?.data['step']);
  return step === '' ? {} : { step };
}

/** Reads the touched facts again and holds them against those before the first change. */
export async function compareFacts(work: Work): Promise<HostEventBody> {
  // Masked on both sides: what was captured has gone through the journal.
  const before = work.redactor.json(work.state.captured ?? {});
  const after = work.redactor.json(await kitOf(work).facts(touchesOf(work)));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const differing = names.filter((name) => before[name] !== after[name]);
  const accountable = differing.length === 0 ? [] : await factsThatMayDiffer(work);
  const differences = differing.map((name): ComparedFact => {
    const step = accountable.find(
      ({ names: known, stems }) => known.has(name) || stems.some((stem) => name.startsWith(stem)),
    );
    const fact = { name, before: before[name] ?? null, after: after[name] ?? null };
    return step === undefined ? fact : { ...fact, step: step.id };
  });
  return { kind: 'factsCompared', data: { compared: names.length, differences } };
}

/** The facts of each step that has made a change that stays: by name, and by the stem of those that are there only while their thing is. */
async function factsThatMayDiffer(work: Work) {
  const steps = new Set(work.state.undo?.staying.flatMap(({ step }) => (step === undefined ? [] : [step])) ?? []);
  const found = [];
  for (const id of steps) {
    const touches = touchesOf(work, id);
    if (touches.length === 0) continue;
    const names = Object.keys(work.redactor.json(await kitOf(work).facts(touches)));
    const stems = names.flatMap((name) => (name.endsWith(':exists') ? [name.slice(0, -'exists'.length)] : []));
    found.push({ id, names: new Set(names), stems });
  }
  return found;
}

/** Collects evidence; that none can be had keeps nothing else from being done. */
export async function collectEvidence(work: Work): Promise<HostEventBody> {
  const { plan, limits } = work.state;
  try {
    const evidence = await kitOf(work).evidence({ kinds: plan.evidence, maxBytes: limits.evidenceBytes });
    return { kind: 'evidenceCollected', data: { evidence, missing: '' } };
  } catch (error) {
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'evidenceCollected', data: { evidence: null, missing: faultOf(error).message } };
  }
}

/** Gives the host free: dead-man tasks and leftovers are removed, `released` is written (I9). */
export async function releaseHost(work: Work, { end }: { readonly end: string }): Promise<HostEventBody> {
  try {
    await kitOf(work).release({ ...claimOf(work), end });
    return { kind: 'hostReleased', data: { ok: true, reason: '' } };
  } catch (error) {
    if (isConnectionFailure(error) || isOwnFailure(error)) throw error;
    return { kind: 'hostReleased', data: { ok: false, reason: faultOf(error).message } };
  }
}

/** Removes what a rollback would need; restore points stay. */
export async function commitChanges(work: Work): Promise<HostEventBody> {
  const { removed, kept } = await kitOf(work).commit({ journalHead: work.ports.journal.head() });
  return { kind: 'changesCommitted', data: { removed, kept } };
}
