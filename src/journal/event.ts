import type { HostFacts } from '../kernel/host-facts.ts';
import type { Json } from '../kernel/words.ts';
import type {
  ComparedFact,
  Fault,
  GoalFinding,
  HostEnd,
  LedgerMark,
  MadeChange,
  PutBackChange,
  SignedInUser,
  StayingChange,
  UndoCause,
  WaitReason,
} from './event-data.ts';

/** The name under which the run's own chain stands beside those of its hosts. */
export const runChain = '*';

/** What an event of a run's own chain says. */
export type RunEventBody =
  | {
      readonly kind: 'runLaunched';
      readonly data: {
        readonly planDigest: string;
        readonly playbook: string;
        readonly hosts: number;
        readonly batches: number;
        readonly launchedBy: string;
        readonly ticket: string | null;
      };
    }
  | { readonly kind: 'batchStarted'; readonly data: { readonly batch: number; readonly hosts: readonly string[] } }
  | {
      readonly kind: 'budgetExhausted';
      readonly data: {
        readonly budget: 'failed' | 'unreachable' | 'rolledBack';
        readonly limit: number;
        readonly count: number;
      };
    }
  | {
      readonly kind: 'orderGiven';
      readonly data: {
        readonly order: 'cancel' | 'rollback' | 'commit';
        readonly mode: 'rollback' | 'leave' | null;
        readonly orderedBy: string;
      };
    }
  | { readonly kind: 'runEnded'; readonly data: { readonly ends: { readonly [end: string]: number } } };

/** Found and refused: something that no valid signature covers. Stands in either kind of chain. */
export type RefusalBody = {
  readonly kind: 'workRefused';
  readonly data: { readonly what: 'job' | 'launch' | 'plan' | 'script' | 'kit' | 'order'; readonly reason: string };
};

/** What an event of a host run says; past tense, the result of a command or something that came from outside. */
export type HostEventBody =
  | RefusalBody
  // taking up, connecting, waiting
  | {
      readonly kind: 'attemptStarted';
      readonly data: { readonly attempt: number; readonly worker: string; readonly owner: string };
    }
  | {
      readonly kind: 'hostConnected';
      readonly data: { readonly facts: HostFacts; readonly sameMachineAs: string | null };
    }
  | { readonly kind: 'connectionFailed'; readonly data: { readonly during: string; readonly fault: Fault } }
  | {
      readonly kind: 'waitBegun';
      readonly data: { readonly reason: WaitReason; readonly ms: number; readonly detail: string };
    }
  | { readonly kind: 'waitEnded'; readonly data: { readonly reason: WaitReason } }
  // preflight and survey
  | {
      readonly kind: 'hostChecked';
      readonly data: { readonly check: string; readonly ok: boolean; readonly reason: string; readonly facts: Json };
    }
  | {
      readonly kind: 'goalChecked';
      readonly data: {
        readonly stage: number | null;
        readonly ok: boolean;
        readonly reason: string;
        readonly checks: readonly GoalFinding[];
      };
    }
  | {
      readonly kind: 'commandFailed';
      readonly data: { readonly command: string; readonly subject: string; readonly fault: Fault };
    }
  | { readonly kind: 'stepSurveyed'; readonly data: StepFinding }
  // in whose session scripts of the lane `user` work
  | { readonly kind: 'userChosen'; readonly data: SignedInUser }
  | { readonly kind: 'userMissed'; readonly data: { readonly sid: string } }
  // claim, ledger, former attempts
  | { readonly kind: 'claimSought'; readonly data: { readonly owner: string } }
  | { readonly kind: 'machineBusy'; readonly data: { readonly run: string } }
  | { readonly kind: 'claimTaken'; readonly data: { readonly token: number } }
  | { readonly kind: 'claimRefused'; readonly data: { readonly run: string; readonly since: string } }
  | { readonly kind: 'kitFolderTampered'; readonly data: { readonly path: string; readonly reason: string } }
  | { readonly kind: 'ledgerRead'; readonly data: LedgerReading }
  | {
      readonly kind: 'formerAttemptSeen';
      readonly data: {
        readonly step: string;
        readonly alive: boolean;
        readonly processId: number | null;
        readonly task: string | null;
      };
    }
  | { readonly kind: 'formerAttemptEnded'; readonly data: { readonly step: string } }
  // protection and capture
  | {
      readonly kind: 'protectionMade';
      readonly data: {
        readonly method: 'restore-point' | 'shadow-copy' | 'none';
        readonly id: string;
        readonly proof: Json;
        readonly enabledSystemProtection: boolean;
      };
    }
  | { readonly kind: 'protectionRunning'; readonly data: { readonly task: string } }
  | { readonly kind: 'protectionImpossible'; readonly data: { readonly reason: string; readonly remedy: string } }
  | { readonly kind: 'protectionProven'; readonly data: { readonly exists: boolean } }
  | { readonly kind: 'hostCaptured'; readonly data: { readonly facts: { readonly [name: string]: string } } }
  // steps
  | { readonly kind: 'stepDetected'; readonly data: StepFinding }
  | {
      readonly kind: 'stepSkipped';
      readonly data: {
        readonly step: string;
        readonly because: 'condition' | 'not-needed' | 'not-possible';
        readonly reason: string;
      };
    }
  | { readonly kind: 'stepBegun'; readonly data: { readonly step: string; readonly attempt: number } }
  | {
      readonly kind: 'stepStillRunning';
      readonly data: {
        readonly step: string;
        readonly task: string;
        readonly heartbeatAgeMs: number;
        readonly lastLine: string;
      };
    }
  | {
      readonly kind: 'stepApplied';
      readonly data: {
        readonly step: string;
        readonly changed: boolean;
        readonly facts: Json;
        readonly rebootRequired: boolean;
        readonly changes: readonly MadeChange[];
        readonly ledger: LedgerMark | null;
      };
    }
  | {
      readonly kind: 'stepFailed';
      readonly data: {
        readonly step: string;
        readonly during: 'condition' | 'detect' | 'apply' | 'verify' | 'survey';
        readonly fault: Fault;
        /** What a failed `apply` had changed before it failed. */
        readonly changes: readonly MadeChange[];
      };
    }
  | { readonly kind: 'stepInterrupted'; readonly data: { readonly step: string } }
  | {
      readonly kind: 'stepVerified';
      readonly data: {
        readonly step: string;
        readonly ok: boolean;
        readonly reason: string;
        readonly facts: Json;
        readonly final: boolean;
      };
    }
  | { readonly kind: 'rebootRequested'; readonly data: { readonly why: string } }
  | { readonly kind: 'rebootBegun'; readonly data: { readonly uptimeMs: number } }
  | { readonly kind: 'hostRebooted'; readonly data: { readonly uptimeMs: number } }
  // orders, undo and end
  | {
      readonly kind: 'cancelOrdered';
      readonly data: { readonly mode: 'rollback' | 'leave' | null; readonly orderedBy: string };
    }
  | { readonly kind: 'startWithheld'; readonly data: { readonly budget: string } }
  | { readonly kind: 'rollbackOrdered'; readonly data: { readonly orderedBy: string } }
  | { readonly kind: 'commitOrdered'; readonly data: { readonly orderedBy: string } }
  | {
      readonly kind: 'undoBegun';
      readonly data: { readonly cause: UndoCause; readonly step: string | null; readonly reason: string };
    }
  | {
      readonly kind: 'changesUndone';
      readonly data: {
        readonly step: string | null;
        readonly changes: readonly PutBackChange[];
        readonly irreversible: readonly StayingChange[];
        readonly ledger: LedgerMark | null;
      };
    }
  | { readonly kind: 'undoFailed'; readonly data: { readonly step: string | null; readonly fault: Fault } }
  | {
      readonly kind: 'factsCompared';
      readonly data: { readonly compared: number; readonly differences: readonly ComparedFact[] };
    }
  | { readonly kind: 'evidenceCollected'; readonly data: { readonly evidence: Json; readonly missing: string } }
  | { readonly kind: 'hostReleased'; readonly data: { readonly ok: boolean; readonly reason: string } }
  | {
      readonly kind: 'changesCommitted';
      readonly data: {
        readonly removed: readonly { readonly path: string; readonly bytes: number }[];
        readonly kept: readonly string[];
      };
    }
  | { readonly kind: 'hostRunEnded'; readonly data: HostEnd };

/** What a step's detect found: in the survey, and again right before the step would begin. */
type StepFinding = {
  readonly step: string;
  readonly needed: boolean;
  readonly possible: boolean;
  readonly reason: string;
  readonly facts: Json;
};

/** What was read from the host's ledger, and how it stands to the journal. */
export type LedgerReading = {
  /** `whole`: agrees with the journal; `behind`: lacks what the journal knows; `broken`: its own chain fails; `journal-cut`: knows an event that the journal lacks. */
  readonly standing: 'whole' | 'behind' | 'broken' | 'journal-cut';
  readonly detail: string;
  readonly records: number;
  readonly ledger: LedgerMark | null;
  /** Under our own claim of this attempt. */
  readonly claimed: boolean;
  /** The last intent, if no outcome follows it: whoever wrote it may still work (`step` may be a name of the kit's own, as `(undo)`). */
  readonly unended: { readonly step: string; readonly seq: number } | null;
  /** Whether the step that the journal has as begun was begun on the host and has no outcome there. */
  readonly inDoubt: boolean;
  /** Outcome of the step that the journal knows only as begun. */
  readonly outcome: {
    readonly step: string;
    readonly ok: boolean;
    readonly changed: boolean;
    readonly facts: Json;
    readonly rebootRequired: boolean;
    readonly message: string;
    readonly changes: readonly MadeChange[];
  } | null;
  /** The host's own dead-man task has undone changes meanwhile. */
  readonly undoneByHost: boolean;
};

/** What an event of either chain says. */
export type EventBody = RunEventBody | HostEventBody;

/** The kind of an event. */
export type EventKind = EventBody['kind'];

/** Where an event stands: run, host (or `*`), number from 0, time, and the hash chain. */
export type EventPlace = {
  readonly run: string;
  readonly host: string;
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Hash of the event before; 64 zeros for the first. */
  readonly prev: string;
  /** SHA-256 (hex) over the canonical JSON (RFC 8785) of all other members. */
  readonly hash: string;
};

/** One event of the journal. */
export type JournalEvent = EventPlace & EventBody;

/** An event of a host run's chain. */
export type HostEvent = EventPlace & HostEventBody;

/** An event of the run's own chain. */
export type RunEvent = EventPlace & (RunEventBody | RefusalBody);
