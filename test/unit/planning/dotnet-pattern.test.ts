import { describe, expect, it } from 'vitest';
import { dotnetPattern, matchesWhole, unknownToDotnet } from '../../../src/planning/dotnet-pattern.ts';

describe('a pattern for .NET', () => {
  it.each([
    ['^[A-Za-z0-9_.$-]+$', '^[A-Za-z0-9_.$-]+\\z'],
    ['^0x[0-9A-F]{8}$', '^0x[0-9A-F]{8}\\z'],
    ['^\\d+\\w\\D\\W$', '^[0-9]+[A-Za-z0-9_][^0-9][^A-Za-z0-9_]\\z'],
    ['[\\d\\]$.-]', '[0-9\\]$.-]'],
    ['^[[]$', '^[\\[]\\z'],
    ['^[[^]x$', '^[\\[^]x\\z'],
    ['^[a[]$', '^[a\\[]\\z'],
    ['^[^\\W]$', '^[^\\x00-/:-@\\[-\\^`{-\\uffff]\\z'],
    ['[\\b]', '[\\b]'],
    ['^😀+$', '^(?:\\ud83d\\ude00)+\\z'],
    ['^\\$\\.\\\\$', '^\\$\\.\\\\\\z'],
    ['a.b', 'a[^\\n\\r\\u2028\\u2029]b'],
    ['[a-z-[b]', '[a-z-\\[b]'],
    ['[^]x[]', '[\\s\\S]x(?!)'],
    ['\\u{41}\\u{1F600}\\p{Lu}', '\\u0041(?:\\ud83d\\ude00)\\p{Lu}'],
  ])('of %s judges as we do', (ours, theirs) => {
    expect(dotnetPattern(ours)).toBe(theirs);
  });
});

describe('a class of a pattern for .NET', () => {
  it.each(['[^\\W]', '[\\W]', '[\\D]', '[^\\D]', '\\s', '\\S', '[\\s]', '[\\S]', '[^\\S]', '^\\b', '^\\B'])(
    '%s has the same characters, written out',
    (ours) => {
      const theirs = dotnetPattern(ours);
      expect(theirs).not.toMatch(/\\[dDwWsSbB]/);
      const [here, there] = [new RegExp(ours, 'u'), new RegExp(theirs, 'u')];
      const differing = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter(
        (unit) => here.test(unit) !== there.test(unit),
      );
      expect(differing).toEqual([]);
    },
  );
});

describe('a part of a pattern that .NET does not know', () => {
  it.each([
    ['^\\p{Letter}$', '\\p{Letter}'],
    ['^[\\p{Lu}\\P{Script=Greek}]$', '\\P{Script=Greek}'],
    ['\\p{ASCII}', '\\p{ASCII}'],
    ['[a\\u{1F600}]', '\\u{1F600}'],
    ['[a][😀]', '😀'],
    ['😀\\u{1F600}[\\u{e4}]', undefined],
    ['\\p{L}\\p{Nd}', undefined],
    ['\\\\p{Letter}', undefined],
  ])('of %s is %s', (pattern, part) => {
    expect(unknownToDotnet(pattern)).toBe(part);
  });
});

describe('a pattern that holds a whole text', () => {
  it.each(['^a$', '^(a|b)$', '^[|^$]$', '^(?:a(b|c)|d)+$', '^a\\|b$'])('is %s', (pattern) => {
    expect(matchesWhole(pattern)).toBe(true);
  });
  it.each(['a', '^a', 'a$', '^a|b$', '^a\\$', '^a|^b$', '\\^a$', '(^a|b$)'])('is not %s', (pattern) => {
    expect(matchesWhole(pattern)).toBe(false);
  });
});
