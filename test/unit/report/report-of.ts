import type { JournalEvent } from '../../../src/journal/event.ts';
import type { HostEnd } from '../../../src/journal/event-data.ts';
import { emptyHead, headAfter, sealEvent } from '../../../src/journal/hash-chain.ts';
import type { JournalStore } from '../../../src/journal/journal-store.ts';
import { canonicalJson, digestOf } from '../../../src/kernel/canonical-json.ts';
import type { Engine } from '../../../src/operations/engine.ts';
import { readRunReport } from '../../../src/operations/report.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import type { HostReport, RunReport } from '../../../src/report/run-report.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { scenarios } from '../hostrun/scenarios.ts';
import { type Story, type Told, tellStory } from '../hostrun/simulate.ts';

const launchedAt = '1970-01-12T13:46:39.000Z';

/** The run's own chain as a launch leaves it, with an order and a refusal. */
function runChainOf(run: string, plan: Plan): readonly JournalEvent[] {
  const bodies = [
    {
      kind: 'runLaunched' as const,
      data: {
        planDigest: digestOf(plan),
        playbook: plan.playbook.id,
        hosts: plan.hosts.length,
        batches: plan.batches.length,
        launchedBy: 'ops',
        ticket: 'CHG-7',
      },
    },
    { kind: 'batchStarted' as const, data: { batch: 1, hosts: plan.hosts.map(({ id }) => id) } },
    { kind: 'orderGiven' as const, data: { order: 'cancel' as const, mode: 'rollback' as const, orderedBy: 'ops' } },
    { kind: 'workRefused' as const, data: { what: 'order' as const, reason: 'no trusted key signed it' } },
  ];
  return bodies.reduce<readonly JournalEvent[]>((events, body) => {
    const last = events.at(-1);
    const head = last === undefined ? emptyHead : headAfter(last);
    return [...events, sealEvent({ run, host: '*' }, head, Date.parse(launchedAt), body)];
  }, []);
}

/** An engine that holds one run whose host `pc1` has the given journal; everything else is out of reach. */
export function engineOf(plan: Plan, events: readonly JournalEvent[], run = 'run-1'): Engine {
  const beyond = async (): Promise<never> => {
    throw new Error('this engine only reads');
  };
  const chains = new Map([
    ['*', runChainOf(run, plan)],
    ['pc1', events],
  ]);
  const last = events.findLast(({ kind }) => kind === 'hostRunEnded');
  const ends: ReadonlyMap<string, HostEnd> = new Map(last?.kind === 'hostRunEnded' ? [['pc1', last.data]] : []);
  const journal: JournalStore = {
    read: async (_run, host) => chains.get(host) ?? [],
    head: async (_run, host) => {
      const tail = chains.get(host)?.at(-1);
      return tail === undefined ? emptyHead : headAfter(tail);
    },
    chains: async () => [...chains.keys()],
    append: beyond,
    trim: beyond,
  };
  const document = {
    kintsugi: 'launch/v1' as const,
    run,
    planDigest: digestOf(plan),
    connections: [],
    launchedBy: 'ops',
    launchedAt,
    ticket: 'CHG-7',
  };
  return {
    journal,
    blobs: { put: beyond, get: async (hash) => (hash === digestOf(plan) ? canonicalJson(plan) : null) },
    runs: {
      addLaunch: beyond,
      readLaunch: async (asked) => (asked === run ? { document, keyId: 'key', signature: 'signature' } : null),
      runs: async () => [run],
      addOrder: beyond,
      readOrders: async () => [],
      noteEnd: beyond,
      ends: async () => ends,
      reopen: beyond,
      noteMachine: beyond,
    },
    wake: { coordinator: beyond, host: beyond },
    now: () => 0,
  };
}

/** The report of a story, read as the product reads it. */
export async function reportOfStory(story: Story): Promise<{ readonly report: RunReport; readonly told: Told }> {
  const told = await tellStory(story);
  return { report: await readRunReport(engineOf(story.plan, told.events), 'run-1'), told };
}

/** The report of a named scenario of the host run's tests. */
export async function reportOf(name: string): Promise<RunReport> {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return (await reportOfStory({ ...scenario, world: scenario.world() })).report;
}

/** The report of a host that a preflight check keeps from being touched. */
export async function blockedReport(): Promise<RunReport> {
  const world = new FakeWorld({}, { a: { changes: [] } });
  world.pendingReboot = ['servicing'];
  return (await reportOfStory({ plan: planFor({ stages: [[{ id: 'a' }]] }), world })).report;
}

/** The only host of a report. */
export function hostOf(report: RunReport): HostReport {
  const [host] = report.hosts;
  if (host === undefined) throw new Error('the report has no host');
  return host;
}

/** Several one-host reports as the report of one run; hosts get the given names. */
export function joined(reports: { readonly [host: string]: RunReport }): RunReport {
  const [first] = Object.values(reports);
  if (first === undefined) throw new Error('no reports');
  const hosts = Object.entries(reports).map(([host, report]) => ({ ...hostOf(report), host }));
  const ends: Record<string, number> = {};
  for (const { end } of hosts) if (end !== null) ends[end.end] = (ends[end.end] ?? 0) + 1;
  return { ...first, hosts, figures: { ...first.figures, hosts: hosts.length, ended: hosts.length, ends } };
}
