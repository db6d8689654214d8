import type { HostFacts } from '../../kernel/host-facts.ts';
import type { Json, Lane, ScriptKind, Touches } from '../../kernel/words.ts';

/** What a script was given and what it is; the text comes from the store and is checked against its hash on the host again. */
export type ScriptCall = {
  readonly step: string;
  readonly kind: ScriptKind;
  readonly text: string;
  readonly sha256: string;
  /** Bound parameters; secrets as `SecretText`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly lane: Lane;
  readonly longestMs: number;
  /** Whether it may be ended in the middle, with the programs that it has started; else they are awaited. */
  readonly interruptible: boolean;
  /** SID of the user in whose session a script of the lane `user` works; left out, the first who is signed in. */
  readonly user?: string;
};

/** What a detect script found. */
export type Detection = {
  readonly needed: boolean;
  readonly possible: boolean;
  readonly reason: string;
  readonly facts: Json;
};
/** What an apply (or undo) script did. */
export type Application = { readonly changed: boolean; readonly facts: Json; readonly rebootRequired: boolean };
/** What a verify script proved. */
export type Verification = { readonly ok: boolean; readonly reason: string; readonly facts: Json };

/** An error of a script, with its position and HRESULT where there is one. */
export type ScriptFault = {
  readonly message: string;
  readonly fqid: string;
  readonly hresult: string | null;
  readonly script: string;
  readonly line: number | null;
};

/** How a script ended: with its result, with an error of its own, or still under way in the system lane. */
export type ScriptOutcome<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'failed'; readonly fault: ScriptFault }
  | { readonly kind: 'running'; readonly task: string; readonly heartbeatAgeMs: number; readonly lastLine: string };

/** A record of the ledger on the host. */
export type LedgerRecord = {
  readonly kind: 'claim' | 'intent' | 'before' | 'outcome' | 'undone' | 'released';
  readonly seq: number;
  readonly token: number;
  readonly at: string;
  readonly prev: string;
  readonly hash: string;
  /** The journal's head hash as the worker knew it when this was written. */
  readonly journalHead: string;
  readonly data: { readonly [key: string]: Json };
};

/** The ledger of one run as read from the host. `tornTail` says that a half-written last line was ignored; `broken` that the chain does not hold. */
export type Ledger = {
  readonly exists: boolean;
  readonly records: readonly LedgerRecord[];
  readonly tornTail: boolean;
  readonly broken: boolean;
};

/** What became of an attempt to take the host for a run. */
export type ClaimResult =
  | { readonly kind: 'claimed'; readonly token: number }
  | { readonly kind: 'held'; readonly run: string; readonly since: string }
  | { readonly kind: 'tampered'; readonly path: string; readonly reason: string };

/** What is known of the process or task that made an unfinished intent. */
export type FormerAttempt = {
  readonly alive: boolean;
  readonly processId: number | null;
  readonly task: string | null;
};

/** One way in which a host can be made restorable as a whole. */
export type ProtectionResult =
  | {
      readonly kind: 'protected';
      readonly method: 'restore-point' | 'shadow-copy' | 'none';
      readonly id: string;
      readonly proof: Json;
      readonly enabledSystemProtection: boolean;
    }
  | { readonly kind: 'running'; readonly task: string }
  | { readonly kind: 'impossible'; readonly reason: string; readonly remedy: string };

/** One undone (or not undone) change. */
export type UndoneChange = {
  readonly seq: number;
  readonly change: string;
  readonly target: string;
  readonly ok: boolean;
  readonly reason: string;
};
/** What an undo did: changes newest first, and those that have no inverse. */
export type UndoResult = {
  readonly changes: readonly UndoneChange[];
  readonly irreversible: readonly {
    readonly seq: number;
    /** Kind of the change; an earlier kit does not tell it. */
    readonly change?: string;
    readonly target: string;
    readonly reason: string;
  }[];
};

/** A fact of the host that a run touches: name (`service:bits:state`) → canonical text. */
export type TouchedFacts = { readonly [name: string]: string };

/** What `commit` removed. */
export type CommitResult = {
  readonly removed: readonly { readonly path: string; readonly bytes: number }[];
  readonly kept: readonly string[];
};

/**
 * The host kit as the engine uses it: one method for each thing that can be asked of a host.
 * Every method runs inside one session; errors of the session are `Failure`s (unreachable, dropped, timed-out, …).
 * All that changes the host takes the claim's token and the journal's head hash and refuses when the claim on the host is another one.
 */
export interface HostKit {
  /**
   * Loads the kit into the session and reads the facts of the host. Nothing is written on the host. `reference` tells the controller's UTC now,
   * `scripts` the hashes of all scripts that the run may call by `<action>/<kind>`: a no-language endpoint must hold them.
   * `given` the values that the run gives the parameters of its actions: the endpoint may keep some to others.
   * @throws Failure `jea-module`
   */
  open(options: {
    readonly run: string;
    readonly host: string;
    readonly reference: () => number;
    readonly scripts: ReadonlyMap<string, string>;
    readonly given?: readonly { readonly action: string; readonly name: string; readonly value: unknown }[];
  }): Promise<HostFacts>;
  /** The user with this SID, or (for an empty text) the one at the console, else of the lowest session; null where nobody (or not that one) is signed in. */
  signedInUser(sid: string): Promise<{
    readonly sid: string;
    readonly account: string;
    readonly session: number;
    readonly console: boolean;
  } | null>;
  /** Runs a read-only script (detect, verify) and waits for its end, in whichever lane; nothing of it stays on the host. */
  read<T extends Detection | Verification>(call: ScriptCall, signal?: AbortSignal): Promise<ScriptOutcome<T>>;
  /** Takes the host for the run under an exclusive file lock (I4). `owner` = run id + nonce of this attempt; a later attempt of the same run takes over with a higher token. */
  claim(options: { readonly owner: string; readonly journalHead: string }): Promise<ClaimResult>;
  /** Reads the run's ledger. */
  readLedger(): Promise<Ledger>;
  /** Whether the process or task of an unfinished intent still lives. */
  formerAttempt(intent: LedgerRecord): Promise<FormerAttempt>;
  /** Ends the process or task of an unfinished intent; only for actions that are interruptible. */
  endFormerAttempt(intent: LedgerRecord): Promise<void>;
  /** Makes (or goes on making) the restore point or shadow copy and proves that it exists. */
  protect(options: {
    readonly token: number;
    readonly journalHead: string;
    readonly level: 'L1' | 'L2' | 'L3' | 'L4';
    readonly systemProtectionOff: 'enable' | 'shadow-copy' | 'block';
    readonly description: string;
  }): Promise<ProtectionResult>;
  /** Whether a protection made earlier is still there. */
  protectionExists(protection: { readonly method: string; readonly id: string }): Promise<boolean>;
  /** Copies what the steps touch (L2) into the run's folder and returns the facts. */
  capture(options: {
    readonly token: number;
    readonly journalHead: string;
    readonly touches: readonly Touches[];
  }): Promise<TouchedFacts>;
  /** Reads the touched facts again, read-only. */
  facts(touches: readonly Touches[]): Promise<TouchedFacts>;
  /** Applies a step: intent, changes with their before records, outcome. In the system lane it returns `running` until the task has ended. */
  apply(
    call: ScriptCall,
    options: { readonly token: number; readonly journalHead: string; readonly attempt: number },
    signal?: AbortSignal,
  ): Promise<ScriptOutcome<Application>>;
  /** Asks after a task of the system lane that `apply` or `read` left running. */
  poll(task: string): Promise<ScriptOutcome<Application | Verification | Detection>>;
  /** Undoes changes newest first: of one step, or of the whole run. Idempotent on a partly undone list. */
  undo(options: {
    readonly token: number;
    readonly journalHead: string;
    readonly step: string | null;
  }): Promise<UndoResult>;
  /** Asks for a restart; returns the uptime (ms) at the request. The session dies with it. */
  reboot(options: {
    readonly token: number;
    readonly journalHead: string;
    readonly delayMs: number;
  }): Promise<{ readonly uptimeMs: number }>;
  /** Reasons for a pending restart. */
  pendingReboot(): Promise<readonly string[]>;
  /** Collects evidence (event log extracts, update history, CBS lines), at most `maxBytes`. */
  evidence(options: { readonly kinds: readonly string[]; readonly maxBytes: number }): Promise<Json>;
  /** Gives the host free: removes dead-man tasks and leftovers, writes `released`. */
  release(options: { readonly token: number; readonly journalHead: string; readonly end: string }): Promise<void>;
  /** Removes set-aside folders, captures and shadow copies of the run; restore points stay. */
  commit(options: { readonly journalHead: string }): Promise<CommitResult>;
}
