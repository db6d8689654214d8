import { describe, expect, it } from 'vitest';
import { FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';

const set = (target: string, value = 'new') => ({ target, value });

describe('a host run', () => {
  it('repairs a host, stage by stage, and ends when the goal holds', async () => {
    const plan = planFor({ stages: [[{ id: 'a' }], [{ id: 'b' }, { id: 'c' }], [{ id: 'd' }]] });
    const world = new FakeWorld(
      { one: 'old' },
      {
        a: { changes: [set('one')] },
        b: { changes: [] },
        c: { changes: [set('two'), set('goal', 'fixed')] },
        d: { changes: [set('three')] },
      },
    );
    const { result, events } = await tellStory({ plan, world });
    expect(result).toMatchObject({ kind: 'ended', end: { end: 'repaired', host: 'repaired' } });
    expect(events.map(({ kind }) => kind)).toMatchInlineSnapshot(`
      [
        "attemptStarted",
        "hostConnected",
        "hostChecked",
        "goalChecked",
        "stepSurveyed",
        "stepSurveyed",
        "stepSurveyed",
        "stepSurveyed",
        "claimSought",
        "claimTaken",
        "ledgerRead",
        "protectionMade",
        "protectionProven",
        "hostCaptured",
        "stepDetected",
        "stepBegun",
        "stepApplied",
        "stepVerified",
        "goalChecked",
        "stepDetected",
        "stepSkipped",
        "stepDetected",
        "stepBegun",
        "stepApplied",
        "stepVerified",
        "goalChecked",
        "stepVerified",
        "stepVerified",
        "hostReleased",
        "hostRunEnded",
      ]
    `);
    expect(world.violations).toEqual([]);
    expect(world.values.get('three')).toBeUndefined();
  });

  it('ends needs-hands where the goal holds, but what was weakened for the run could not be put back', async () => {
    const world = new FakeWorld({}, { a: { changes: [{ target: 'goal', value: 'fixed' }] } });
    world.staysWeak = true;
    const { result } = await tellStory({ plan: planFor({ stages: [[{ id: 'a' }]] }), world });
    expect(result).toMatchObject({
      kind: 'ended',
      end: {
        end: 'needs-hands',
        host: 'unknown',
        cause: 'not-released',
        reason:
          'The run had come to `repaired`, but giving the host free met with an error: Not as before: Spooler: it does not start',
      },
    });
  });

  it('of a playbook that only looks ends with what was found, and asks nothing else of the host', async () => {
    const looking = planFor({ stages: [], checks: [], goals: ['clock', 'disk', 'hint'], warns: ['hint'] });
    const world = new FakeWorld({ clock: 'fixed', disk: 'full', hint: 'odd' }, {});
    const { result, events } = await tellStory({ plan: looking, world });
    expect(result).toMatchObject({
      kind: 'ended',
      end: { end: 'not-cured', host: 'untouched', cause: 'findings', reason: 'disk is full' },
    });
    expect(events.map(({ kind }) => kind)).toEqual([
      'attemptStarted',
      'hostConnected',
      'goalChecked',
      'evidenceCollected',
      'hostRunEnded',
    ]);
    world.values.set('disk', 'fixed');
    const healthy = await tellStory({ plan: looking, world });
    expect(healthy.result).toMatchObject({ end: { end: 'unchanged', cause: 'goal-holds' } });
  });
});
