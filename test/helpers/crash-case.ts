import type { JournalEvent } from '../../src/journal/event.ts';
import type { HostEnd } from '../../src/journal/event-data.ts';
import { verifyChain } from '../../src/journal/hash-chain.ts';
import type { HostSpec } from '../../src/lab/faults/lab-spec.ts';
import { kitFolder } from '../../src/lab/windows/kit-ledger.ts';
import { repeated, standing, unaccounted } from './change-timeline.ts';
import type { CrashPoint, Fleet } from './fleet.ts';

/** What a host run came to whose workers were killed on the way. */
export type CrashOutcome = {
  readonly end: HostEnd;
  readonly events: readonly JournalEvent[];
  readonly runEvents: readonly JournalEvent[];
  /** Workers that ended by SIGKILL. */
  readonly kills: number;
  /** What must be empty: breaks of I1, I3 and I10, in words. */
  readonly faults: readonly string[];
  /** Changes that stand at the end. */
  readonly standing: readonly string[];
  /** Paths and states that differ from before, the run's own name and times left out. */
  readonly differences: readonly string[];
};

/** Runs the demo's playbook on one fresh lab host; one worker after another is killed at the given points, the last goes on to the end. */
export async function runCrashCase(
  fleet: Fleet,
  name: string,
  spec: HostSpec,
  crashes: readonly CrashPoint[],
): Promise<CrashOutcome> {
  await using lab = await fleet.addLab({ [name]: spec });
  const run = await fleet.launch(lab);
  let kills = 0;
  for (const crash of crashes) {
    await using worker = await fleet.startWorker(`crashing-${kills + 1}`, { crash });
    // A run may end before a late crash point comes: then nothing is killed.
    const ended = fleet.untilRunEnded(run);
    await Promise.race([worker.ended, ended]);
    if (worker.process.signalCode === 'SIGKILL') kills += 1;
  }
  await using successor = await fleet.startWorker('successor');
  await fleet.untilRunEnded(run);
  successor.process.stdin?.end();
  const host = lab.host();
  const end = (await fleet.engine.runs.ends(run)).get(name);
  if (end === undefined) throw new Error(`no end of ${name}`);
  const { journal } = fleet.engine;
  const events = await journal.read(run, name);
  const runEvents = await journal.read(run, '*');
  const ledger = host.ledger(run);
  const faults = [
    ...unaccounted(host.repairs(), ledger.records),
    ...repeated(ledger.records),
    ...(ledger.broken ? ['the chain of the ledger is broken'] : []),
    ...(await brokenChains(fleet, run, ['*', name])),
  ];
  if (end.end === 'rolled-back' || end.end === 'unchanged' || end.end === 'blocked')
    faults.push(...host.unexpected().map((path) => `${path} is not as before`));
  return {
    end,
    events,
    runEvents,
    kills,
    faults,
    standing: standing(ledger.records),
    differences: host
      .differences()
      .filter(({ path }) => !path.startsWith(`file:${kitFolder}`))
      .map(({ path, after }) => nameless(`${path} ${stateOf(path, after)}`, run)),
  };
}

async function brokenChains(fleet: Fleet, run: string, chains: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const host of chains) {
    const { hash } = await fleet.engine.journal.head(run, host);
    const fault = verifyChain(await fleet.engine.journal.read(run, host), { run, host, head: hash });
    if (fault !== null) faults.push(`the journal of ${host} is broken at ${fault.seq}: ${fault.reason}`);
  }
  return faults;
}

/** A difference without what is another in every run: the run's id, ids of shadow copies. */
const nameless = (text: string, run: string): string =>
  text.replaceAll(run, '<run>').replace(/\{[0-9A-F]{8}-[0-9A-F-]{27}\}/g, '{id}');

/** The state of a difference as far as it is the same in every run: whether it is there, and a setting's value. */
function stateOf(path: string, after: string | undefined): string {
  if (after === undefined) return 'gone';
  return /^(service|registry|clock|feature|component)/.test(path) ? after : 'there';
}
