import type { LedgerReading } from '../journal/event.ts';
import type {
  ComparedFact,
  HostEnd,
  LedgerMark,
  PutBackChange,
  SignedInUser,
  StayingChange,
  UndoCause,
  WaitReason,
} from '../journal/event-data.ts';
import type { HostFacts } from '../kernel/host-facts.ts';
import type { Json } from '../kernel/words.ts';
import type { Plan, PlannedHost } from '../planning/plan.ts';
import type { HostRunLimits } from './limits.ts';

/** Where a host run stands: what it waits for the result of. */
export type Phase =
  | 'idle'
  | 'connecting'
  | 'waiting'
  | 'checking'
  | 'surveying'
  | 'choosingUser'
  | 'claiming'
  | 'readingLedger'
  | 'askingFormer'
  | 'endingFormer'
  | 'protecting'
  | 'proving'
  | 'capturing'
  | 'detecting'
  | 'applying'
  | 'polling'
  | 'verifying'
  | 'rebooting'
  | 'checkingGoal'
  | 'finalVerifying'
  | 'undoing'
  | 'comparing'
  | 'collecting'
  | 'releasing'
  | 'committing'
  | 'ending'
  | 'ended';

/** What a detect script found. */
type Found = {
  readonly needed: boolean;
  readonly possible: boolean;
  readonly reason: string;
  readonly facts: Json;
};

/** What became of a step so far. `begun` without an outcome is a step in doubt unless it was begun in this very attempt. */
export type StepState = {
  readonly state: 'pending' | 'skipped' | 'begun' | 'applied' | 'verified' | 'failed' | 'undone';
  readonly attempts: number;
  readonly begunAtMs: number;
  readonly detected: Found | null;
  readonly changed: boolean;
  readonly facts: Json;
  readonly rebootRequired: boolean;
  /** Task of the system lane that works on it, if one was left running. */
  readonly task: string | null;
};

/** A rollback under way. `begun` is journaled before anything is undone. */
export type UndoState = {
  readonly cause: UndoCause;
  readonly reason: string;
  readonly begun: boolean;
  readonly done: boolean;
  readonly changes: readonly PutBackChange[];
  readonly staying: readonly StayingChange[];
  readonly fault: string | null;
  readonly differences: readonly ComparedFact[] | null;
};

/** The whole memory of a host run: a fold over its events. Nothing in it comes from anywhere else. */
export type HostRunState = {
  readonly plan: Plan;
  readonly host: PlannedHost;
  readonly limits: HostRunLimits;
  readonly phase: Phase;

  // this attempt
  readonly attempt: number;
  readonly owner: string;
  readonly connected: boolean;
  readonly connectedAtMs: number;
  readonly claimed: boolean;
  /** The ledger as read in this attempt: before the claim (to find former attempts), then under it. */
  readonly reading: LedgerReading | null;
  /** What is known of the process or task behind an intent without outcome. */
  readonly former: 'unasked' | 'alive' | 'ended';
  /** The step whose `stepBegun` was written in this attempt and whose `apply` has not been sent yet. */
  readonly fresh: string | null;
  /** A pause that must pass before anything else is done. */
  readonly pause: { readonly reason: WaitReason; readonly ms: number; readonly detail: string } | null;
  /** How long the same thing has been waited for, over attempts. */
  readonly waited: { readonly reason: WaitReason; readonly sinceMs: number; readonly count: number } | null;

  /** Sessions that broke one after another without anything getting done in between. */
  readonly losses: number;
  /** Logins refused one after another, whatever else failed in between. */
  readonly refusals: number;

  // the host
  readonly facts: HostFacts | null;
  /** A claim was sought: from here on the host may hold something of this run. */
  readonly touched: boolean;
  readonly token: number;
  readonly ledger: LedgerMark | null;
  readonly rebootOwed: boolean;
  /** A restart that was asked for; `uptimeMs` is null until the host has confirmed the request. */
  readonly reboot: { readonly atMs: number; readonly uptimeMs: number | null } | null;
  readonly rebootWanted: string | null;
  readonly rebootedFirst: boolean;
  /** In whose session the run works; the same one to its end. */
  readonly user: SignedInUser | null;
  /** That user was seen signed in since the host last started. */
  readonly userSeen: boolean;

  // the work
  readonly checks: { readonly [check: string]: { readonly ok: boolean; readonly facts: Json } };
  readonly goalBefore: { readonly ok: boolean; readonly reason: string } | null;
  readonly surveyed: { readonly [step: string]: Found };
  readonly judged: boolean;
  readonly protection: { readonly method: string; readonly id: string } | null;
  readonly proven: boolean;
  readonly captured: { readonly [name: string]: string } | null;
  readonly steps: { readonly [step: string]: StepState };
  readonly goals: { readonly [stage: string]: boolean };
  readonly finallyVerified: readonly string[];

  // the way out
  readonly doubtUndo: string | null;
  /** Sequence numbers of changes that were put back while their step was in doubt: no later undo counts them again. */
  readonly undoneInDoubt: readonly number[];
  readonly undo: UndoState | null;
  readonly failing: { readonly cause: UndoCause; readonly reason: string } | null;
  readonly cancel: { readonly mode: 'rollback' | 'leave'; readonly orderedBy: string } | null;
  readonly withheld: string | null;
  readonly refused: string | null;
  readonly order: 'rollback' | 'commit' | null;
  readonly ordersTaken: number;
  readonly committed: boolean;
  readonly outcome: HostEnd | null;
  /** The end asks nothing more of the host. */
  readonly detached: boolean;
  readonly evidenceDone: boolean;
  readonly released: boolean;
  readonly end: HostEnd | null;
};

/** The state before the first event. @throws RangeError where the plan has no such host */
export function initialState(plan: Plan, hostId: string, limits: HostRunLimits): HostRunState {
  const host = plan.hosts.find(({ id }) => id === hostId);
  if (host === undefined) throw new RangeError(`the plan has no host \`${hostId}\``);
  return {
    plan,
    host,
    limits,
    phase: 'idle',
    attempt: 0,
    owner: '',
    connected: false,
    connectedAtMs: 0,
    claimed: false,
    reading: null,
    former: 'unasked',
    fresh: null,
    pause: null,
    waited: null,
    losses: 0,
    refusals: 0,
    facts: null,
    touched: false,
    token: 0,
    ledger: null,
    rebootOwed: false,
    reboot: null,
    rebootWanted: null,
    rebootedFirst: false,
    user: null,
    userSeen: false,
    checks: {},
    goalBefore: null,
    surveyed: {},
    judged: false,
    protection: null,
    proven: false,
    captured: null,
    steps: {},
    goals: {},
    finallyVerified: [],
    doubtUndo: null,
    undoneInDoubt: [],
    undo: null,
    failing: null,
    cancel: null,
    withheld: null,
    refused: null,
    order: null,
    ordersTaken: 0,
    committed: false,
    outcome: null,
    detached: false,
    evidenceDone: false,
    released: false,
    end: null,
  };
}

const pendingStep: StepState = {
  state: 'pending',
  attempts: 0,
  begunAtMs: 0,
  detected: null,
  changed: false,
  facts: null,
  rebootRequired: false,
  task: null,
};

/** What became of a step so far. */
export function stepOf(state: HostRunState, step: string): StepState {
  return state.steps[step] ?? pendingStep;
}

/** The state with something new about a step. */
export function withStep(state: HostRunState, step: string, news: Partial<StepState>): HostRunState {
  return { ...state, steps: { ...state.steps, [step]: { ...stepOf(state, step), ...news } } };
}

/** Whether any step was ever begun, so that the host may hold a change. */
export function anyBegun(state: HostRunState): boolean {
  return Object.values(state.steps).some(({ attempts }) => attempts > 0);
}

/** Planned steps in order. */
export function stepsOf(plan: Plan) {
  return plan.stages.flatMap(({ steps }) => steps);
}

/** The planned step with this id and its action. @throws RangeError where the plan has none */
export function plannedStep(plan: Plan, id: string) {
  const step = stepsOf(plan).find((each) => each.id === id);
  const action = step === undefined ? undefined : plan.actions[step.uses];
  if (step === undefined || action === undefined) throw new RangeError(`the plan has no step \`${id}\``);
  return { step, action };
}

/** The state without session and claim: what this attempt knew of the host must be asked again. A step that was begun is in doubt now. */
export function parted(state: HostRunState): HostRunState {
  const steps = Object.fromEntries(
    Object.entries(state.steps).map(([id, step]) => [
      id,
      step.state === 'pending' ? { ...step, detected: null } : step,
    ]),
  );
  return { ...state, steps, connected: false, claimed: false, reading: null, former: 'unasked', fresh: null };
}
