import { expect, test } from 'vitest';
import { takeSpent } from '../../../../../src/lab/evaluator/limit.ts';
import { like } from '../../../../../src/lab/evaluator/matching/wildcard.ts';
import { runScript } from '../run-script.ts';

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

test('sets are read as PowerShell reads them: a backtick takes the dash its meaning', () => {
  const fits: readonly (readonly [string, string, boolean])[] = [
    ['-', '[`-x]', true],
    ['-', '[a`-x]', true],
    ['b', '[a`-x]', false],
    ['-', '[-x]', true],
    ['-', '[x-]', true],
    ['b', '[a-c-e]', true],
    ['d', '[a-c-e]', false],
    ['`', '[``]', true],
    ['`', '[`a]', false],
    [']', '[`]]', true],
    [']', '[]a]', true],
    ['w', String.raw`[\w]`, true],
    ['c', '[a-`d]', true],
    ['B', '[a-c]', true],
    ['b', '[Z-a]', false],
    ['^', '[^a]', true],
  ];
  for (const [text, pattern, expected] of fits) expect(like(text, pattern), `${text} -like ${pattern}`).toBe(expected);
});

test('case pairs are those whose lower case comes back', () => {
  const same = ['kK\u212a', 'Σσ', 'Ǆǅǆ', 'ßẞ', 'Ωω\u2126', 'äÄ'];
  for (const units of same)
    for (const a of units)
      for (const b of units) expect([like(a, b), like(a, `[${b}]`)], `${a} -like ${b}`).toEqual([true, true]);
  for (const [a, b] of ['Iı', 'iı', 'iİ', 'sſ', 'Sſ'].map((pair) => pair.split('')) as [string, string][])
    expect([like(a, b), like(b, a), like(a, `[${b}]`), like(b, `[${a}]`)], `${a} and ${b}`).toEqual(
      Array<boolean>(4).fill(false),
    );
  expect([like('ı', '[a-z]'), like('\u212a', '[a-z]'), like('Ä', 'ä', true)]).toEqual([false, true, false]);
});

test.each(['[z-a]', '[a--c]', '[', '[]', '[`]'])(
  'the pattern %s is refused as PowerShell refuses it',
  async (pattern) => {
    const { output } = await runScript(
      `try { 'a' -like '${pattern}' } catch { "$($_.FullyQualifiedErrorId) $($_.Exception.GetType().FullName) $_" }`,
    );
    expect(output).toEqual([
      `RuntimeException System.Management.Automation.WildcardPatternException The specified wildcard character pattern is not valid: ${pattern}`,
    ]);
  },
);
