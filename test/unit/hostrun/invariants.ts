import { expect } from 'vitest';
import { foldJournal } from '../../../src/hostrun/decide.ts';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { initialState } from '../../../src/hostrun/state.ts';
import { verifyChain } from '../../../src/journal/hash-chain.ts';
import type { FakeWorld } from './fake-world.ts';
import type { Scenario } from './scenarios.ts';
import type { Told } from './simulate.ts';
import { undeclaredTransitions } from './transitions.ts';

/** Holds everything that must be true after every host run, whatever went wrong on its way (I1, I2, I3, I8, I9, I10). */
export function expectInvariants(scenario: Scenario, world: FakeWorld, told: Told, note: string): void {
  const { result, events } = told;
  expect(result.kind, note).toBe('ended');
  if (result.kind !== 'ended') return;
  const { end, host } = result.end;
  expect(scenario.ends, `${note}: ${JSON.stringify(result.end)}`).toContain(end);
  // I1 and I2 are watched by the machine itself at every single change.
  expect(world.violations, note).toEqual([]);
  // I3: the values tell whether everything was put back.
  if (host === 'as-before' || host === 'untouched') expect(world.isAsBefore(), `${note}: as before`).toBe(true);
  // Proven undo: whoever says `as before` after an undo has compared facts and found no difference that nothing accounts for.
  const undone = events.findLastIndex((event) => event.kind === 'undoBegun' && event.data.step === null);
  const compared = events.findLast((event) => event.kind === 'factsCompared')?.data;
  if (undone >= 0 && host !== 'unknown') {
    expect(compared, `${note}: compared`).toMatchObject({ compared: expect.any(Number) });
    const strange = compared?.differences.filter(({ step }) => step === undefined);
    expect(strange, `${note}: differences`).toEqual([]);
    if (host === 'as-before') expect(compared?.differences, `${note}: differences`).toEqual([]);
  }
  if (end === 'repaired') expect(world.values.get('goal'), note).toBe('fixed');
  if (host === 'as-before-except') {
    const changed = [...world.values].filter(([name, value]) => world.initial.get(name) !== value);
    expect([[], [['two', 'new']]], note).toContainEqual(changed);
  }
  // What is told as undone was undone once.
  const putBack = events.flatMap((event) =>
    event.kind === 'changesUndone' ? event.data.changes.flatMap(({ seq, ok }) => (ok ? [seq] : [])) : [],
  );
  expect(putBack, `${note}: undone`).toEqual([...new Set(putBack)]);
  // I9: what was weakened meanwhile is restored and the claim is given back.
  expect([...world.weakened], note).toEqual([]);
  expect(
    [...world.ledgers.keys()].filter((run) => world.claimOf(run).open),
    note,
  ).toEqual([]);
  expect(
    world.orphans.filter(({ alive }) => alive),
    note,
  ).toEqual([]);
  expect(undeclaredTransitions(scenario.plan, events), note).toEqual([]);
  // I10, and the journal alone tells the end.
  expect(verifyChain(events, { run: 'run-1', host: 'pc1' }), note).toBeNull();
  expect(foldJournal(initialState(scenario.plan, 'pc1', defaultLimits), events).state.end, note).toEqual(result.end);
}
