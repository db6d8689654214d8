import { expect, test } from 'vitest';
import { takeSpent } from '../../../../../src/lab/evaluator/limit.ts';
import { like } from '../../../../../src/lab/evaluator/matching/wildcard.ts';

test('a wildcard pattern with many stars takes no longer than text times pattern', () => {
  takeSpent();
  expect(like('a'.repeat(43), `${'*a'.repeat(30)}b`)).toBe(false);
  expect(like('a'.repeat(20_000), `${'*a'.repeat(30)}*b*`)).toBe(false);
  expect(takeSpent()).toBeLessThan(50_000);
});

test('stars, question marks, sets and escapes fit as they should', () => {
  const fits: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['', '*', true],
    ['x', '', false],
    ['File.TXT', '*.txt', true],
    ['abcabc', '*abc', true],
    ['abcab', '*abc', false],
    ['a1c', 'a[0-9]?', true],
    ['axc', 'a[^x]c', true],
    ['ayc', 'a[^x]c', false],
    ['a*c', 'a`*c', true],
    ['abc', 'a`*c', false],
    ['a\nb', 'a*b', true],
    ['mississippi', '*iss*ip*', true],
    ['mississippi', '*iss*x*', false],
  ];
  for (const [text, pattern, expected] of fits) expect(like(text, pattern), `${text} -like ${pattern}`).toBe(expected);
  expect([like('ABC', 'a*', true), like('Abc', 'A*', true)]).toEqual([false, true]);
});
