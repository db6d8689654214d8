import type { HostEventBody, JournalEvent } from '../journal/event.ts';
import type { HostFacts } from '../kernel/host-facts.ts';
import type { Plan } from '../planning/plan.ts';
import type { HostKit } from '../remote/powershell/host-kit.ts';
import type { HostRunLimits } from './limits.ts';

/** The journal of one host run, bound to the lease under which this worker may write it. */
interface HostJournal {
  /** All events so far, checked against their hash chain. @throws Failure `journal-broken`, `journal-unavailable` */
  read(): Promise<readonly JournalEvent[]>;
  /** Seals and appends what happened; comes back only when it is written. @throws Failure `lease-lost`, `journal-conflict`, `journal-unavailable` */
  append(body: HostEventBody): Promise<JournalEvent>;
  /** Hash of the last event. */
  head(): string;
}

/** An open host: the kit in its session, and the end of the session. */
export type OpenHost = { readonly kit: HostKit; readonly close: () => Promise<void> };

/** Opens a session with the host. @throws Failure `unreachable`, `unauthenticated`, … */
type OpenHostSession = (password: string | null) => Promise<OpenHost>;

/** What has been ordered from outside, already verified. */
export type HostOrders = {
  readonly cancel: { readonly mode: 'rollback' | 'leave' | null; readonly orderedBy: string } | null;
  /** The budget that keeps this host from being begun; null where it may begin. */
  readonly withheld: string | null;
  /** Orders after the end, oldest first. */
  readonly later: readonly { readonly order: 'rollback' | 'commit'; readonly orderedBy: string }[];
};

/** The queueing lease of a machine, so that two runs do not crowd one host; the claim on the host is what counts (I4). */
export interface MachineLease {
  /** The host of this run that the machine is known as already, or null. */
  sameMachineAs(facts: HostFacts): Promise<string | null>;
  /** Takes (or keeps) the machine for this host run. */
  take(facts: HostFacts): Promise<{ readonly kind: 'taken' } | { readonly kind: 'busy'; readonly run: string }>;
  /** Gives it free. */
  give(facts: HostFacts): Promise<void>;
}

/** Time, as the shell of a host run needs it. */
interface Pacing {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Waits; ends early without an error when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything that a host run needs from outside. */
export type HostRunPorts = {
  readonly plan: Plan;
  readonly host: string;
  readonly run: string;
  readonly worker: string;
  readonly limits: HostRunLimits;
  readonly journal: HostJournal;
  readonly open: OpenHostSession;
  /** Reference to the password (`env:NAME`), resolved right before a session is opened (I6); null where none is needed. */
  readonly password: string | null;
  /** Text of a script of the plan by its SHA-256; checked before the run began. */
  readonly script: (sha256: string) => string;
  /** The value behind a reference such as `env:NAME`. @throws Failure `secret-missing` */
  readonly secret: (reference: string) => Promise<string>;
  readonly orders: () => Promise<HostOrders>;
  readonly machine: MachineLease;
  readonly pacing: Pacing;
  /** A text that no other attempt has. */
  readonly nonce: () => string;
  /** Pauses up to this long are waited for in place; longer ones free the worker. */
  readonly holdMs: number;
  /** Interval at which a cancel is looked for while an interruptible step works. */
  readonly heedMs: number;
  /** Aborted when the worker stops or has lost its lease: the run is left as it is, for the next attempt. */
  readonly signal: AbortSignal;
};
