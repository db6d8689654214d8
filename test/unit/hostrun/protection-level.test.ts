import { describe, expect, it } from 'vitest';
import { type FakeStep, FakeWorld } from './fake-world.ts';
import { type PlanForTests, planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });
const steps: { readonly [step: string]: FakeStep } = {
  a: { changes: [set('one')] },
  b: { changes: [set('two'), set('goal', 'fixed')] },
};
const waivers = [{ step: 'b', reason: 'CHG-7: full backup of last night' }];

async function tell(options: PlanForTests, world: FakeWorld) {
  const told = await tellStory({ plan: planFor(options), world });
  if (told.result.kind !== 'ended') throw new Error(`not ended: ${told.result.kind}`);
  return { ...told, end: told.result.end, kinds: told.events.map(({ kind }) => kind) };
}

describe('the protection level that a step asks for', () => {
  it('refuses a host that cannot have it, before anything is on the host, and names step and remedy', async () => {
    const world = new FakeWorld({}, steps);
    const { end, kinds } = await tell({ stages: [[{ id: 'a' }, { id: 'b', protect: 'L4' }]] }, world);
    expect(end).toMatchObject({ end: 'blocked', host: 'untouched', cause: 'protection-level' });
    expect(end.reason).toMatch(/^`b` asks for protection level L4, which this host cannot have: /);
    expect(end.remedy).toContain('`--waive b --reason …`');
    expect(kinds).not.toContain('claimSought');
    expect(world.ledgers.size).toBe(0);
  });

  it('names every step that asks for it', async () => {
    const stages = [[{ id: 'a', protect: 'L4' } as const, { id: 'b', protect: 'L4' } as const]];
    const { end } = await tell({ stages }, new FakeWorld({}, steps));
    expect(end.reason).toMatch(/^`a`, `b` ask for protection level L4/);
    expect(end.remedy).toContain('`--waive a --waive b --reason …`');
  });

  it('counts for nothing where the launch waives it: the level of the playbook holds then', async () => {
    const world = new FakeWorld({}, steps);
    const { end, events } = await tell({ stages: [[{ id: 'a' }, { id: 'b', protect: 'L4' }]], waivers }, world);
    expect(end).toMatchObject({ end: 'repaired' });
    expect(events.findLast(({ kind }) => kind === 'protectionMade')?.data).toMatchObject({ method: 'restore-point' });
    expect(world.violations).toEqual([]);
  });

  it('is waived for that step alone', async () => {
    const stages = [[{ id: 'a', protect: 'L4' } as const, { id: 'b', protect: 'L4' } as const]];
    const { end } = await tell({ stages, waivers }, new FakeWorld({}, steps));
    expect(end.reason).toMatch(/^`a` asks for protection level L4/);
  });

  it('does not keep a host from being repaired on which the step has nothing to do', async () => {
    const { end } = await tell(
      { stages: [[{ id: 'a', protect: 'L4' }, { id: 'b' }]] },
      new FakeWorld({ one: 'new' }, steps),
    );
    expect(end).toMatchObject({ end: 'repaired' });
  });

  it('keeps a step from beginning that is needed only now, and what was done is put back (I2, I3)', async () => {
    // What `a` does makes `late` necessary, which the survey could not see.
    const world = new FakeWorld(
      { one: 'newer', goal: 'open' },
      { a: { changes: [set('one')] }, late: { changes: [set('one', 'newer')] } },
    );
    const { end, events } = await tell({ stages: [[{ id: 'a' }], [{ id: 'late', protect: 'L4' }]] }, world);
    expect(end).toMatchObject({ end: 'rolled-back', host: 'as-before', cause: 'failure' });
    expect(end.reason).toContain(
      '`late` is needed only now and asks for protection level L4; the host has L3 (restore-point).',
    );
    const begun = events.flatMap((event) => (event.kind === 'stepBegun' ? [event.data.step] : []));
    expect(begun).toEqual(['a']);
    expect(world.isAsBefore()).toBe(true);
  });

  it('makes a restore point where the playbook itself would do without one', async () => {
    const asked = async (protect: 'L2' | 'L3') => {
      const told = await tell({ stages: [[{ id: 'a', protect }, { id: 'b' }]], level: 'L2' }, new FakeWorld({}, steps));
      return told.moments.find((moment) => moment.startsWith('before protect'));
    };
    expect([await asked('L2'), await asked('L3')]).toEqual(['before protect L2', 'before protect L3']);
  });

  it('names the step also where the host finds out by itself that it cannot be protected', async () => {
    const world = new FakeWorld({}, steps);
    world.noProtection = true;
    const { end } = await tell({ stages: [[{ id: 'a', protect: 'L3' }, { id: 'b' }]], level: 'L2' }, world);
    expect(end).toMatchObject({ end: 'blocked', host: 'untouched', cause: 'protection-level' });
    expect(end.reason).toBe('`a` asks for protection level L3, which this host cannot have: no space');
    expect(end.remedy).toMatch(/^make space Or back the host up/);
    expect(world.changesMade).toBe(0);
  });

  it('is no matter where the level of the playbook itself cannot be had: no waiver helps there', async () => {
    const world = new FakeWorld({}, steps);
    world.noProtection = true;
    const { end } = await tell({ stages: [[{ id: 'a', protect: 'L3' }, { id: 'b' }]] }, world);
    expect(end).toMatchObject({ end: 'blocked', cause: 'protection', reason: 'no space', remedy: 'make space' });
  });
});
