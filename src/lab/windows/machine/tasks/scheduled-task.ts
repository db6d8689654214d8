import type { TriggerState } from './task-schedule.ts';

/** When a task starts by itself. */
export type TaskTrigger = {
  readonly kind: 'once' | 'daily' | 'weekly' | 'startup' | 'logon';
  /** Start boundary: wall clock, ms since 1970 UTC; absent for startup and logon. */
  readonly atMs: number | undefined;
  /** End boundary: no start comes from then on. */
  readonly endMs?: number;
  readonly repetitionMs: number | undefined;
  /** How long a start is repeated; absent: for ever, or to the next day or week of the trigger. */
  readonly repetitionDurationMs?: number;
  readonly delayMs: number;
  readonly isEnabled: boolean;
};

/** What a task runs. */
export type TaskAction = { readonly execute: string; readonly arguments: string; readonly workingDirectory: string };

/** As whom it runs. */
export type TaskPrincipal = {
  /** SID or account name as registered. */
  readonly userId: string;
  readonly logonType:
    | 'None'
    | 'Password'
    | 'S4U'
    | 'Interactive'
    | 'Group'
    | 'ServiceAccount'
    | 'InteractiveOrPassword';
  readonly runLevel: 'Limited' | 'Highest';
};

/** Settings that count here. */
export type TaskSettings = {
  /** 0: no limit. */
  readonly executionTimeLimitMs: number;
  readonly multipleInstances: 'Parallel' | 'Queue' | 'IgnoreNew' | 'StopExisting';
  readonly allowStartIfOnBatteries: boolean;
  readonly dontStopIfGoingOnBatteries: boolean;
  readonly startWhenAvailable: boolean;
  readonly hidden: boolean;
  readonly priority: number;
  readonly deleteExpiredAfter: string;
};

/** Usual settings of New-ScheduledTaskSettingsSet. */
export const usualTaskSettings: TaskSettings = {
  executionTimeLimitMs: 72 * 3_600_000,
  multipleInstances: 'IgnoreNew',
  allowStartIfOnBatteries: false,
  dontStopIfGoingOnBatteries: false,
  startWhenAvailable: false,
  hidden: false,
  priority: 7,
  deleteExpiredAfter: '',
};

/** What a registration says. */
export type TaskDefinition = {
  readonly description: string;
  readonly author: string;
  readonly actions: readonly TaskAction[];
  readonly triggers: readonly TaskTrigger[];
  readonly principal: TaskPrincipal;
  readonly settings: TaskSettings;
};

/**
 * Results a task info shows besides exit codes (winerror.h SCHED_S_*, SCHED_E_TASK_ATTEMPTED for a condition that is not met). A task that waits for its user to be signed in: the trigger ends
 * with `notLoggedOn`, a start by hand with `refused`.
 */
export const taskResults = {
  running: 267009,
  hasNotRun: 267011,
  terminated: 267014,
  queued: 267045,
  conditionNotMet: 0x80041324,
  notLoggedOn: 0x800704dd,
  refused: 0x800710e0,
} as const;

/** A registered task. */
export type ScheduledTask = {
  readonly path: string;
  readonly name: string;
  definition: TaskDefinition;
  isEnabled: boolean;
  /** Process of the run under way. */
  runningPid: number | undefined;
  lastRunMs: number | undefined;
  lastResult: number;
  missedRuns: number;
  /** Whether a start waits for the end of the run under way, or for mains. */
  isQueued: boolean;
  /** Where each trigger stands, in the order of the definition. */
  triggers: readonly TriggerState[];
};
