import { describe, expect, it } from 'vitest';
import type { HostEndName } from '../../../src/journal/event-data.ts';
import { type FakeStep, FakeWorld } from './fake-world.ts';
import { type PlanForTests, planFor } from './plan-for.ts';
import { type Story, tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });
const fixes = set('goal', 'fixed');
const steps: { readonly [step: string]: FakeStep } = {
  a: { changes: [set('one')] },
  b: { changes: [set('two'), fixes] },
};
const ab = [[{ id: 'a' }], [{ id: 'b' }]];

async function tell(options: PlanForTests, world: FakeWorld, more: Partial<Story> = {}) {
  const told = await tellStory({ plan: planFor(options), world, ...more });
  if (told.result.kind !== 'ended') throw new Error(`not ended: ${told.result.kind}`);
  return { ...told, end: told.result.end, kinds: told.events.map(({ kind }) => kind) };
}

describe('ends before the first change', () => {
  it('unchanged: the goal holds, and nothing is left on the host', async () => {
    const world = new FakeWorld({ goal: 'fixed' }, steps);
    const { end, kinds } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'unchanged', host: 'untouched' });
    expect(kinds).not.toContain('claimSought');
    expect(world.ledgers.size).toBe(0);
  });

  it('not-cured: the goal does not hold and no step applies; evidence is collected', async () => {
    const world = new FakeWorld({}, { a: { changes: [] }, b: { changes: [] } });
    const { end, kinds } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'not-cured', host: 'untouched', cause: 'nothing-applies' });
    expect(kinds).toContain('evidenceCollected');
    expect(kinds).not.toContain('claimSought');
  });

  it('blocked: a preflight check does not pass, with its own words', async () => {
    const world = new FakeWorld({}, steps);
    world.pendingReboot = ['servicing'];
    const { end } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'blocked', host: 'untouched', cause: 'preflight', reason: 'restart pending' });
  });

  it('a check that only warns does not block', async () => {
    const world = new FakeWorld({}, steps);
    world.pendingReboot = ['servicing'];
    world.checksPassed = false;
    const { end } = await tell({ stages: ab, checks: [{ id: 'preflight.1', ifFails: 'warn' }] }, world);
    expect(end.end).toBe('repaired');
  });

  it('blocked: no protection of the wanted level can be had (I2), and the claim is given back', async () => {
    const world = new FakeWorld({}, steps);
    world.noProtection = true;
    const { end } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'blocked', host: 'untouched', cause: 'protection', remedy: 'make space' });
    expect(world.claimOf('run-1').open).toBe(false);
    expect(world.changesMade).toBe(0);
  });

  it('blocked: a restore point that was reported but is not there is no protection (I2)', async () => {
    const world = new FakeWorld({}, steps);
    world.restorePoints.add = () => world.restorePoints;
    const { end, kinds } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'blocked', cause: 'protection' });
    expect(kinds).not.toContain('stepBegun');
  });

  it('blocked: every needed step says that it is not possible now', async () => {
    const world = new FakeWorld(
      {},
      { a: { changes: [set('one')], impossible: 'an installation is running' }, b: { changes: [] } },
    );
    const { end } = await tell({ stages: ab }, world);
    expect(end).toMatchObject({ end: 'blocked', cause: 'not-possible', reason: 'a: an installation is running' });
  });

  it('unreachable: no connection comes about, after a few attempts', async () => {
    const { end, kinds } = await tell({ stages: ab }, new FakeWorld({}, steps), { unreachable: () => true });
    expect(end).toMatchObject({ end: 'unreachable', host: 'untouched' });
    expect(kinds.filter((kind) => kind === 'connectionFailed')).toHaveLength(4);
  });

  it('deferred: the window has closed before the host was connected', async () => {
    const until = new Date(1_000_000_000 - 1).toISOString();
    const { end, kinds } = await tell({ stages: ab, until }, new FakeWorld({}, steps));
    expect(end).toMatchObject({ end: 'deferred', host: 'untouched', cause: 'window' });
    expect(kinds).not.toContain('hostConnected');
  });

  it('deferred: the run has used up its budget', async () => {
    const { end, kinds } = await tell({ stages: ab }, new FakeWorld({}, steps), {
      orders: () => ({ withheld: 'failed: 2 of at most 1' }),
    });
    expect(end).toMatchObject({ end: 'deferred', cause: 'budget' });
    expect(kinds).not.toContain('hostConnected');
  });

  it('cancelled before the host was connected', async () => {
    const orders = () => ({ cancel: { mode: null, orderedBy: 'ops' } });
    const { end, kinds } = await tell({ stages: ab }, new FakeWorld({}, steps), { orders });
    expect(end).toMatchObject({ end: 'cancelled', host: 'untouched' });
    expect(kinds).not.toContain('hostConnected');
  });
});

describe('ends after changes', () => {
  it('not-cured: the goal is not reached and the playbook keeps the changes', async () => {
    const world = new FakeWorld({}, { a: steps['a'] ?? { changes: [] } });
    const { end } = await tell({ stages: [[{ id: 'a' }]], rollbackAfter: ['failure'] }, world);
    expect(end).toMatchObject({ end: 'not-cured', host: 'left', cause: 'goal-not-reached' });
    expect(world.values.get('one')).toBe('new');
  });

  it('needs-hands: an undo fails, and the report says which change it was (I3)', async () => {
    const world = new FakeWorld({}, { a: { changes: [set('one'), set('two')], verifyFails: true } });
    world.undoFails.add('one');
    const { end } = await tell({ stages: [[{ id: 'a' }]] }, world);
    expect(end).toMatchObject({ end: 'needs-hands', host: 'unknown', cause: 'undo-incomplete' });
    expect(end.reason).toContain('value one was not put back: stuck');
    expect(world.values.get('two')).toBeUndefined();
  });

  it('needs-hands: a host that was changed stays away for longer than the limit', async () => {
    let gone = false;
    const world = new FakeWorld({}, steps);
    const { end } = await tell({ stages: ab }, world, {
      mishaps: [{ at: 60, kind: 'drop' }],
      limits: { lostLimitMs: 60_000 },
      unreachable: () => gone,
      orders: (events) => {
        gone ||= events.some(({ kind }) => kind === 'connectionFailed');
        return {};
      },
    });
    expect(end).toMatchObject({ end: 'needs-hands', host: 'unknown' });
  });
});

describe('the window (I5)', () => {
  const startMs = 1_000_000_000;
  const until = (ms: number) => new Date(startMs + ms).toISOString();

  it('deferred: the first step and its undo do not fit any more', async () => {
    const world = new FakeWorld({}, steps);
    const { end, kinds } = await tell({ stages: ab, until: until(3 * 60_000) }, world, { startMs });
    expect(end).toMatchObject({ end: 'deferred', host: 'untouched' });
    expect(kinds).toContain('stepSurveyed');
    expect(kinds).not.toContain('claimSought');
  });

  it('rolled-back: a later step would not fit with the undo of all that is done', async () => {
    const world = new FakeWorld({}, steps);
    const plan = {
      stages: [[{ id: 'a', longestMs: 60_000 }], [{ id: 'b', longestMs: 600_000 }]],
      until: until(10 * 60_000),
    };
    const { end, events } = await tell(plan, world, { startMs });
    expect(end).toMatchObject({ end: 'rolled-back', host: 'as-before', cause: 'window-closing' });
    expect(events.filter((event) => event.kind === 'stepBegun').map(({ data }) => data.step)).toEqual(['a']);
    expect(world.isAsBefore()).toBe(true);
  });
});

describe('a cancel (I8)', () => {
  const cancelAt = (kind: string, mode: 'rollback' | 'leave' | null): Partial<Story> => ({
    orders: (events) => (events.some((event) => event.kind === kind) ? { cancel: { mode, orderedBy: 'ops' } } : {}),
  });

  it.each<{ at: string; mode: 'rollback' | 'leave' | null; host: string }>([
    { at: 'hostConnected', mode: 'rollback', host: 'untouched' },
    { at: 'protectionMade', mode: 'leave', host: 'untouched' },
    { at: 'stepApplied', mode: 'rollback', host: 'as-before' },
    { at: 'stepApplied', mode: null, host: 'as-before' },
    { at: 'stepVerified', mode: 'leave', host: 'left' },
  ])('after $at with $mode ends cancelled, host $host, and no further step begins', async ({ at, mode, host }) => {
    const world = new FakeWorld({}, steps);
    const { end, events } = await tell({ stages: ab }, world, cancelAt(at, mode));
    expect(end).toMatchObject({ end: 'cancelled', host });
    const cancelled = events.findIndex(({ kind }) => kind === 'cancelOrdered');
    expect(events.slice(cancelled).map(({ kind }) => kind)).not.toContain('stepBegun');
    expect(world.claimOf('run-1').open).toBe(false);
    expect(world.isAsBefore()).toBe(host !== 'left');
  });

  it('of a step that a task works on waits for it where its action is not interruptible', async () => {
    const world = new FakeWorld(
      {},
      { a: { changes: [set('one'), set('two'), set('three')], taskPolls: 3 }, b: { changes: [fixes] } },
    );
    const { end, kinds } = await tell({ stages: ab }, world, cancelAt('stepStillRunning', 'rollback'));
    expect(end).toMatchObject({ end: 'cancelled', host: 'as-before' });
    expect(world.changesMade).toBe(3);
    expect(kinds).not.toContain('formerAttemptEnded');
  });

  it('of a step that a task works on ends it where its action is interruptible', async () => {
    const world = new FakeWorld(
      {},
      { a: { changes: [set('one'), set('two'), set('three')], taskPolls: 3 }, b: { changes: [fixes] } },
    );
    const { end, kinds } = await tell(
      { stages: [[{ id: 'a', interruptible: true }], [{ id: 'b' }]] },
      world,
      cancelAt('stepStillRunning', 'rollback'),
    );
    expect(end).toMatchObject({ end: 'cancelled', host: 'as-before' });
    expect(world.changesMade).toBeLessThan(3);
    expect(kinds).toContain('formerAttemptEnded');
  });
});

describe('orders after the end', () => {
  const later = (...orders: readonly ('rollback' | 'commit')[]): Partial<Story> => ({
    orders: (events) =>
      events.some(({ kind }) => kind === 'hostRunEnded')
        ? { later: orders.map((order) => ({ order, orderedBy: 'ops' })) }
        : {},
  });
  const ends = (events: readonly { kind: string; data: object }[]): readonly (HostEndName | undefined)[] =>
    events.flatMap(({ kind, data }) => (kind === 'hostRunEnded' && 'end' in data ? [data.end as HostEndName] : []));

  it('a rollback undoes a repaired host', async () => {
    const world = new FakeWorld({ one: 'old' }, steps);
    const { events } = await tell({ stages: ab }, world, later('rollback'));
    expect(ends(events)).toEqual(['repaired', 'rolled-back']);
    expect(world.isAsBefore()).toBe(true);
    expect(world.claimOf('run-1').open).toBe(false);
  });

  it('a rollback of an untouched host changes nothing and does not connect again', async () => {
    const world = new FakeWorld({ goal: 'fixed' }, steps);
    const { events, kinds } = await tell({ stages: ab }, world, later('rollback'));
    expect(ends(events)).toEqual(['unchanged', 'unchanged']);
    expect(kinds.filter((kind) => kind === 'hostConnected')).toHaveLength(1);
  });

  it('a commit removes what a rollback needs; after it a rollback does nothing', async () => {
    const world = new FakeWorld({}, steps);
    const { events, kinds } = await tell({ stages: ab }, world, later('commit', 'rollback'));
    expect(ends(events)).toEqual(['repaired', 'repaired', 'repaired']);
    expect(kinds).toContain('changesCommitted');
    expect(kinds).not.toContain('undoBegun');
  });

  it.each([
    ['rollback', ['path']],
    ['commit', []],
  ] as const)('a %s tells the endpoint no values that it does not use', async (order, told) => {
    const parameters = {
      path: { type: 'string', default: 'C:\\a' },
      mode: { type: 'string', default: 'fast' },
    } as const;
    const world = new FakeWorld({}, steps);
    const stages = [[{ id: 'a', parameters, touches: { files: ['$path'] } }], [{ id: 'b' }]];
    await tell({ stages }, world, later(order));
    expect(world.given).toEqual([['path', 'mode'], told]);
  });
});
