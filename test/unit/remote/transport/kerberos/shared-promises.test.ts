import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { SharedPromises } from '../../../../../src/remote/transport/kerberos/shared-promises.ts';

const always = () => true;

describe('shared promises', () => {
  it('make a value once for all who ask meanwhile, and keep it while it is good', async () => {
    const shared = new SharedPromises<number>();
    let made = 0;
    const make = async () => ++made;
    expect(await Promise.all([1, 2, 3].map(() => shared.get('a', always, make)))).toEqual([1, 1, 1]);
    expect(await shared.get('a', always, make)).toBe(1);
    expect(await shared.get('a', (value) => value > 1, make)).toBe(2);
    expect(await shared.get('b', always, make)).toBe(3);
  });

  it('refuse all who waited for an attempt that was refused, and try anew for who comes later', async () => {
    const shared = new SharedPromises<number>();
    let tries = 0;
    const refuse = async (): Promise<number> => {
      tries++;
      throw new Failure('unauthenticated', 'no');
    };
    const ends = await Promise.allSettled([1, 2, 3].map(() => shared.get('a', always, refuse)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    expect(await shared.get('a', always, async () => 7)).toBe(7);
  });

  it('try anew for those who waited for an attempt that broke in another way', async () => {
    const shared = new SharedPromises<number>();
    const first = shared.get('a', always, async () => {
      throw new Error('given up by its owner');
    });
    const second = shared.get('a', always, async () => 2);
    await expect(first).rejects.toThrow('given up');
    expect(await second).toBe(2);
  });
});
