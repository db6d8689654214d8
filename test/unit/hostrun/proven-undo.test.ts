import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/journal/event.ts';
import { type FakeStep, FakeWorld } from './fake-world.ts';
import { type PlanForTests, planFor } from './plan-for.ts';
import { type Story, tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });
const ab = [[{ id: 'a' }], [{ id: 'b' }]];

/** Does something to the host right after an event of this kind, while a run is under way. */
const meanwhile =
  (work: () => unknown, after = 'undoBegun') =>
  (events: readonly JournalEvent[]) => {
    if (events.at(-1)?.kind === after) work();
    return {};
  };

async function tell(options: PlanForTests, world: FakeWorld, more: Partial<Story> = {}) {
  const told = await tellStory({ plan: planFor(options), world, ...more });
  if (told.result.kind !== 'ended') throw new Error(`not ended: ${told.result.kind}`);
  return { ...told, end: told.result.end, kinds: told.events.map(({ kind }) => kind) };
}

describe('what proves an undo', () => {
  it('needs-hands: the facts after a rollback are not those from before', async () => {
    const world = new FakeWorld({ mood: 'calm' }, { a: { changes: [set('one')], verifyFails: true } });
    const { end } = await tell({ stages: [[{ id: 'a', touches: { files: ['a', 'mood'] } }]] }, world, {
      orders: meanwhile(() => world.values.set('mood', 'stirred')),
    });
    expect(end).toMatchObject({ end: 'needs-hands', host: 'unknown', cause: 'undo-incomplete' });
    expect(end.reason).toMatch(/value:mood was calm, is stirred\. As before: 0 of 1 facts\.$/);
  });

  it('needs-hands: many facts differ; five are named and the others counted', async () => {
    const moods = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'];
    const world = new FakeWorld({}, { a: { changes: [set('one')], verifyFails: true } });
    const { end, events } = await tell({ stages: [[{ id: 'a', touches: { files: ['a', ...moods] } }]] }, world, {
      orders: meanwhile(() => moods.forEach((mood) => world.values.set(mood, 'stirred'))),
    });
    expect(end.reason).toContain('value:m5 was absent, is stirred; 2 more facts differ.');
    const compared = events.flatMap((event) => (event.kind === 'factsCompared' ? [event.data] : []));
    expect(compared.map(({ differences }) => differences.length)).toEqual([7]);
  });

  it('rolled-back: every fact is as before, and the end says how many there are', async () => {
    const before = { one: 'old', two: 'old', three: 'old' };
    const world = new FakeWorld(before, { a: { changes: [set('one'), set('two'), set('three')], verifyFails: true } });
    const { end } = await tell({ stages: [[{ id: 'a' }]] }, world);
    expect(end).toMatchObject({ end: 'rolled-back', host: 'as-before' });
    expect(end.reason).toMatch(/3 changes were undone, newest first\. As before: 3 of 3 facts\.$/);
  });

  it('rolled-back: steps that name nothing they touch are not said to be as before', async () => {
    const world = new FakeWorld({}, { a: { changes: [set('one')], verifyFails: true } });
    const { end } = await tell({ stages: [[{ id: 'a', touches: {} }]] }, world);
    expect(end.reason).toMatch(/1 change was undone\. No step names a fact to compare\.$/);
  });

  it('partly-rolled-back: only what the step of a change without inverse touches may differ', async () => {
    const steps: { readonly [step: string]: FakeStep } = {
      a: { changes: [set('one')] },
      b: { changes: [{ ...set('two'), irreversible: 'no way back' }], verifyFails: true },
    };
    const world = new FakeWorld({ one: 'old', two: 'old' }, steps);
    const { end, events } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'partly-rolled-back', host: 'as-before-except' });
    expect(end.reason).toContain('As before: 1 of 2 facts.');
    expect(events.findLast(({ kind }) => kind === 'factsCompared')?.data).toEqual({
      compared: 2,
      differences: [{ name: 'value:two', before: 'old', after: 'new', step: 'b' }],
    });
    expect(events.findLast(({ kind }) => kind === 'changesUndone')?.data).toMatchObject({
      irreversible: [{ target: 'two', step: 'b' }],
    });
  });

  it('needs-hands: a change that stays does not account for what another step touches', async () => {
    const steps: { readonly [step: string]: FakeStep } = {
      a: { changes: [set('one')] },
      b: { changes: [{ ...set('two'), irreversible: 'no way back' }], verifyFails: true },
    };
    const world = new FakeWorld({ one: 'old', two: 'old' }, steps);
    const { end } = await tell({ stages: ab }, world, {
      orders: meanwhile(() => world.values.set('one', 'stirred'), 'changesUndone'),
    });
    expect(end).toMatchObject({ end: 'needs-hands', host: 'unknown' });
    expect(end.reason).toContain('value:one was old, is stirred. As before: 0 of 2 facts.');
  });

  it('needs-hands: an undo that breaks as a whole is followed by the facts all the same', async () => {
    const world = new FakeWorld({ one: 'old' }, { a: { changes: [set('one')], verifyFails: true } });
    world.undoBroken = true;
    const { end } = await tell({ stages: [[{ id: 'a' }]] }, world);
    expect(end).toMatchObject({ end: 'needs-hands', cause: 'undo-incomplete' });
    expect(end.reason).toContain(
      'The undo ended with an error: the undo broke; value:one was old, is new. As before: 0 of 1 facts.',
    );
  });

  it('needs-hands: facts that cannot be read again prove nothing, whether or not the undo went well', async () => {
    for (const undoBroken of [false, true]) {
      const world = new FakeWorld({ one: 'old' }, { a: { changes: [set('one')], verifyFails: true } });
      Object.assign(world, { undoBroken, factsBroken: true });
      const { end } = await tell({ stages: [[{ id: 'a' }]] }, world);
      expect(end).toMatchObject({
        end: 'needs-hands',
        host: 'unknown',
        cause: undoBroken ? 'undo-incomplete' : 'facts-unread',
      });
      expect(end.reason).toContain('the facts could not be read again: access denied');
    }
  });
});
