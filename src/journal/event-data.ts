import type { Json } from '../kernel/words.ts';

/** The name by which a host run ended. */
export const hostEnds = [
  'repaired',
  'unchanged',
  'not-cured',
  'rolled-back',
  'partly-rolled-back',
  'blocked',
  'deferred',
  'unreachable',
  'cancelled',
  'needs-hands',
] as const;

/** The name by which a host run ended. */
export type HostEndName = (typeof hostEnds)[number];

/** In which state an ended host run left its host. */
export const hostConditions = ['untouched', 'repaired', 'as-before', 'as-before-except', 'left', 'unknown'] as const;

/** In which state an ended host run left its host. */
export type HostCondition = (typeof hostConditions)[number];

/** Why a host run ended: the closed list. Causes of connections are codes of the failure table (and `quota`), causes of a way back those of an undo. */
export const endCauses = [
  // before the host is spoken to
  'work-refused',
  'cancel',
  'budget',
  'window',
  'same-machine',
  // the connection
  'unreachable',
  'quota',
  'unauthenticated',
  'untrusted-host',
  'clock-skew',
  'forbidden',
  'dropped',
  'protocol-error',
  'claim-lost',
  // before the first change
  'language-mode',
  'jea-module',
  'not-elevated',
  'os-target',
  'no-user-session',
  'preflight',
  'survey-failed',
  'goal-holds',
  'not-possible',
  'nothing-applies',
  'findings',
  'claim-held',
  'kit-folder-tampered',
  'protection',
  'command-failed',
  'reboot',
  'former-attempt',
  // the host and the journal do not agree
  'ledger-behind',
  'ledger-broken',
  'ledger-journal-cut',
  // the work and the way back
  'goal-reached',
  'failure',
  'window-closing',
  'goal-not-reached',
  'order',
  'dead-man',
  'doubt',
  'undo-incomplete',
  'facts-unread',
  'order-not-done',
  'not-released',
] as const;

/** Why a host run ended, machine-readable. */
export type EndCause = (typeof endCauses)[number];

/** The end of a host run: its name, the state of the host, and why. */
export type HostEnd = {
  readonly end: HostEndName;
  readonly host: HostCondition;
  readonly rebootOwed: boolean;
  readonly cause: EndCause;
  /** One sentence with the figures: what was expected, what came. */
  readonly reason: string;
  /** What to do next, or an empty text. */
  readonly remedy: string;
};

/** An error of a script or of the session, with its place where there is one. */
export type Fault = {
  /** Code of the failure table; `quota` where a session was refused because limits of the host are used up. */
  readonly code: string;
  readonly message: string;
  readonly fqid: string;
  readonly hresult: string | null;
  readonly script: string;
  readonly line: number | null;
};

/** One change as the host's ledger holds it (its `before` record). */
export type MadeChange = {
  readonly seq: number;
  /** Name of the change function's kind, e.g. `service-state`. */
  readonly change: string;
  readonly target: string;
  /** What was there before, as recorded. */
  readonly before: Json;
};

/** One change put back, or why it could not be. */
export type PutBackChange = {
  readonly seq: number;
  readonly change: string;
  readonly target: string;
  readonly ok: boolean;
  readonly reason: string;
};

/** A change that has no inverse and stays. */
export type StayingChange = {
  readonly seq: number;
  /** Name of the change function's kind, e.g. `delete`; missing in journals of earlier versions. */
  readonly change?: string;
  /** What stays; of several things each, with `; ` between them. */
  readonly target: string;
  readonly reason: string;
};

/** How far the host's ledger reached when this was journaled: its last record's number and hash. A ledger that no longer holds that record is behind. */
export type LedgerMark = { readonly seq: number; readonly hash: string };

/** One fact that a run touches, before its first change and after the rollback. */
export type ComparedFact = { readonly name: string; readonly before: string | null; readonly after: string | null };

/** Why a rollback (or the undoing of a step in doubt) takes place. */
export type UndoCause = 'failure' | 'cancel' | 'window-closing' | 'goal-not-reached' | 'order' | 'dead-man' | 'doubt';

/** What a host run waits for without holding a worker's slot. */
export type WaitReason =
  | 'connection'
  | 'claim'
  | 'machine'
  | 'former-attempt'
  | 'task'
  | 'protection'
  | 'reboot'
  | 'sign-on';

/** A user who is signed in on a host. */
export type SignedInUser = {
  readonly sid: string;
  /** `domain\\name`. */
  readonly account: string;
  readonly session: number;
  /** Whether it is the user at the console. */
  readonly console: boolean;
};

/** What one check of the goal found. */
export type GoalFinding = {
  readonly id: string;
  readonly uses: string;
  readonly ok: boolean;
  readonly reason: string;
  readonly facts: Json;
};
