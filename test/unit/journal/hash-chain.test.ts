import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/journal/event.ts';
import { emptyHead, genesisHash, headAfter, sealEvent, verifyChain } from '../../../src/journal/hash-chain.ts';

const place = { run: 'run-1', host: 'pc1' };

function chainOf(length: number): readonly JournalEvent[] {
  return Array.from({ length }).reduce<readonly JournalEvent[]>((events, _, index) => {
    const last = events.at(-1);
    const head = last === undefined ? emptyHead : headAfter(last);
    return [
      ...events,
      sealEvent(place, head, 1_000 * index, { kind: 'stepBegun', data: { step: `s${index}`, attempt: 1 } }),
    ];
  }, []);
}

describe('the hash chain of a host run (I10)', () => {
  it('holds as it was written, from an empty one on', () => {
    expect(verifyChain([], place)).toBeNull();
    const events = chainOf(5);
    expect(events[0]?.prev).toBe(genesisHash);
    expect(verifyChain(events, { ...place, head: events.at(-1)?.hash ?? '' })).toBeNull();
  });

  it('does not depend on the order of members', () => {
    const shuffled = chainOf(3).map((event) => Object.fromEntries(Object.entries(event).toReversed()) as JournalEvent);
    expect(verifyChain(shuffled, place)).toBeNull();
  });

  it('shows the removal of any event, the last by the head that is known elsewhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (length, which) => {
        const events = chainOf(length);
        const head = events.at(-1)?.hash ?? '';
        const cut = events.toSpliced(which % length, 1);
        expect(verifyChain(cut, { ...place, head })).not.toBeNull();
      }),
    );
  });

  it('shows the edit of any member of any event', () => {
    const events = chainOf(4);
    for (const [index, event] of events.entries()) {
      const edits = [
        { ...event, at: '2020-01-01T00:00:00.000Z' },
        { ...event, kind: 'stepInterrupted', data: { step: 's0' } },
        { ...event, data: { step: 'other', attempt: 1 } },
        { ...event, seq: event.seq + 1 },
        { ...event, run: 'run-2' },
        { ...event, prev: 'a'.repeat(64) },
        { ...event, hash: 'a'.repeat(64) },
      ];
      for (const edit of edits)
        expect(verifyChain(events.with(index, edit as JournalEvent), place)).toMatchObject({ seq: index });
    }
  });

  it('shows an exchange of two events and one that was put in between', () => {
    const [a, b, c] = chainOf(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three events expected');
    expect(verifyChain([b, a, c], place)).toMatchObject({ seq: 0 });
    expect(verifyChain([a, a, b, c], place)).toMatchObject({ seq: 1 });
  });
});
