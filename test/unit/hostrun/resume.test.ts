import { describe, expect, it } from 'vitest';
import { FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });
const steps = { a: { changes: [set('one')] }, b: { changes: [set('two'), set('goal', 'fixed')] } };
const plan = planFor({ stages: [[{ id: 'a' }], [{ id: 'b' }]] });

/** The moment after the first event of a kind in an undisturbed run. */
async function momentAfter(kind: string): Promise<number> {
  const { moments } = await tellStory({ plan, world: new FakeWorld({}, steps) });
  return moments.indexOf(`after append ${kind}`) + 1;
}

async function killedAfter(kind: string, meanwhile: (world: FakeWorld) => void) {
  const world = new FakeWorld({}, steps);
  let done = false;
  const told = await tellStory({
    plan,
    world,
    mishaps: [{ at: await momentAfter(kind), kind: 'kill' }],
    orders: (events) => {
      if (!done && events.at(-1)?.kind === 'attemptStarted' && events.length > 1) {
        done = true;
        meanwhile(world);
      }
      return {};
    },
  });
  expect(done).toBe(true);
  if (told.result.kind !== 'ended') throw new Error('not ended');
  return { world, end: told.result.end, kinds: told.events.map(({ kind }) => kind) };
}

describe('a host whose ledger does not agree with the journal', () => {
  it('that lost its ledger is never read as not begun', async () => {
    const { end, world } = await killedAfter('stepVerified', (each) => each.ledgers.clear());
    expect(end).toMatchObject({ end: 'needs-hands', host: 'unknown', cause: 'ledger-behind' });
    expect(world.changesMade).toBe(1);
  });

  it('that was put back to a checkpoint is noticed by the record that is missing', async () => {
    const { end, world } = await killedAfter('stepVerified', (each) => {
      each.records('run-1').splice(2);
    });
    expect(end).toMatchObject({ end: 'needs-hands', cause: 'ledger-behind' });
    expect(world.changesMade).toBe(1);
  });

  it('that knows an event which the journal lacks shows that the journal was cut (I10)', async () => {
    const { end } = await killedAfter('claimSought', (each) => {
      each.write('run-1', 'claim', 1, 'f'.repeat(64), { owner: 'somebody' });
    });
    expect(end).toMatchObject({ end: 'needs-hands', cause: 'ledger-journal-cut' });
  });

  it('on which the dead-man task has put changes back ends rolled back there (I9)', async () => {
    const { end, world, kinds } = await killedAfter('stepVerified', (each) => {
      each.values.delete('one');
      each.weakened.clear();
      each.write('run-1', 'claim', 2, '', { owner: 'run-1#deadman' });
      const [change] = each.openChanges('run-1', 'a');
      each.write('run-1', 'undone', 2, '', {
        of: change?.seq ?? 0,
        ok: true,
        reason: '',
        by: 'deadman-time',
        target: 'one',
      });
    });
    expect(end).toMatchObject({ end: 'rolled-back', host: 'as-before', cause: 'dead-man' });
    expect(kinds).not.toContain('goalCheckFailed');
    expect(world.isAsBefore()).toBe(true);
    expect(world.changesMade).toBe(1);
  });
});

describe('a host that another run holds (I4)', () => {
  it('is waited for and taken when the other run gives it free', async () => {
    const world = new FakeWorld({}, steps);
    world.write('other', 'claim', 7, '', { owner: 'other/x' });
    const { result, events } = await tellStory({
      plan,
      world,
      orders: (so) => {
        if (so.some(({ kind }) => kind === 'claimRefused') && world.claimOf('other').open)
          world.write('other', 'released', 7, '', { end: 'repaired' });
        return {};
      },
    });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'repaired' } });
    expect(events.flatMap((event) => (event.kind === 'claimTaken' ? [event.data.token] : []))).toEqual([8]);
  });

  it('ends blocked and says who holds it when the wait grows too long', async () => {
    const world = new FakeWorld({}, steps);
    world.write('other', 'claim', 7, '', { owner: 'other/x' });
    const { result } = await tellStory({ plan, world });
    expect(result).toMatchObject({
      kind: 'ended',
      end: {
        end: 'blocked',
        host: 'untouched',
        cause: 'claim-held',
        reason: 'Another run holds this host: other since earlier.',
      },
    });
    expect(world.changesMade).toBe(0);
  });

  it('refuses the next change of a worker whose claim was taken over', async () => {
    const world = new FakeWorld({}, steps);
    let stolen = false;
    const { result } = await tellStory({
      plan,
      world,
      orders: (events) => {
        if (!stolen && events.at(-1)?.kind === 'stepBegun') {
          stolen = true;
          world.write('run-1', 'claim', 2, events.at(-1)?.hash ?? '', { owner: 'run-1/another-attempt' });
        }
        return {};
      },
    });
    expect(stolen).toBe(true);
    expect(world.violations).toEqual([]);
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'repaired' } });
  });
});

describe('a session that breaks again and again', () => {
  it('calls for hands when nothing gets done in between, although the host can be reached', async () => {
    const world = new FakeWorld({}, steps);
    const { result, attempts } = await tellStory({
      plan,
      world,
      orders: (events) => {
        const last = events.at(-1);
        if (last?.kind === 'stepBegun')
          world.write('run-1', 'claim', world.claimOf('run-1').token + 1, last.hash, { owner: 'a thief' });
        return {};
      },
    });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'needs-hands', cause: 'claim-lost' } });
    expect(attempts).toBeLessThan(100);
    expect(world.changesMade).toBe(0);
  });
});

describe('a restart', () => {
  it('is proven by the uptime, not by a closed port', async () => {
    const world = new FakeWorld({}, { ...steps, a: { changes: [set('one')], rebootRequired: true } });
    const withReboot = planFor({ stages: [[{ id: 'a', reboot: 'required' }], [{ id: 'b' }]] });
    const { events } = await tellStory({
      plan: withReboot,
      world,
      limits: { rebootDelayMs: 600_000, rebootPollMs: 1 },
    });
    const kinds = events.map(({ kind }) => kind);
    expect(world.reboots).toBe(1);
    expect(kinds.filter((kind) => kind === 'hostRebooted')).toHaveLength(1);
    expect(kinds.indexOf('hostRebooted')).toBeGreaterThan(kinds.indexOf('rebootBegun'));
  });

  it.each([
    ['again and again is shown the password three times, at least a minute apart', 9, 3, 'needs-hands'],
    ['at first, as one that has just started may, is waited for', 2, 2, 'repaired'],
  ])('after which the host refuses the password %s', async (_, refuses, shown, end) => {
    const world = new FakeWorld({}, { ...steps, a: { changes: [set('one')], rebootRequired: true } });
    const tries: number[] = [];
    const { result, events } = await tellStory({
      plan: planFor({ stages: [[{ id: 'a', reboot: 'required' }], [{ id: 'b' }]] }),
      world,
      // Between two refusals the host cannot be reached for a while: that starts no new count.
      unreachable: (nowMs) => tries.length === 1 && nowMs - (tries[0] ?? 0) < 90_000,
      denied: (nowMs) => {
        if (world.rebootAtMs === null && world.reboots === 0) return false;
        return tries.length < refuses && tries.push(nowMs) > 0;
      },
    });
    expect(tries).toHaveLength(shown);
    expect(tries.every((at, index) => at - (tries[index - 1] ?? 0) >= 60_000)).toBe(true);
    expect(result).toMatchObject({ kind: 'ended', end: { end } });
    expect(events.filter(({ kind }) => kind === 'connectionFailed').length).toBeGreaterThan(shown);
  });

  it('is owed where the step only recommends it', async () => {
    const world = new FakeWorld({}, { ...steps, b: { ...steps.b, rebootRequired: true } });
    const { result } = await tellStory({ plan, world });
    expect(world.reboots).toBe(0);
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'repaired', rebootOwed: true } });
  });
});
