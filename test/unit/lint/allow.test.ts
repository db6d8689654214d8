import { expect, test } from 'vitest';
import { found, lintScript } from './lint-example.ts';

const change = "Set-Service -Name 'bits' -StartupType Manual";
const comment = '# kintsugi-lint: allow change-past-kit -- no other way there';

test('a comment behind the line or right above it lets a finding stand, with its reason', () => {
  expect(lintScript('apply', `${change} ${comment}`).map(({ rule, allowed }) => [rule, allowed])).toEqual([
    ['change-past-kit', 'no other way there'],
  ]);
  expect(found('apply', `${comment}\n# and more words\n\n${change}`)).toEqual([]);
});

test('it counts for that place and that rule alone', () => {
  expect(found('apply', `${comment}\n${change}\n${change}`)).toEqual(['3:1 change-past-kit']);
  expect(found('apply', `${change}\n${comment}`)).toEqual(['1:1 change-past-kit', '2:1 allow-comment']);
  expect(found('apply', `$null = 1 ${comment}\n${change}`)).toEqual(['1:1 allow-comment', '2:1 change-past-kit']);
});

test('without a reason, or of a rule that finds nothing, it is a finding itself', () => {
  expect(found('apply', '# kintsugi-lint: allow change-past-kit\n$a = 1')).toEqual(['1:1 allow-comment']);
  expect(found('apply', '# kintsugi-lint: allow change-past-kit --  \n$a = 1')).toEqual(['1:1 allow-comment']);
  expect(found('apply', `${comment}\n$a = 1`)).toEqual(['1:1 allow-comment']);
});

test('what belongs to the whole file may be allowed anywhere in it', () => {
  const text = '# kintsugi-lint: allow verify-reads-nothing -- the goal reads it\n$a = 1\n@{ ok = $a -eq 1 }';
  expect(found('verify', text)).toEqual([]);
});
