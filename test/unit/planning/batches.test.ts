import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBatches } from '../../../src/planning/batches.ts';
import { valueOf } from '../input/fixture-library.ts';

const hosts = Array.from({ length: 10 }, (_, index) => `h${index}`);
const sizes = (batch: string | null) => valueOf(splitBatches(hosts, batch)).map((each) => each.length);

test.each([
  [null, [10]],
  ['3', [3, 3, 3, 1]],
  ['25%', [3, 3, 3, 1]],
  ['1,5,20%', [1, 5, 2, 2]],
  ['1%', Array.from({ length: 10 }, () => 1)],
  ['100%', [10]],
  ['1, 99', [1, 9]],
])('--batch %s gives batches of %j', (batch, expected) => expect(sizes(batch)).toEqual(expected));

test.each(['0', '-1', '1.5', '101%', '', '1,', 'half', '0%'])('--batch %j is a fault', (batch) => {
  expect(splitBatches(hosts, batch).ok).toBe(false);
});

test('every host comes in exactly one batch, in order', () => {
  const part = fc.oneof(
    fc.integer({ min: 1, max: 20 }).map(String),
    fc.integer({ min: 1, max: 100 }).map((each) => `${each}%`),
  );
  fc.assert(
    fc.property(
      fc.array(fc.string(), { maxLength: 50 }),
      fc.array(part, { minLength: 1, maxLength: 4 }),
      (names, parts) => {
        const batches = valueOf(splitBatches(names, parts.join(',')));
        expect(batches.flat()).toEqual(names);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
      },
    ),
  );
});
