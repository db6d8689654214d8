import type { HostEventBody } from '../journal/event.ts';
import type { HostEnd } from '../journal/event-data.ts';
import { Failure } from '../kernel/failure.ts';
import type { Command, CommandKind } from './command.ts';
import { asHostEvent, decide, foldJournal } from './decide.ts';
import type { Decision } from './decision.ts';
import { applyStep, pollStep } from './effects/change.ts';
import { faultOf, isConnectionFailure, isOwnFailure } from './effects/fault-of.ts';
import { checkGoal, checkHost, detectStep, surveyStep, verifyStep } from './effects/look.ts';
import { captureHost, createRestorePoint, proveRestorePoint } from './effects/protect.ts';
import { askFormer, chooseUser, claimHost, connect, endFormer, readLedger, rebootHost } from './effects/reach.ts';
import { collectEvidence, commitChanges, compareFacts, releaseHost, undoChanges } from './effects/undo.ts';
import { closeSession, type Work } from './effects/work.ts';
import { heedOrders, nextAttempt } from './heed-orders.ts';
import type { HostRunPorts } from './ports.ts';
import { Redactor } from './redact.ts';
import { initialState } from './state.ts';

/** How an attempt came out: the host run has ended, waits for something, or was left for another attempt. */
export type AttemptResult =
  | { readonly kind: 'ended'; readonly end: HostEnd }
  | { readonly kind: 'parked'; readonly ms: number; readonly reason: string }
  | { readonly kind: 'left'; readonly reason: string };

/** The way of a host run: what is done for each thing that the state machine asks for, in the order of a run that ends well. */
const phases: {
  readonly [K in CommandKind]: (work: Work, command: Extract<Command, { kind: K }>) => Promise<HostEventBody>;
} = {
  connect,
  check: checkHost,
  checkGoal,
  survey: surveyStep,
  chooseUser,
  claim: claimHost,
  readLedger,
  createRestorePoint,
  proveRestorePoint,
  capture: captureHost,
  detectStep,
  applyStep,
  pollStep,
  verifyStep,
  reboot: rebootHost,
  release: releaseHost,
  // the way back
  askFormer,
  endFormer,
  undoChanges,
  compareFacts,
  collectEvidence,
  // beside the way
  commit: commitChanges,
  record: async (_work, { event }) => event,
  wait: pauseRun,
};

/**
 * Carries a host run on from wherever its journal stands until it ends, waits, or must be left. Whatever stops an attempt at any
 * point, the next one goes on from the journal and the host's ledger (I1).
 */
export async function runHost(ports: HostRunPorts): Promise<AttemptResult> {
  const initial = initialState(ports.plan, ports.host, ports.limits);
  const work: Work = { ports, redactor: new Redactor(), state: initial, events: [], session: null };
  try {
    let decision = await takeUp(work);
    for (;;) {
      ports.signal.throwIfAborted();
      decision = (await heedOrders(work, (event) => tell(work, event))) ?? decision;
      const [command] = decision.commands;
      if (command === undefined) return await resultOf(work);
      decision = await tell(work, await perform(work, command));
    }
  } catch (error) {
    if (ports.signal.aborted) return { kind: 'left', reason: 'the worker stops or has lost its lease' };
    if (isOwnFailure(error)) return { kind: 'left', reason: error instanceof Failure ? error.message : String(error) };
    throw error;
  } finally {
    await closeSession(work);
  }
}

/** Folds the journal and begins an attempt, unless the run has ended and nothing was ordered since. */
async function takeUp(work: Work): Promise<Decision> {
  const { ports } = work;
  work.events = await ports.journal.read();
  work.state = foldJournal(work.state, work.events).state;
  if (work.state.phase === 'ended') return { state: work.state, commands: [] };
  return await tell(work, nextAttempt(work));
}

/** Writes what happened, without any secret, and lets the machine decide. */
async function tell(work: Work, body: HostEventBody): Promise<Decision> {
  const event = asHostEvent(await work.ports.journal.append(work.redactor.event(body)));
  const decision = decide(work.state, event);
  work.state = decision.state;
  work.events = [...work.events, event];
  return decision;
}

async function perform(work: Work, command: Command): Promise<HostEventBody> {
  try {
    return await performKind(work, command);
  } catch (error) {
    if (isOwnFailure(error)) throw error;
    if (isConnectionFailure(error) || cannotComeBack(work, command, error)) {
      await closeSession(work);
      return { kind: 'connectionFailed', data: { during: command.kind, fault: faultOf(error) } };
    }
    return { kind: 'commandFailed', data: { command: command.kind, subject: '', fault: faultOf(error) } };
  }
}

/** A host that may hold changes is not given up because this worker lacks its password: another worker may have it. */
function cannotComeBack({ state }: Work, { kind }: Command, error: unknown): boolean {
  return kind === 'connect' && state.touched && error instanceof Failure && error.code === 'secret-missing';
}

function performKind<K extends CommandKind>(
  work: Work,
  command: Extract<Command, { kind: K }>,
): Promise<HostEventBody> {
  return phases[command.kind as K](work, command);
}

/** Short pauses are waited for in place; for longer ones the host run leaves its worker. */
async function pauseRun(
  work: Work,
  { reason, ms, detail }: Extract<Command, { kind: 'wait' }>,
): Promise<HostEventBody> {
  const { pacing, holdMs, signal } = work.ports;
  if (ms > holdMs) return { kind: 'waitBegun', data: { reason, ms, detail } };
  await pacing.sleep(ms, signal);
  signal.throwIfAborted();
  return { kind: 'waitEnded', data: { reason } };
}

async function resultOf({ state, ports }: Work): Promise<AttemptResult> {
  if (state.phase === 'ended' && state.end !== null) {
    if (state.facts !== null) await ports.machine.give(state.facts);
    return { kind: 'ended', end: state.end };
  }
  if (state.pause !== null) return { kind: 'parked', ms: state.pause.ms, reason: state.pause.reason };
  return { kind: 'left', reason: `nothing is to be done while ${state.phase}` };
}
