import { describe, expect, it } from 'vitest';
import { askPatiently, ChainWriter, type Patience } from '../../../src/journal/chain-writer.ts';
import { memoryJournal } from '../../../src/journal/memory-journal.ts';
import { Failure } from '../../../src/kernel/failure.ts';

const place = { run: 'run-1', host: 'pc1' };
const lease = { holder: 'w1', fence: 1 };

function patience(pauses: number[]): Patience {
  let nowMs = 0;
  const sleep = async (ms: number) => {
    pauses.push(ms);
    nowMs += ms;
  };
  return { firstMs: 100, longestMs: 400, limitMs: 2_000, now: () => nowMs, sleep };
}

const away = () => new Failure('journal-unavailable', 'away');

describe('asking patiently', () => {
  it('asks again with doubling, bounded pauses until the store answers', async () => {
    const pauses: number[] = [];
    let left = 4;
    const answer = await askPatiently(patience(pauses), async () => {
      left -= 1;
      if (left >= 0) throw away();
      return 'here';
    });
    expect(answer).toBe('here');
    expect(pauses).toEqual([100, 200, 400, 400]);
  });

  it('gives up after its limit, and at once for any other failure', async () => {
    await expect(askPatiently(patience([]), () => Promise.reject(away()))).rejects.toMatchObject({
      code: 'journal-unavailable',
    });
    const pauses: number[] = [];
    const lost = new Failure('lease-lost', 'lost');
    await expect(askPatiently(patience(pauses), () => Promise.reject(lost))).rejects.toBe(lost);
    expect(pauses).toEqual([]);
  });
});

describe('a chain writer', () => {
  it('appends the same event again after an answer got lost, and it stands there once', async () => {
    const store = memoryJournal(() => lease);
    let lost = false;
    const shaky = {
      ...store,
      append: async (...given: Parameters<typeof store.append>) => {
        await store.append(...given);
        if (!lost) {
          lost = true;
          throw away();
        }
      },
    };
    const writer = new ChainWriter(shaky, place, lease, patience([]));
    await writer.append({ kind: 'stepBegun', data: { step: 'a', attempt: 1 } });
    await writer.append({ kind: 'stepInterrupted', data: { step: 'a' } });
    expect((await store.read('run-1', 'pc1')).map(({ kind }) => kind)).toEqual(['stepBegun', 'stepInterrupted']);
  });

  it('refuses to read a chain whose tail was cut', async () => {
    const store = memoryJournal(() => lease);
    const writer = new ChainWriter(store, place, lease, patience([]));
    await writer.append({ kind: 'stepBegun', data: { step: 'a', attempt: 1 } });
    await writer.append({ kind: 'stepInterrupted', data: { step: 'a' } });
    const cut = { ...store, read: async () => (await store.read('run-1', 'pc1')).slice(0, 1) };
    await expect(new ChainWriter(cut, place, lease, patience([])).read()).rejects.toMatchObject({
      code: 'journal-broken',
    });
  });
});
