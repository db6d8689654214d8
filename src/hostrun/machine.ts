/**
 * The host run as a state machine: for every phase, the events that can come and the phases that can follow.
 * `decide` (decide.ts) looks an event up here, lets the row take note of it, and `goOn` (go-on.ts) then tells what is next.
 * docs/host-run.md is drawn from this table by a test; another test holds `to` against every transition of the crash simulation.
 *
 * I1 a finished step is never repeated · I2 nothing is changed before `proving` · I3 `undoing` follows every failure ·
 * I5 `stepBegun` is written only where the window allows · I8 a cancel is heeded between any two commands.
 */
import type { HostEvent } from '../journal/event.ts';
import type { DataOf, HostEventKind } from './absorb/data-of.ts';
import * as ending from './absorb/ending.ts';
import * as host from './absorb/host.ts';
import * as work from './absorb/work.ts';
import type { HostRunState, Phase } from './state.ts';

/** One row: takes note of an event, and the phases that can follow. */
type Row = {
  readonly absorb: (state: HostRunState, event: HostEvent) => HostRunState;
  readonly to: readonly Phase[];
};

/** Rows of one phase by the kind of event. */
export type Rows = { readonly [K in HostEventKind]?: Row };

type Absorb<K extends HostEventKind> = (state: HostRunState, data: DataOf<K>, atMs: number) => HostRunState;

/** `to` in words: `back` is the way back and out, open from every phase in which the host is ours. */
function on<K extends HostEventKind>(
  kind: K,
  absorb: Absorb<K>,
  ...to: readonly Phase[]
): { readonly [each in K]: Row } {
  const row: Row = { absorb: (state, event) => absorb(state, event.data as DataOf<K>, Date.parse(event.at)), to };
  return { [kind]: row } as { readonly [each in K]: Row };
}

const back = ['undoing', 'collecting', 'releasing', 'ending'] as const;
const restart = ['rebooting'] as const;
const sign = ['choosingUser'] as const;
const takeUp = ['polling', 'readingLedger', 'claiming'] as const;
const stage = [
  'detecting',
  'applying',
  'verifying',
  'checkingGoal',
  'finalVerifying',
  ...sign,
  ...restart,
  ...back,
] as const;
const protection = ['protecting', 'proving', 'capturing'] as const;
/** Where the story can stand once the claim is taken and the ledger was read. */
const underClaim = ['checking', 'surveying', ...protection, ...stage, 'comparing'] as const;

/** The table. */
export const machine: { readonly [P in Phase]: Rows } = {
  idle: {},
  connecting: {
    ...on(
      'hostConnected',
      host.noteHost,
      'checking',
      'surveying',
      'waiting',
      'committing',
      ...sign,
      ...restart,
      ...takeUp,
      ...back,
    ),
  },
  waiting: {
    ...on('waitBegun', host.noteParked, 'waiting'),
    ...on('waitEnded', host.noteWaited, 'connecting', 'protecting', ...sign, ...takeUp, ...back),
  },
  checking: {
    ...on(
      'hostChecked',
      work.noteCheck,
      'checking',
      'surveying',
      'claiming',
      ...sign,
      ...restart,
      'releasing',
      'ending',
    ),
  },
  surveying: {
    ...on(
      'goalChecked',
      work.noteGoal,
      'surveying',
      'claiming',
      'protecting',
      'collecting',
      'releasing',
      'ending',
      ...sign,
    ),
    ...on(
      'stepSurveyed',
      work.noteSurveyed,
      'surveying',
      'claiming',
      'protecting',
      'collecting',
      'releasing',
      'ending',
      ...sign,
    ),
    ...on('stepFailed', work.noteFailed, 'releasing', 'ending'),
  },
  choosingUser: {
    ...on('userChosen', host.noteUser, ...underClaim, 'claiming'),
    ...on('userMissed', host.noteUserMissed, 'waiting', ...back),
  },
  claiming: {
    ...on('claimSought', host.noteSought, 'claiming', 'readingLedger'),
    ...on('claimTaken', host.noteClaim, 'readingLedger'),
    ...on('claimRefused', host.noteHeld, 'waiting', 'ending'),
    ...on('machineBusy', host.noteHeld, 'waiting', 'ending'),
    ...on('kitFolderTampered', host.noteTampered, 'ending'),
  },
  readingLedger: { ...on('ledgerRead', host.noteLedger, 'claiming', 'askingFormer', ...underClaim) },
  askingFormer: {
    ...on('formerAttemptSeen', host.noteFormer, 'claiming', 'endingFormer', 'waiting', 'ending', ...underClaim),
  },
  endingFormer: { ...on('formerAttemptEnded', host.noteFormerEnded, 'claiming', ...underClaim) },
  protecting: {
    ...on('protectionMade', work.noteProtection, 'proving', 'capturing', ...back),
    ...on('protectionRunning', work.noteProtectionRunning, 'waiting', ...back),
    ...on('protectionImpossible', work.noteProtectionImpossible, ...back),
  },
  proving: { ...on('protectionProven', work.noteProof, 'capturing', ...back) },
  capturing: { ...on('hostCaptured', work.noteCapture, ...stage) },
  detecting: {
    ...on('stepDetected', work.noteDetected, 'detecting', ...sign, ...back),
    ...on('stepSkipped', work.noteSkipped, ...stage),
    ...on('stepBegun', work.noteBegun, 'applying'),
    ...on('stepFailed', work.noteFailed, ...back),
  },
  applying: {
    ...on('stepApplied', work.noteApplied, 'verifying', ...sign, ...restart, ...back),
    ...on('stepStillRunning', work.noteStillRunning, 'waiting', 'readingLedger'),
    ...on('stepFailed', work.noteFailed, 'readingLedger', ...back),
    ...on('stepInterrupted', work.noteInterrupted, 'readingLedger'),
  },
  polling: {
    ...on('stepApplied', work.noteApplied, 'readingLedger'),
    ...on('stepStillRunning', work.noteStillRunning, 'waiting', 'readingLedger'),
    ...on('stepFailed', work.noteFailed, 'readingLedger'),
  },
  verifying: {
    ...on('stepVerified', work.noteVerified, ...stage),
    ...on('stepFailed', work.noteFailed, ...back),
  },
  rebooting: {
    ...on('rebootRequested', work.noteRebootRequested, ...restart),
    ...on('rebootBegun', work.noteRebootBegun, 'waiting'),
    ...on('hostRebooted', work.noteRebooted, ...takeUp),
  },
  checkingGoal: { ...on('goalChecked', work.noteGoal, ...stage) },
  finalVerifying: {
    ...on('stepVerified', work.noteVerified, 'finalVerifying', ...sign, ...back),
    ...on('stepFailed', work.noteFailed, ...back),
  },
  undoing: {
    ...on('undoBegun', ending.noteUndoBegun, 'undoing'),
    ...on('changesUndone', ending.noteUndone, 'comparing', ...stage),
    ...on('undoFailed', ending.noteUndoFailed, ...back),
  },
  comparing: { ...on('factsCompared', ending.noteCompared, 'collecting', 'releasing', 'ending') },
  collecting: { ...on('evidenceCollected', ending.noteEvidence, 'releasing', 'ending') },
  releasing: { ...on('hostReleased', ending.noteReleased, 'ending') },
  committing: { ...on('changesCommitted', ending.noteCommitted, 'ending') },
  ending: { ...on('hostRunEnded', ending.noteEnd, 'ended') },
  ended: {
    ...on('rollbackOrdered', ending.noteRollbackOrder, 'connecting', 'ending'),
    ...on('commitOrdered', ending.noteCommitOrder, 'connecting', 'ending'),
    ...on('workRefused', ending.noteRefused, 'ending'),
  },
};

/** Rows that hold in every phase but `ended`: what comes from outside, and what can befall any command. */
export const everywhere: Rows = {
  ...on('attemptStarted', host.noteAttempt, 'connecting', 'ending'),
  ...on('connectionFailed', host.noteLost, 'waiting', 'ending'),
  ...on('commandFailed', work.noteCommandFailed, 'ending', 'connecting', ...back),
  ...on('cancelOrdered', ending.noteCancel, 'connecting', 'waiting', 'claiming', 'polling', 'readingLedger', ...back),
  ...on('startWithheld', ending.noteWithheld, 'ending', 'connecting'),
  ...on('workRefused', ending.noteRefused, 'ending'),
};
