import { expect, test } from 'vitest';
import { camelCase, newRunId, randomLetters } from '../../../src/kernel/ids.ts';

test('a run id begins with its minute, so ids sort by time', () => {
  const at = Date.UTC(2026, 10, 21, 1, 38, 59);
  expect(newRunId(at, Uint8Array.from([0, 1, 2, 3, 4, 255]))).toBe('20261121-0138-23456g');
  expect(newRunId(at, new Uint8Array(6)) < newRunId(at + 60_000, new Uint8Array(6))).toBe(true);
});

test('too little randomness is refused', () => {
  expect(() => randomLetters(new Uint8Array(3), 4)).toThrow(RangeError);
});

test.each([
  ['component-store', 'componentStore'],
  ['reset-cache', 'resetCache'],
  ['time', 'time'],
  ['a-1-b', 'a1B'],
])('%j is reached as %j', (id, name) => expect(camelCase(id)).toBe(name));
