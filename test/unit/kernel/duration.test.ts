import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/kernel/duration.ts';

test.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['14d', 1_209_600_000],
  ['250ms', 250],
  ['2m250ms', 120_250],
  [' 3m ', 180_000],
])('%j is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(['', ' ', '5', 'm', '1.5h', '30m1h', '-3s', '1h 30m', '99999d', '3M', '1y'])('%j is no duration', (text) =>
  expect(parseDuration(text)).toBeNull(),
);

test('what is written can be read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000_000_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('a duration is written as short as it can be', () => {
  expect(formatDuration(0)).toBe('0s');
  expect(formatDuration(5_400_000)).toBe('1h30m');
  expect(formatDuration(61_000.4)).toBe('1m1s');
});
