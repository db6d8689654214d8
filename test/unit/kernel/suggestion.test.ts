import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, editDistance, nearest } from '../../../src/kernel/suggestion.ts';

test.each([
  ['stage', ['stages', 'goal'], 'stages'],
  ['titel', ['title', 'uses'], 'title'],
  ['Goal', ['goal'], 'goal'],
  ['windows-update/rest-cache', ['windows-update/reset-cache', 'windows-update/scan'], 'windows-update/reset-cache'],
  ['completely', ['different'], null],
  ['L5', ['L1', 'L2'], null],
  ['l2', ['L1', 'L2'], 'L2'],
])('%j was meant to be one of %j: %j', (word, candidates, meant) => expect(closest(word, candidates)).toBe(meant));

test('the nearest come first, and no more than are wanted', () => {
  const names = ['Start-Service', 'Stop-Services', 'Stop-Service', 'Get-Date'];
  expect(nearest('Stop-Servise', names, 2)).toEqual(['Stop-Service', 'Stop-Services']);
  expect(nearest('Get-Data', names, 3)).toEqual(['Get-Date']);
});

test('the distance is one that a measure must be', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
});

test('a swap of neighbours is one edit', () => {
  expect(editDistance('resnyc', 'resync')).toBe(1);
  expect(editDistance('kitten', 'sitting')).toBe(3);
});
