import { expect, test } from 'vitest';
import type { JournalEvent } from '../../../src/journal/event.ts';
import { followRun } from '../../../src/operations/follow.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { tellStory } from '../hostrun/simulate.ts';
import { engineOf } from '../report/report-of.ts';

const plan = planFor({ stages: [[{ id: 'a' }]] });
const story = { plan, world: new FakeWorld({}, { a: { changes: [{ target: 'goal', value: 'fixed' }] } }) };
const { events } = await tellStory(story);

/** Follows the run as far as its journal holds it. */
async function follow(
  known: readonly JournalEvent[],
  request: { readonly host?: string; readonly untilEnd?: boolean },
  onEvent: (event: JournalEvent) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<readonly JournalEvent[]> {
  const seen: JournalEvent[] = [];
  const note = (event: JournalEvent) => {
    seen.push(event);
    onEvent(event);
  };
  await followRun(engineOf(plan, known), { run: 'run-1', pollMs: 1, ...request }, note, signal);
  return seen;
}

test('every event of an ended run is handed over once, in the order of its chain, that of the run first', async () => {
  const seen = await follow(events, {});
  expect(seen.filter(({ host }) => host === 'pc1')).toEqual(events);
  expect(seen.slice(0, 2).map(({ kind }) => kind)).toEqual(['runLaunched', 'batchStarted']);
});

test('of one host only its own events', async () => {
  expect(await follow(events, { host: 'pc1' })).toEqual(events);
});

test('a run under way is handed over as far as it is, and left there where its end is not waited for', async () => {
  expect(await follow(events.slice(0, 5), { host: 'pc1', untilEnd: false })).toEqual(events.slice(0, 5));
});

test('a run under way is followed until the reader stops', async () => {
  const stop = new AbortController();
  const seen = await follow(events.slice(0, 5), { host: 'pc1' }, ({ seq }) => seq === 4 && stop.abort(), stop.signal);
  expect(seen).toEqual(events.slice(0, 5));
});

test('a host that is not of the run, and a run that is none, are told', async () => {
  await expect(follow(events, { host: 'pc9' })).rejects.toMatchObject({
    code: 'bad-input',
    message: 'Run run-1 has no host "pc9"; its hosts: pc1.',
  });
  const nobody = followRun(engineOf(plan, events), { run: 'run-9' }, () => undefined, new AbortController().signal);
  await expect(nobody).rejects.toMatchObject({ code: 'unknown-run' });
});
