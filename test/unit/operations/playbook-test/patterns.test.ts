import { describe, expect, test } from 'vitest';
import { fitsPattern, fitsSentence, lacking, unmatched } from '../../../../src/operations/playbook-test/patterns.ts';

describe('a pattern of paths', () => {
  test.each([
    ['service:*:state', 'service:BITS:state', true],
    ['service:*:state', 'service:BITS:config', false],
    ['file:C:\\Windows\\*', 'file:C:\\Windows\\a.txt', true],
    ['file:C:\\Windows\\*', 'file:C:\\Windows\\Temp\\a.txt', false],
    ['file:C:\\Windows\\**', 'file:C:\\Windows\\Temp\\a.txt', true],
    ['FILE:c:\\windows', 'file:C:\\Windows', true],
    ['file:C:\\a.txt', 'file:C:\\abtxt', false],
    ['file:C:\\{1}(2)[3]', 'file:C:\\{1}(2)[3]', true],
  ])('%s and %s: %s', (pattern, text, fits) => {
    expect(fitsPattern(text, pattern)).toBe(fits);
  });

  test('must fit something, and everything must fit one', () => {
    expect(unmatched(['a', 'b'], ['a', 'c*'])).toEqual({ texts: ['b'], patterns: ['c*'] });
    expect(unmatched(['a', 'ab'], ['a*'])).toEqual({ texts: [], patterns: [] });
  });
});

test('a star in a sentence stands for anything, backslashes and line ends too', () => {
  expect(fitsSentence('could not open C:\\a\\b\nnow', 'could not * now')).toBe(false);
  expect(fitsSentence('could not open C:\\a\\b\nnow', 'could not *now')).toBe(true);
});

test('of a finding only what is named is looked at, at any depth', () => {
  const got = { needed: true, reason: 'it hangs', facts: { list: [{ name: 'BITS' }], free: 4 } };
  expect(lacking({ needed: true, reason: 'it *', facts: { list: [{ name: 'BITS' }] } }, got)).toEqual([]);
  expect(lacking({ needed: false, facts: { free: 5, other: null, list: [] } }, got)).toEqual([
    { path: 'needed', expected: false, got: true },
    { path: 'facts.free', expected: 5, got: 4 },
    { path: 'facts.other', expected: null, got: undefined },
    { path: 'facts.list', expected: [], got: [{ name: 'BITS' }] },
  ]);
});
