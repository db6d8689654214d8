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
  readonly kinds: readonly string[];
  readonly crashes: readonly CrashPoint[];
};

/** A host of the demo and what its run comes to when nobody is killed. */
export type Undisturbed = { readonly host: string; readonly spec: HostSpec; readonly outcome: CrashOutcome };

/** The hosts of the demo by name. */
export function demoHosts(): LabSpec['hosts'] {
  const lab = readLab<LabSpec>(demoLabFile);
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

const caseAt =
  (host: string) =>
  ({ host: chain, seq, kind }: JournalEvent): CrashCase => ({ host, kinds: [kind], crashes: [{ host: chain, seq }] });

/** Events that workers write: the launch is written by whoever launches. */
const ofWorkers = ({ outcome }: Undisturbed): readonly JournalEvent[] =>
  [...outcome.runEvents, ...outcome.events].filter(({ kind }) => kind !== 'runLaunched');

/** A kill at every event of every host. */
export function everyEvent(runs: readonly Undisturbed[]): readonly CrashCase[] {
  return runs.flatMap((run) => ofWorkers(run).map(caseAt(run.host)));
}

/** A kill at the first event of every kind that the demo produces, and at every event inside the applying and the undoing of any host. */
export function everyKind(runs: readonly Undisturbed[]): readonly CrashCase[] {
  const seen = new Set<string>();
  return runs.flatMap((run) =>
    ofWorkers(run)
      .filter((event) => {
        const isNew = !seen.has(event.kind);
        seen.add(event.kind);
        return isNew || isInside(event);
      })
      .map(caseAt(run.host)),
  );
}

/** Whether a kill behind this event falls between the beginning of a step's changes (or of their undoing) and its end. */
function isInside({ kind }: JournalEvent): boolean {
  return ['stepBegun', 'stepStillRunning', 'stepApplied', 'stepFailed', 'undoBegun', 'changesUndone'].includes(kind);
}

/** Three kills on the same host run: when the first step begins, when the next worker holds the claim, and when it works again. */
export function threeKills({ host, outcome }: Undisturbed): CrashCase {
  const first = outcome.events.find(({ kind }) => kind === 'stepBegun')?.seq ?? 0;
  const crashes = [first, first + 4, first + 9].map((seq) => ({ host, seq }));
  return { host, kinds: ['three kills'], crashes };
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

/** What a case has done otherwise than the undisturbed run; empty where everything is as promised. */
export async function tryCrash(
  fleet: Fleet,
  runs: readonly Undisturbed[],
  each: CrashCase,
): Promise<readonly string[]> {
  const run = runs.find(({ host }) => host === each.host);
  if (run === undefined) throw new RangeError(`no host ${each.host}`);
  const expected = run.outcome;
  const outcome = await runCrashCase(fleet, each.host, run.spec, each.crashes);
  const name = `${each.host}, killed at ${each.crashes.map(({ host, seq }) => `${host === runChain ? 'run' : 'host'} event ${seq}`).join(', ')} (${each.kinds.join(', ')})`;
  const faults = [...outcome.faults];
  if (outcome.kills !== each.crashes.length) faults.push(`${outcome.kills} workers were killed`);
  if (outcome.end.end !== expected.end.end) faults.push(`ended ${outcome.end.end}: ${outcome.end.reason}`);
  for (const what of ['standing', 'differences'] as const) {
    const [is, was] = [new Set(outcome[what]), new Set(expected[what])];
    for (const entry of is)
      if (!was.has(entry)) faults.push(`${what}: ${entry}, which is not so in the undisturbed run`);
    for (const entry of was) if (!is.has(entry)) faults.push(`${what}: not ${entry}, as in the undisturbed run`);
  }
  return faults.map((fault) => `${name}: ${fault}`);
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
