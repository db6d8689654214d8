import { expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { FakeWorld } from './fake-world.ts';
import { planFor } from './plan-for.ts';
import { tellStory } from './simulate.ts';

it('a host that lets no session in for want of quota is tried as often as one that is away, and says so itself', async () => {
  const words = 'H answered with fault 2150859173 (QuotaLimit): This user is allowed 5 shells.';
  const refused = new Failure('unreachable', words, { facts: { subcode: 'QuotaLimit', cause: 'quota' } });
  const plan = planFor({ stages: [[{ id: 'a' }]] });
  const world = new FakeWorld({}, { a: { changes: [] } });
  const { result, events } = await tellStory({ plan, world, unreachable: () => refused });
  expect(result).toMatchObject({
    kind: 'ended',
    end: { end: 'unreachable', cause: 'quota', reason: words, remedy: expect.stringMatching(/^End other sessions/) },
  });
  expect(events.filter(({ kind }) => kind === 'connectionFailed')).toHaveLength(4);
});
