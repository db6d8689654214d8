import { foldJournal } from '../hostrun/decide.ts';
import { defaultLimits } from '../hostrun/limits.ts';
import { initialState } from '../hostrun/state.ts';
import type { HostEvent, JournalEvent } from '../journal/event.ts';
import { genesisHash, verifyChain } from '../journal/hash-chain.ts';
import { Failure } from '../kernel/failure.ts';
import type { Plan } from '../planning/plan.ts';
import type { HostReport, UndoReport } from '../report/run-report.ts';
import { foldStages, lastOf } from './fold-steps.ts';

/** One host of a run as its journal tells it. `head` is the head that the store knows, so that a cut tail is found. */
export function foldHost(
  plan: Plan,
  place: { readonly run: string; readonly host: string; readonly head: string },
  journal: readonly JournalEvent[],
): HostReport {
  const events = journal.filter(isHostEvent);
  const fault = verifyChain(journal, place);
  const end = lastOf(events, 'hostRunEnded');
  const connections = events.flatMap((event) => (event.kind === 'hostConnected' ? [event.data.facts] : []));
  const [started, ended] = [events.at(0)?.at ?? null, end?.at ?? null];
  const goal = lastOf(events, 'goalChecked', ({ data }) => data.stage === null)?.data;
  const made = lastOf(events, 'protectionMade')?.data;
  const committed = lastOf(events, 'changesCommitted')?.data;
  return {
    host: place.host,
    facts: connections.at(-1) ?? null,
    phase: phaseOf(plan, place.host, events),
    end: end?.data ?? null,
    startedAt: started,
    endedAt: ended,
    durationMs: started === null || ended === null ? null : Date.parse(ended) - Date.parse(started) - idleMs(events),
    attempts: events.filter(({ kind }) => kind === 'attemptStarted').length,
    checks: foldChecks(plan, events),
    user: lastOf(events, 'userChosen')?.data ?? null,
    goalBefore: goal === undefined ? null : { ok: goal.ok, reason: goal.reason, checks: goal.checks },
    stages: foldStages(plan, events),
    protection:
      made === undefined
        ? null
        : {
            method: made.method,
            id: made.id,
            proven: lastOf(events, 'protectionProven')?.data.exists ?? false,
            enabledSystemProtection: made.enabledSystemProtection,
          },
    undo: foldUndo(events),
    evidence: lastOf(events, 'evidenceCollected')?.data.evidence ?? null,
    reboots: events.filter(({ kind }) => kind === 'hostRebooted').length,
    freeBytes: freeBytesOf(connections),
    committed: committed === undefined ? null : { removed: committed.removed, kept: committed.kept },
    chain: { events: journal.length, ok: fault === null, head: journal.at(-1)?.hash ?? genesisHash },
  };
}

function isHostEvent(event: JournalEvent): event is HostEvent {
  return !['runLaunched', 'batchStarted', 'budgetExhausted', 'orderGiven', 'runEnded'].includes(event.kind);
}

/** How long the host run lay ended until an order took it up again, milliseconds. */
function idleMs(events: readonly HostEvent[]): number {
  const next = (index: number): number => Date.parse(events[index + 1]?.at ?? '');
  const gaps = events.map(({ kind, at }, index) =>
    kind === 'hostRunEnded' && index < events.length - 1 ? next(index) - Date.parse(at) : 0,
  );
  return gaps.reduce((sum, gap) => sum + gap, 0);
}

/** Where the state machine stands; a journal that is none (its chain is shown as broken) has no phase. */
function phaseOf(plan: Plan, host: string, events: readonly HostEvent[]): string {
  try {
    return foldJournal(initialState(plan, host, defaultLimits), events).state.phase;
  } catch (error) {
    if (error instanceof Failure && error.code === 'journal-broken') return 'unknown';
    throw error;
  }
}

function foldChecks(plan: Plan, events: readonly HostEvent[]): HostReport['checks'] {
  return plan.preflight.flatMap(({ id, uses, ifFails }) => {
    const checked = lastOf(events, 'hostChecked', ({ data }) => data.check === id)?.data;
    return checked === undefined
      ? []
      : [{ check: uses, ok: checked.ok, reason: checked.reason, facts: checked.facts, ifFails }];
  });
}

function foldUndo(events: readonly HostEvent[]): UndoReport | null {
  const begun = lastOf(events, 'undoBegun', ({ data }) => data.step === null);
  if (begun === undefined) return null;
  const undone = lastOf(events, 'changesUndone', ({ data, seq }) => data.step === null && seq > begun.seq)?.data;
  const compared = lastOf(events, 'factsCompared', ({ seq }) => seq > begun.seq)?.data;
  return {
    cause: begun.data.cause,
    reason: begun.data.reason,
    changes: undone?.changes ?? [],
    staying: undone?.irreversible ?? [],
    compared: compared === undefined ? null : { count: compared.compared, differences: compared.differences },
  };
}

function freeBytesOf(connections: readonly NonNullable<HostReport['facts']>[]): HostReport['freeBytes'] {
  const [first, last] = [connections.at(0), connections.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { before: first.systemDrive.freeBytes, after: last.systemDrive.freeBytes };
}
