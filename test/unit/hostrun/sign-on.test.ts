import { describe, expect, it } from 'vitest';
import { FakeWorld } from './fake-world.ts';
import { type PlanForTests, planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';
import { undeclaredTransitions } from './transitions.ts';

const startMs = 1_000_000_000;
const set = (target: string, value = 'new') => ({ target, value });
const lanes = { detect: 'inline', apply: 'user', verify: 'inline', undo: 'user' } as const;
const everyLane = { detect: 'user', apply: 'user', verify: 'user', undo: 'user' } as const;
const minutes = (count: number) => count * 60_000;

/** A first step that needs nobody, and a second one whose apply works in a user's session. */
async function tell(
  options: Partial<PlanForTests>,
  userAt: FakeWorld['userAt'],
  values: { readonly [name: string]: string } = {},
) {
  const plan = planFor({ stages: [[{ id: 'a' }], [{ id: 'b', lanes }]], ...options });
  const world = new FakeWorld(values, { a: { changes: [set('one')] }, b: { changes: [set('goal', 'fixed')] } });
  world.userAt = userAt;
  const story = await tellStory({ plan, world, startMs, limits: { signOnLimitMs: minutes(20) } });
  expect(undeclaredTransitions(plan, story.events)).toEqual([]);
  return { ...story, world, kinds: story.events.map(({ kind }) => kind) };
}

describe('a step that works in the session of a signed-in user', () => {
  it('takes the first user it is told of, once, before the claim', async () => {
    const { result, events, kinds } = await tell({}, () => 'hanako');
    expect(result).toMatchObject({ end: { end: 'repaired' } });
    expect(kinds.filter((kind) => kind === 'userChosen')).toHaveLength(1);
    expect(kinds.indexOf('userChosen')).toBeLessThan(kinds.indexOf('claimSought'));
    expect(events.find(({ kind }) => kind === 'userChosen')).toMatchObject({
      data: { sid: 'hanako', account: 'PC1\\hanako', session: 1, console: true },
    });
  });

  it.each([
    ['its apply', lanes],
    ['its detect', everyLane],
  ])('ends blocked, with nothing touched, where nobody is signed in for %s', async (_what, each) => {
    const { result, world, kinds } = await tell({ stages: [[{ id: 'a' }], [{ id: 'b', lanes: each }]] }, () => null);
    expect(result).toMatchObject({ end: { end: 'blocked', host: 'untouched', cause: 'no-user-session' } });
    expect(world.changesMade).toBe(0);
    expect(kinds).not.toContain('claimSought');
  });

  it('asks for nobody where the step is not needed', async () => {
    const { result, kinds } = await tell({}, () => null, { goal: 'fixed' });
    expect(result).toMatchObject({ end: { end: 'unchanged' } });
    expect(kinds).not.toContain('userMissed');
  });

  it('waits for a sign-on where the playbook says so, without a worker', async () => {
    const { result, kinds, attempts } = await tell({ waitFor: 'sign-on' }, (now) =>
      now > startMs + minutes(10) ? 'hanako' : null,
    );
    expect(result).toMatchObject({ end: { end: 'repaired' } });
    expect(kinds.filter((kind) => kind === 'userMissed').length).toBeGreaterThan(1);
    expect(kinds.filter((kind) => kind === 'waitBegun').length).toBe(attempts - 1);
  });

  it('waits no longer than the window is open, and no longer than its limit without one', async () => {
    const until = new Date(startMs + minutes(15)).toISOString();
    const stages = [[{ id: 'a' }], [{ id: 'b', lanes: everyLane }]];
    const closing = await tell({ stages, waitFor: 'sign-on', until }, () => null);
    expect(closing.result).toMatchObject({
      end: {
        end: 'deferred',
        host: 'untouched',
        cause: 'window',
        reason: expect.stringContaining('nobody had signed in'),
      },
    });
    const { result, events } = await tell({ waitFor: 'sign-on' }, () => null);
    expect(result).toMatchObject({ end: { end: 'blocked', cause: 'no-user-session' } });
    expect(Date.parse(events.at(-1)?.at ?? '') - startMs).toBeGreaterThanOrEqual(minutes(20));
  });

  it('undoes everything where its user is not back after a restart, and does not take another one', async () => {
    const stages = [[{ id: 'a', reboot: 'required' as const }], [{ id: 'b', lanes }]];
    const plan = planFor({ stages });
    const world = new FakeWorld(
      {},
      { a: { changes: [set('one')], rebootRequired: true }, b: { changes: [set('goal', 'fixed')] } },
    );
    world.userAt = () => (world.reboots === 0 ? 'hanako' : 'taro');
    const { result, events } = await tellStory({ plan, world, startMs });
    expect(result).toMatchObject({
      end: { end: 'rolled-back', cause: 'failure', reason: expect.stringContaining('PC1\\hanako is not signed in') },
    });
    expect(world.isAsBefore()).toBe(true);
    expect(undeclaredTransitions(plan, events)).toEqual([]);
  });

  it('goes back in time where a sign-on is waited for after the first change and the window closes', async () => {
    const stages = [[{ id: 'a', reboot: 'required' as const }], [{ id: 'b', lanes }]];
    const until = new Date(startMs + minutes(60)).toISOString();
    const world = new FakeWorld(
      {},
      { a: { changes: [set('one')], rebootRequired: true }, b: { changes: [set('goal', 'fixed')] } },
    );
    world.userAt = () => (world.reboots === 0 ? 'hanako' : null);
    const { result, events } = await tellStory({
      plan: planFor({ stages, until, waitFor: 'sign-on' }),
      world,
      startMs,
    });
    expect(result).toMatchObject({ end: { end: 'rolled-back', cause: 'window-closing' } });
    expect(world.isAsBefore()).toBe(true);
    expect(Date.parse(events.at(-1)?.at ?? '')).toBeLessThan(startMs + minutes(60));
  });
});
