import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CrashCase,
  everyKind,
  inLanes,
  openFleets,
  runUndisturbed,
  threeKills,
  tryCrash,
  type Undisturbed,
} from '../helpers/crash-plan.ts';

/**
 * Worker processes are killed with SIGKILL right behind chosen events; another one takes the host run up. `npm run crash` does the same
 * at every event of every host.
 */
describe('a worker process that is killed', () => {
  let opened: Awaited<ReturnType<typeof openFleets>>;
  let runs: readonly Undisturbed[] = [];
  beforeAll(async () => {
    opened = await openFleets(3);
    runs = await runUndisturbed(opened.fleets);
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
  });
  const faultsOf = async (cases: readonly CrashCase[]) =>
    (await inLanes(opened.fleets, cases, (fleet, each) => tryCrash(fleet, runs, each))).flatMap(({ faults }) => faults);

  it('is not needed for the demo to end as promised', () => {
    const ends = Object.fromEntries(runs.map(({ host, outcome }) => [host, outcome.end.end]));
    expect(ends).toEqual({
      'w11-cache': 'repaired',
      'w11-clock': 'repaired',
      'srv-2022': 'rolled-back',
      'w11-healthy': 'unchanged',
      'w11-full': 'blocked',
    });
    expect(runs.flatMap(({ outcome }) => outcome.faults)).toEqual([]);
  });

  it('I1 I3 I10: at any kind of event, or inside apply and undo, leaves nothing undone, done twice or without record', async () => {
    const cases = everyKind(runs);
    const kinds = new Set(
      runs.flatMap(({ outcome }) => [...outcome.runEvents, ...outcome.events].map(({ kind }) => kind)),
    );
    expect(new Set([...cases.map(({ event }) => event.kind), 'runLaunched'])).toEqual(kinds);
    expect(cases.length).toBeGreaterThan(30);
    expect(await faultsOf(cases)).toEqual([]);
  });

  it('I1 I3: three times on the same host run changes nothing of its end', async () => {
    const cases = runs.filter(({ host }) => host === 'w11-cache' || host === 'srv-2022').map(threeKills);
    expect(cases).toHaveLength(2);
    expect(await faultsOf(cases)).toEqual([]);
  });
});
