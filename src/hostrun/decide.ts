import type { HostEvent, JournalEvent } from '../journal/event.ts';
import { Failure } from '../kernel/failure.ts';
import type { Decision } from './decision.ts';
import { goOn } from './go-on.ts';
import { everywhere, machine } from './machine.ts';
import type { HostRunState } from './state.ts';

/** Events after which nothing more is done than before a session broke. */
const withoutProgress: readonly HostEvent['kind'][] = [
  'attemptStarted',
  'hostConnected',
  'connectionFailed',
  'waitBegun',
  'waitEnded',
  'claimSought',
  'claimTaken',
  'claimRefused',
  'machineBusy',
  'ledgerRead',
  'formerAttemptSeen',
  'undoBegun',
  'stepDetected',
  'stepBegun',
  'cancelOrdered',
  'startWithheld',
];

/**
 * What follows from an event: pure, so that folding the journal gives the state after any crash.
 * @throws Failure `journal-broken` for an event that cannot come in this phase
 */
export function decide(state: HostRunState, event: HostEvent): Decision {
  const row = machine[state.phase][event.kind] ?? (state.phase === 'ended' ? undefined : everywhere[event.kind]);
  if (row === undefined)
    throw new Failure(
      'journal-broken',
      `\`${event.kind}\` (event ${event.seq}) cannot come while a host run is ${state.phase}.`,
    );
  const noted = row.absorb(state, event);
  const next = withoutProgress.includes(event.kind) ? noted : { ...noted, losses: 0 };
  if (event.kind === 'hostRunEnded') return { state: { ...next, phase: 'ended' }, commands: [] };
  if (event.kind === 'waitBegun') return { state: { ...next, phase: 'waiting' }, commands: [] };
  return goOn(next, Date.parse(event.at));
}

/**
 * The state that a journal comes to.
 * @throws Failure `journal-broken` where it is not the journal of a host run
 */
export function foldJournal(initial: HostRunState, events: readonly JournalEvent[]): Decision {
  return events.reduce<Decision>((sum, event) => decide(sum.state, asHostEvent(event)), {
    state: initial,
    commands: [],
  });
}

const runKinds: readonly string[] = ['runLaunched', 'batchStarted', 'budgetExhausted', 'orderGiven', 'runEnded'];

/** An event of a host run's chain. @throws Failure `journal-broken` for one of the run's own chain */
export function asHostEvent(event: JournalEvent): HostEvent {
  if (isHostEvent(event)) return event;
  throw new Failure('journal-broken', `\`${event.kind}\` stands in the journal of the host ${event.host}.`);
}

function isHostEvent(event: JournalEvent): event is HostEvent {
  return !runKinds.includes(event.kind);
}
