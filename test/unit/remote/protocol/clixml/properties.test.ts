import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Properties } from '../../../../../src/remote/protocol/clixml/properties.ts';
import { type PsValue, psCustomObject } from '../../../../../src/remote/protocol/clixml/values.ts';

/** What may be done to a bag; names repeat, and there are enough of them to need an index. */
const steps = fc.array(fc.record({ name: fc.integer({ min: 0, max: 40 }).map((n) => `p${n}`), value: fc.integer() }), {
  maxLength: 80,
});

describe('Properties', () => {
  test('do what a Map does, whatever is set in whatever order', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const bag = Properties.from(first.map(({ name, value }) => [name, value]));
        const map = new Map<string, PsValue>(first.map(({ name, value }) => [name, value]));
        for (const { name, value } of second) {
          expect(bag.get(name)).toBe(map.get(name));
          bag.set(name, value);
          map.set(name, value);
          expect(bag.has(name)).toBe(true);
        }
        expect([...bag]).toEqual([...map]);
        expect([...bag.keys()]).toEqual([...map.keys()]);
        expect([...bag.values()]).toEqual([...map.values()]);
        expect(bag.size).toBe(map.size);
        const seen: unknown[] = [];
        bag.forEach((value, name) => seen.push([name, value]));
        expect(seen).toEqual([...map]);
        expect(bag.get('other')).toBeUndefined();
      }),
    );
  });

  test('leave names alone that another bag shares', () => {
    const names = ['a', 'b'];
    const [one, other] = [new Properties(names, [1, 2]), new Properties(names, [3, 4])];
    one.set('c', 5).set('a', 6);
    expect([...one]).toEqual([
      ['a', 6],
      ['b', 2],
      ['c', 5],
    ]);
    expect([...other]).toEqual([
      ['a', 3],
      ['b', 4],
    ]);
    expect(names).toEqual(['a', 'b']);
  });

  test('are equal only where names and values are, however they are compared', () => {
    const [one, same, other] = [psCustomObject({ a: 1 }), psCustomObject({ a: 1 }), psCustomObject({ a: 2 })];
    expect(one).toStrictEqual(same);
    expect(one).not.toEqual(other);
    expect(one).not.toEqual(psCustomObject({ b: 1 }));
    expect([isDeepStrictEqual(one, same), isDeepStrictEqual(one, other)]).toEqual([true, false]);
  });
});
