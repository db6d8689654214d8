import { describe, expect, it } from 'vitest';
import { emptyHead, headAfter, sealEvent } from '../../../src/journal/hash-chain.ts';
import { foldHost } from '../../../src/operations/fold-host.ts';
import { FakeWorld } from '../hostrun/fake-world.ts';
import { planFor } from '../hostrun/plan-for.ts';
import { tellStory } from '../hostrun/simulate.ts';

describe('how long a host run took', () => {
  it('is told without the time in which it lay ended, until an order took it up again', async () => {
    const plan = planFor({ stages: [[{ id: 'a' }]] });
    const { events } = await tellStory({
      plan,
      world: new FakeWorld({}, { a: { changes: [{ target: 'one', value: 'new' }] } }),
    });
    const last = events.at(-1);
    if (last?.kind !== 'hostRunEnded') throw new Error('the story ends with its end');
    const place = { run: last.run, host: last.host };
    const endedMs = Date.parse(last.at);
    const hourLater = endedMs + 3_600_000;
    const ordered = sealEvent(place, headAfter(last), hourLater, {
      kind: 'rollbackOrdered',
      data: { orderedBy: 'ops' },
    });
    const again = sealEvent(place, headAfter(ordered), hourLater + 250, { kind: last.kind, data: last.data });
    const took = (journal: typeof events) =>
      foldHost(plan, { ...place, head: (journal.at(-1) ?? emptyHead).hash }, journal).durationMs;
    const once = endedMs - Date.parse(events[0]?.at ?? '');
    expect(took(events)).toBe(once);
    expect(took([...events, ordered, again])).toBe(once + 250);
  });
});
