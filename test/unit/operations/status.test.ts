import { describe, expect, it } from 'vitest';
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
});
