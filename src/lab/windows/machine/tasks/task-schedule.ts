import type { ScheduledTask, TaskTrigger } from './scheduled-task.ts';

/** Where a trigger stands; all times monotonic ms of the machine's clock. */
export type TriggerState = {
  /** Its start boundary, or the start of the machine or logon that it follows; `undefined` before one came. */
  readonly startMs: number | undefined;
  /** Starts up to here have come or were missed: none of them comes again. */
  readonly doneMs: number;
};

const cycles: Partial<Record<TaskTrigger['kind'], number>> = { daily: 86_400_000, weekly: 604_800_000 };

/** Whether a trigger goes by the calendar: a step of the wall clock moves its starts. */
export const isCalendar = ({ kind }: TaskTrigger): boolean => cycles[kind] !== undefined;

/**
 * The first start of a trigger after those that are done, monotonic ms; `undefined` when none comes. A repetition begins anew with each day
 * or week, and ends before its duration is over.
 */
export const nextStart = (trigger: TaskTrigger, { startMs, doneMs }: TriggerState): number | undefined => {
  if (startMs === undefined || !trigger.isEnabled) return undefined;
  const endMs =
    trigger.endMs === undefined || trigger.atMs === undefined ? Infinity : startMs + trigger.endMs - trigger.atMs;
  const due = firstAfter(trigger, startMs, doneMs);
  return due !== undefined && due < endMs ? due : undefined;
};

const firstAfter = (trigger: TaskTrigger, startMs: number, doneMs: number): number | undefined => {
  if (doneMs < startMs) return startMs;
  const cycle = cycles[trigger.kind];
  const begunMs = cycle === undefined ? startMs : startMs + Math.floor((doneMs - startMs) / cycle) * cycle;
  const nextMs = cycle === undefined ? Infinity : begunMs + cycle;
  if (trigger.repetitionMs) {
    const repeatedMs = begunMs + (Math.floor((doneMs - begunMs) / trigger.repetitionMs) + 1) * trigger.repetitionMs;
    if (repeatedMs < Math.min(nextMs, begunMs + (trigger.repetitionDurationMs ?? Infinity))) return repeatedMs;
  }
  return nextMs === Infinity ? undefined : nextMs;
};

/**
 * Where a trigger of a task stands that was just registered: starts before now do not come, but the only start of a trigger at a time where the
 * task wants missed ones.
 */
export const registeredTrigger = (
  { atMs, kind, delayMs, repetitionMs }: TaskTrigger,
  { definition, lastRunMs }: ScheduledTask,
  now: { readonly monotonicMs: number; readonly wallMs: number },
): TriggerState => {
  if (atMs === undefined || kind === 'startup' || kind === 'logon')
    return { startMs: undefined, doneMs: now.monotonicMs };
  const startMs = now.monotonicMs + atMs - now.wallMs + delayMs;
  const isMadeUpFor =
    definition.settings.startWhenAvailable && kind === 'once' && repetitionMs === undefined && (lastRunMs ?? 0) < atMs;
  return { startMs, doneMs: isMadeUpFor ? Math.min(now.monotonicMs, startMs - 1) : now.monotonicMs };
};

/** Where the trigger of a place in the definition stands. */
export const stateOf = ({ triggers }: ScheduledTask, at: number): TriggerState =>
  triggers[at] ?? { startMs: undefined, doneMs: 0 };
