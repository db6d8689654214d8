import type {
  ComparedFact,
  Fault,
  GoalFinding,
  HostEnd,
  MadeChange,
  PutBackChange,
  SignedInUser,
  StayingChange,
  UndoCause,
} from '../journal/event-data.ts';
import type { HostFacts } from '../kernel/host-facts.ts';
import type { Json, LocalText } from '../kernel/words.ts';

/** What became of one step on one host. */
export type StepReport = {
  readonly id: string;
  readonly title: LocalText;
  readonly action: string;
  /**
   * `done` verified · `already-right` detect found nothing to do · `skipped` its condition did not hold · `failed` ·
   * `interrupted` · `undone` was applied, then put back · `under-way` · `not-reached`.
   */
  readonly state:
    | 'done'
    | 'already-right'
    | 'skipped'
    | 'failed'
    | 'interrupted'
    | 'undone'
    | 'under-way'
    | 'not-reached';
  readonly reason: string;
  /** What the survey found before anything was changed; null where it did not get so far. */
  readonly survey: {
    readonly needed: boolean;
    readonly possible: boolean;
    readonly reason: string;
    readonly facts: Json;
  } | null;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly changes: readonly MadeChange[];
  readonly facts: Json;
  readonly fault: Fault | null;
};

/** A stage and its steps; `goal` is the goal's check after it. */
export type StageReport = {
  readonly title: LocalText;
  readonly reached: boolean;
  readonly steps: readonly StepReport[];
  readonly goal: { readonly ok: boolean; readonly reason: string } | null;
};

/** What was put back and what proves it. */
export type UndoReport = {
  readonly cause: UndoCause;
  readonly reason: string;
  readonly changes: readonly PutBackChange[];
  readonly staying: readonly StayingChange[];
  /** Number of facts compared and those that differ; null where it did not come to that. */
  readonly compared: { readonly count: number; readonly differences: readonly ComparedFact[] } | null;
};

/** One host of a run, ended or not: every host has exactly one, with the same members. */
export type HostReport = {
  readonly host: string;
  readonly facts: HostFacts | null;
  /** Phase of the host run's state machine. */
  readonly phase: string;
  readonly end: HostEnd | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly attempts: number;
  /** In whose session scripts of the lane `user` worked. */
  readonly user: SignedInUser | null;
  readonly checks: readonly {
    readonly check: string;
    readonly ok: boolean;
    readonly reason: string;
    readonly facts: Json;
    readonly ifFails: string;
  }[];
  /** The goal as the survey found it. */
  readonly goalBefore: {
    readonly ok: boolean;
    readonly reason: string;
    /** What each check of the goal found. */
    readonly checks: readonly GoalFinding[];
  } | null;
  readonly stages: readonly StageReport[];
  readonly protection: {
    readonly method: string;
    readonly id: string;
    readonly proven: boolean;
    readonly enabledSystemProtection: boolean;
  } | null;
  readonly undo: UndoReport | null;
  readonly evidence: Json;
  readonly reboots: number;
  /** Free bytes of the system drive at the first and at the last connection. */
  readonly freeBytes: { readonly before: number; readonly after: number } | null;
  readonly committed: {
    readonly removed: readonly { readonly path: string; readonly bytes: number }[];
    readonly kept: readonly string[];
  } | null;
  /** Whether the host run's hash chain holds, and its head. */
  readonly chain: { readonly events: number; readonly ok: boolean; readonly head: string };
};

/** Counts over the hosts of a run. */
export type RunFigures = {
  readonly hosts: number;
  readonly ended: number;
  readonly ends: { readonly [end: string]: number };
  readonly changesMade: number;
  readonly changesUndone: number;
  readonly reboots: number;
  readonly durationMs: number | null;
};

/** A run as a fold over its journals. */
export type RunReport = {
  readonly kintsugi: 'report/v1';
  readonly run: string;
  readonly planDigest: string;
  readonly playbook: { readonly id: string; readonly title: LocalText };
  readonly launchedBy: string;
  readonly launchedAt: string;
  readonly ticket: string | null;
  readonly state: 'running' | 'ended';
  readonly endedAt: string | null;
  readonly orders: readonly {
    readonly at: string;
    readonly order: string;
    readonly mode: string | null;
    readonly orderedBy: string;
  }[];
  readonly refusals: readonly {
    readonly at: string;
    readonly host: string;
    readonly what: string;
    readonly reason: string;
  }[];
  readonly hosts: readonly HostReport[];
  readonly figures: RunFigures;
};
