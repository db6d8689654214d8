import { expect, test } from 'vitest';
import { fitsWindow, readUntil } from '../../../../src/input/change/window.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

const now = Date.UTC(2026, 10, 21, 20, 30, 0);

test.each([
  ['2h', '2026-11-21T22:30:00Z'],
  ['90m', '2026-11-21T22:00:00Z'],
  ['2026-11-22T05:00+09:00', '2026-11-21T20:00:00Z'],
  ['2026-11-22T05:00:30Z', '2026-11-22T05:00:30Z'],
])('--until %s', (text, expected) =>
  expect(valueOf(readUntil(text, now - 3_600_000 * (text.includes('+09') ? 1 : 0)))).toBe(expected),
);

test('a clock time is the next one, in local time', () => {
  const later = new Date(now + 3_600_000);
  const clock = `${later.getHours()}:${String(later.getMinutes()).padStart(2, '0')}`;
  expect(valueOf(readUntil(clock, now))).toBe('2026-11-21T21:30:00Z');
  const earlier = new Date(now - 3_600_000);
  const passed = `${earlier.getHours()}:${String(earlier.getMinutes()).padStart(2, '0')}`;
  expect(Date.parse(valueOf(readUntil(passed, now)))).toBeGreaterThan(now + 20 * 3_600_000);
});

test.each(['tomorrow', '', '25:00', '2026-11-22', '2026-11-22T05:00', '2026-13-01T00:00Z'])('%j is no time', (text) => {
  expect(faultLines(readUntil(text, now))).toEqual([`-:- \`${text}\` is not a time`]);
});

test.each(['2020-01-01T00:00Z', '0s'])('%j is in the past', (text) => {
  expect(faultLines(readUntil(text, now))[0]).toContain('is in the past');
});

test('I5 what is needed must fit before the closing time', () => {
  const until = '2026-11-21T21:00:00Z';
  expect(fitsWindow(until, now, 30 * 60_000)).toBe(true);
  expect(fitsWindow(until, now, 30 * 60_000 + 1)).toBe(false);
  expect(fitsWindow(null, now, Number.MAX_SAFE_INTEGER)).toBe(true);
});
