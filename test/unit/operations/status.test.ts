import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/hostrun/limits.ts';
import { plannedStep } from '../../../src/hostrun/state.ts';
import { readRunStatus } from '../../../src/operations/status.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { tellStory } from '../hostrun/simulate.ts';
import { engineOf } from '../report/report-of.ts';

describe('the step of a host in the status', () => {
  it('is the one begun last: none while steps are only surveyed', async () => {
    const plan = planFor({ stages: [[{ id: 'a' }, { id: 'b' }]] });
    const changes = [{ target: 'one', value: 'new' }];
    const { events } = await tellStory({ plan, world: new FakeWorld({}, { a: { changes }, b: { changes: [] } }) });
    const begun = events.findIndex(({ kind }) => kind === 'stepBegun');
    expect(events.slice(0, begun).map(({ kind }) => kind)).toContain('stepSurveyed');
    const stepAfter = async (count: number) =>
      (await readRunStatus(engineOf(plan, events.slice(0, count)), 'run-1')).hosts[0]?.step;
    expect(await stepAfter(begun)).toBeNull();
    expect(await stepAfter(begun + 1)).toBe('a');
  });

  it('tells until when a script that is not ended by a cancel holds it, and for no other moment', async () => {
    const plan = planFor({ stages: [[{ id: 'a' }]] });
    const changes = [{ target: 'one', value: 'new' }];
    const { events } = await tellStory({ plan, world: new FakeWorld({}, { a: { changes } }) });
    const begun = events.findIndex(({ kind }) => kind === 'stepBegun');
    const heldAfter = async (count: number) =>
      (await readRunStatus(engineOf(plan, events.slice(0, count)), 'run-1')).hosts[0]?.heldUntil;
    const { longestMs } = plannedStep(plan, 'a').action;
    const until = Date.parse(events[begun]?.at ?? '') + longestMs + defaultLimits.graceMs;
    expect(await heldAfter(begun)).toBeNull();
    expect(await heldAfter(begun + 1)).toBe(new Date(until).toISOString());
    expect(await heldAfter(begun + 2)).toBeNull();
  });
});
