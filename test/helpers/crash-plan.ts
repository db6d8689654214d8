import { demoLabFile } from '../../src/compose/lab-session.ts';
import { readLab } from '../../src/input/lab/read-lab.ts';
import type { JournalEvent } from '../../src/journal/event.ts';
import { runChain } from '../../src/journal/event.ts';
import type { HostSpec, LabSpec } from '../../src/lab/faults/lab-spec.ts';
import { type CrashOutcome, runCrashCase } from './crash-case.ts';
import { type CrashPoint, type Fleet, openFleet } from './fleet.ts';

/** One run of the demo's playbook on one of its hosts, with the points at which workers are killed. */
export type CrashCase = {
  readonly host: string;
  readonly crashes: readonly CrashPoint[];
};

/** A host of the demo and what its run comes to when nobody is killed. */
export type Undisturbed = { readonly host: string; readonly spec: HostSpec; readonly outcome: CrashOutcome };

/** The hosts of the demo by name. */
export function demoHosts(): LabSpec['hosts'] {
  const lab = readLab(demoLabFile, () => []);
  if (!lab.ok) throw new Error('the lab of the demo cannot be read');
  return lab.value.hosts;
}

/** Runs each host of the demo once without any kill. */
export async function runUndisturbed(fleets: readonly Fleet[]): Promise<readonly Undisturbed[]> {
  const hosts = Object.entries(demoHosts());
  return await inLanes(fleets, hosts, async (fleet, [host, spec]) => ({
    host,
    spec,
    outcome: await runCrashCase(fleet, host, spec, []),
  }));
}

/** One kill behind each of these events of one chain. */
function casesAt(
  host: string,
  events: readonly JournalEvent[],
): readonly (CrashCase & { readonly event: JournalEvent })[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    const { host: chain, kind } = event;
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    return { host, event, crashes: [{ host: chain, kind, nth }] };
  });
}

/** A kill at every event of every host that a worker writes; the launch is written by whoever launches. */
export function everyEvent(runs: readonly Undisturbed[]) {
  return runs
    .flatMap(({ host, outcome }) => [...casesAt(host, outcome.runEvents), ...casesAt(host, outcome.events)])
    .filter(({ event }) => event.kind !== 'runLaunched');
}

/** A kill at the first event of every kind that the demo produces, and at every event inside the applying and the undoing of any host. */
export function everyKind(runs: readonly Undisturbed[]) {
  const seen = new Set<string>();
  return everyEvent(runs).filter(({ event }) => {
    const isNew = !seen.has(event.kind);
    seen.add(event.kind);
    return isNew || isInside(event);
  });
}

/** Whether a kill behind this event falls between the beginning of a step's changes (or of their undoing) and its end. */
function isInside({ kind }: JournalEvent): boolean {
  return ['stepBegun', 'stepStillRunning', 'stepApplied', 'stepFailed', 'undoBegun', 'changesUndone'].includes(kind);
}

/** Three kills on the same host run: where the first step begins, where the next worker has read the ledger, and where the third takes the claim. */
export function threeKills({ host }: Undisturbed): CrashCase {
  const kinds = ['stepBegun', 'ledgerRead', 'claimTaken'];
  return { host, crashes: kinds.map((kind) => ({ host, kind, nth: 1 })) };
}

/** Does one thing for each of the items, as many at a time as there are fleets; the results in the order of the items. */
export async function inLanes<T, R>(
  fleets: readonly Fleet[],
  items: readonly T[],
  work: (fleet: Fleet, item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  await Promise.all(
    fleets.map(async (fleet) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        results[next[0]] = await work(fleet, next[1]);
    }),
  );
  return results;
}

/** How a case came out. */
export type CrashResult = {
  readonly kills: number;
  /** What was otherwise than in the undisturbed run; empty where everything is as promised. */
  readonly faults: readonly string[];
};

/** Events of waiting: how often they come depends on how quick the machine is, so a later one may not come at all. */
const waiting = ['waitBegun', 'waitEnded', 'protectionRunning', 'stepStillRunning'];

/** Without what Windows made anew while services were to be down, which the way back sets aside: that depends on how long the host was left. */
const timeless = (entries: readonly string[]): ReadonlySet<string> =>
  new Set(entries.filter((entry) => !entry.includes('.kintsugi-rejected-<run>')));

/** Runs a case and compares it with the undisturbed run. */
export async function tryCrash(fleet: Fleet, runs: readonly Undisturbed[], each: CrashCase): Promise<CrashResult> {
  const run = runs.find(({ host }) => host === each.host);
  if (run === undefined) throw new RangeError(`no host ${each.host}`);
  const expected = run.outcome;
  const outcome = await runCrashCase(fleet, each.host, run.spec, each.crashes);
  const faults = [...outcome.faults];
  const mayMiss = each.crashes.every(({ kind, nth }) => nth > 1 && waiting.includes(kind));
  if (outcome.kills !== each.crashes.length && !mayMiss) faults.push(`${outcome.kills} workers were killed`);
  if (outcome.end.end !== expected.end.end) faults.push(`ended ${outcome.end.end}: ${outcome.end.reason}`);
  for (const what of ['standing', 'differences'] as const) {
    const [is, was] = [timeless(outcome[what]), timeless(expected[what])];
    for (const entry of is)
      if (!was.has(entry)) faults.push(`${what}: ${entry}, which is not so in the undisturbed run`);
    for (const entry of was) if (!is.has(entry)) faults.push(`${what}: not ${entry}, as in the undisturbed run`);
  }
  const points = each.crashes.map(({ host, kind, nth }) => `${host === runChain ? 'run' : 'host'} ${kind} ${nth}`);
  return {
    kills: outcome.kills,
    faults: faults.map((fault) => `${each.host}, killed at ${points.join(', ')}: ${fault}`),
  };
}

/** Opens so many fleets; they end together. */
export async function openFleets(count: number): Promise<AsyncDisposable & { readonly fleets: readonly Fleet[] }> {
  const fleets = await Promise.all(Array.from({ length: count }, () => openFleet()));
  return {
    fleets,
    async [Symbol.asyncDispose]() {
      for (const fleet of fleets) await fleet[Symbol.asyncDispose]();
    },
  };
}
