import { defaultLimits } from '../hostrun/limits.ts';
import { plannedStep } from '../hostrun/state.ts';
import { type JournalEvent, runChain } from '../journal/event.ts';
import type { HostEnd } from '../journal/event-data.ts';
import { Failure } from '../kernel/failure.ts';
import type { LocalText } from '../kernel/words.ts';
import type { Plan } from '../planning/plan.ts';
import type { Engine } from './engine.ts';
import { requireRun } from './give-order.ts';
import { readPlan } from './read-plan.ts';

/** One host of a run at a glance. */
type HostStatus = {
  readonly host: string;
  /** Kind of the last event, or `not-started`. */
  readonly last: string;
  readonly lastAt: string | null;
  /** The step that was begun last. */
  readonly step: string | null;
  /** A script of a step that is under way and is not ended by a cancel: when it is given up at the latest. */
  readonly heldUntil: string | null;
  readonly end: HostEnd | null;
};

/** A run at a glance. */
export type RunStatus = {
  readonly run: string;
  readonly playbook: { readonly id: string; readonly title: LocalText };
  readonly launchedBy: string;
  readonly launchedAt: string;
  readonly state: 'running' | 'ended';
  readonly hosts: readonly HostStatus[];
  readonly refusals: readonly {
    readonly at: string;
    readonly host: string;
    readonly what: string;
    readonly reason: string;
  }[];
};

/** Status of one run; also of one whose plan was refused, so that the refusal is seen. @throws Failure `unknown-run` */
export async function readRunStatus(engine: Engine, run: string): Promise<RunStatus> {
  const launch = await requireRun(engine, run);
  const own = await engine.journal.read(run, runChain);
  const plan = await readPlan(engine, launch).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'work-refused') return null;
    throw error;
  });
  const names = plan?.hosts.map(({ id }) => id) ?? launch.connections.map(({ host }) => host);
  const ends = await engine.runs.ends(run);
  const chains = await Promise.all(names.map((host) => engine.journal.read(run, host)));
  const hosts = names.map((id, index) => hostStatus(id, chains[index] ?? [], ends.get(id) ?? null, plan));
  const id = own.flatMap((event) => (event.kind === 'runLaunched' ? [event.data.playbook] : []))[0] ?? '';
  return {
    run,
    playbook: plan === null ? { id, title: { en: id } } : { id: plan.playbook.id, title: plan.playbook.title },
    launchedBy: launch.launchedBy,
    launchedAt: launch.launchedAt,
    state: hosts.every(({ end }) => end !== null) ? 'ended' : 'running',
    hosts,
    refusals: own.flatMap((event) =>
      event.kind === 'workRefused' ? [{ at: event.at, host: event.host, ...event.data }] : [],
    ),
  };
}

/** Status of all runs, oldest first. */
export async function readStatus(engine: Engine): Promise<readonly RunStatus[]> {
  const statuses: RunStatus[] = [];
  for (const run of await engine.runs.runs()) statuses.push(await readRunStatus(engine, run));
  return statuses;
}

function hostStatus(host: string, events: readonly JournalEvent[], end: HostEnd | null, plan: Plan | null): HostStatus {
  const last = events.at(-1);
  // What was only surveyed or detected is no step that the host stands at.
  const begun = events.findLast((event) => event.kind === 'stepBegun');
  const isUnderWay = last !== undefined && (last === begun || last.kind === 'stepStillRunning');
  return {
    host,
    last: last?.kind ?? 'not-started',
    lastAt: last?.at ?? null,
    step: begun?.data.step ?? null,
    heldUntil: plan !== null && begun !== undefined && isUnderWay ? heldUntil(plan, begun.data.step, begun.at) : null,
    end,
  };
}

function heldUntil(plan: Plan, step: string, begunAt: string): string | null {
  const { interruptible, longestMs } = plannedStep(plan, step).action;
  return interruptible ? null : new Date(Date.parse(begunAt) + longestMs + defaultLimits.graceMs).toISOString();
}
