import { type JournalEvent, runChain } from '../journal/event.ts';
import { waiversOf } from '../planning/describe-plan.ts';
import type { HostReport, RunFigures, RunReport } from '../report/run-report.ts';
import type { Engine } from './engine.ts';
import { foldHost } from './fold-host.ts';
import { requireRun } from './give-order.ts';
import { readPlan } from './read-plan.ts';

/** A run as its journals tell it, ended or not. @throws Failure `unknown-run` */
export async function readRunReport(engine: Engine, run: string): Promise<RunReport> {
  const launch = await requireRun(engine, run);
  const plan = await readPlan(engine, launch);
  const ends = await engine.runs.ends(run);
  const own = await engine.journal.read(run, runChain);
  const hosts: HostReport[] = [];
  const refusals = refusalsOf(own);
  for (const { id: host } of plan.hosts) {
    const { hash: head } = await engine.journal.head(run, host);
    const events = await engine.journal.read(run, host);
    hosts.push(foldHost(plan, { run, host, head }, events));
  }
  const ended = plan.hosts.every(({ id }) => ends.has(id));
  const endedAt = ended
    ? (hosts
        .map((each) => each.endedAt ?? '')
        .toSorted()
        .at(-1) ?? null)
    : null;
  return {
    kintsugi: 'report/v1',
    run,
    planDigest: launch.planDigest,
    playbook: { id: plan.playbook.id, title: plan.playbook.title },
    launchedBy: launch.launchedBy,
    launchedAt: launch.launchedAt,
    ticket: launch.ticket,
    waivers: waiversOf(plan),
    state: ended ? 'ended' : 'running',
    endedAt,
    orders: own.flatMap((event) => (event.kind === 'orderGiven' ? [{ at: event.at, ...event.data }] : [])),
    refusals,
    hosts,
    figures: figuresOf(hosts, launch.launchedAt, endedAt),
  };
}

function refusalsOf(events: readonly JournalEvent[]): RunReport['refusals'] {
  return events.flatMap((event) =>
    event.kind === 'workRefused' ? [{ at: event.at, host: event.host, ...event.data }] : [],
  );
}

function figuresOf(hosts: readonly HostReport[], launchedAt: string, endedAt: string | null): RunFigures {
  const ends: Record<string, number> = {};
  for (const { end } of hosts) if (end !== null) ends[end.end] = (ends[end.end] ?? 0) + 1;
  const sum = (count: (host: HostReport) => number) => hosts.reduce((total, host) => total + count(host), 0);
  return {
    hosts: hosts.length,
    ended: hosts.filter(({ end }) => end !== null).length,
    ends,
    changesMade: sum(changesMade),
    changesUndone: sum(({ undo }) => undo?.changes.filter(({ ok }) => ok).length ?? 0),
    reboots: sum(({ reboots }) => reboots),
    durationMs: endedAt === null ? null : Date.parse(endedAt) - Date.parse(launchedAt),
  };
}

/** Changes that were made, put back or not, each counted once by its number in the ledger. */
function changesMade({ stages, undo }: HostReport): number {
  const made = stages.flatMap(({ steps }) => steps.flatMap(({ changes }) => changes.map(({ seq }) => seq)));
  return new Set([...made, ...(undo?.changes ?? []).map(({ seq }) => seq)]).size;
}
