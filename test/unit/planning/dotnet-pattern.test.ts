import { describe, expect, it } from 'vitest';
import { dotnetPattern, matchesWhole } from '../../../src/planning/dotnet-pattern.ts';

describe('a pattern for .NET', () => {
  it.each([
    ['^[A-Za-z0-9_.$-]+$', '^[A-Za-z0-9_.$-]+\\z'],
    ['^0x[0-9A-F]{8}$', '^0x[0-9A-F]{8}\\z'],
    ['^\\d+\\w\\D\\W$', '^[0-9]+[A-Za-z0-9_][^0-9][^A-Za-z0-9_]\\z'],
    ['[\\d\\]$.-]', '[0-9\\]$.-]'],
    ['^\\$\\.\\\\$', '^\\$\\.\\\\\\z'],
    ['a.b', 'a[^\\n\\r\\u2028\\u2029]b'],
    ['[a-z-[b]', '[a-z-\\[b]'],
    ['[^]x[]', '[\\s\\S]x(?!)'],
    ['\\u{41}\\u{1F600}\\p{Lu}', '\\u0041\\ud83d\\ude00\\p{Lu}'],
  ])('of %s judges as we do', (ours, theirs) => {
    expect(dotnetPattern(ours)).toBe(theirs);
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
