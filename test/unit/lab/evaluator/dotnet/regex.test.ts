import { expect, test } from 'vitest';
import { runScript } from '../run-script.ts';

/** Each expression with what PowerShell 7.6.5 gave, parts with `|` between them; or the id of its error. */
const recorded: readonly (readonly [string, string])[] = [
  [String.raw`[regex]::new('\d').Split('a1b2c3d', 2)`, 'a|b2c3d'],
  [String.raw`[regex]::new('\d').Split('a1b2c3d', 0)`, 'a|b|c|d'],
  [String.raw`[regex]::new('\d').Split('a1b2c3d', 1)`, 'a1b2c3d'],
  [String.raw`[regex]::new('\d').Split('a1b2c3d', -1)`, 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').Split('abcb', 2, 2)", 'abc|'],
  ["[regex]::new('b').Split('abcb', 2, 9)", 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').Split('abcb', 2, 1, 1)", 'MethodCountCouldNotFindBest'],
  ["[regex]::new('b').Split('b', 'x')", 'MethodArgumentConversionInvalidCastArgument'],
  [String.raw`[regex]::new('\d').Matches('a1b2', 2).Count`, '1'],
  [String.raw`[regex]::new('\d').Matches('a1b2', 9)`, 'ArgumentOutOfRangeException'],
  [String.raw`[regex]::new('\d').Matches('a1b2', 1, 1)`, 'MethodCountCouldNotFindBest'],
  ["[regex]::new('b').IsMatch('ab', 2)", 'False'],
  ["[regex]::new('^b').IsMatch('ab', 1)", 'False'],
  ["[regex]::new('b').IsMatch('ab', 3)", 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').Replace('abbb', 'x', 2, 2)", 'abxx'],
  ["[regex]::new('b').Replace('abbb', 'x', -1)", 'axxx'],
  ["[regex]::new('b').Replace('abbb', 'x', -2)", 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').Replace('abbb', { 'y' }, 1)", 'aybb'],
  ["[regex]::new('b').Replace('abbb', { 'y' }, 1, 2)", 'abyb'],
  ["[regex]::new('^b').Match('abbb', 2, 1).Index", '2'],
  ["[regex]::new('(b)').Match('abbb', 2, 2).NextMatch().Groups[1].Index", '3'],
  ["[regex]::new('b').Match('abbb', 9)", 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').Match('abbb', 2, 9)", 'ArgumentOutOfRangeException'],
  ["[regex]::new('b').GetGroupNames(1)", 'MethodCountCouldNotFindBest'],
  ["[regex]::new('b').ToString(1)", 'MethodCountCouldNotFindBest'],
  [String.raw`[regex]::Match('2020-01', '(\d+)-(\d+)').Groups[1, 2].Value`, '2020|01'],
  [String.raw`[regex]::Match('2020-01', '(\d+)-(\d+)').Groups[2, 1, 9].Value`, '01|2020|'],
  [String.raw`[regex]::Match('2020-01', '(?<y>\d+)-(\d+)').Groups['y', 1].Value`, '2020|01'],
  [String.raw`[regex]::Match('2020-01', '(?<y>\d+)-(\d+)').Groups[-1].Value`, '2020'],
  ["[regex]::Match('ab', '(a)(b)').Captures[0, 0].Value", 'ab|ab'],
];

test.each(recorded)('%s gives %s', async (expression, given) => {
  const script = `try { @(${expression}) -join '|' } catch { $_.FullyQualifiedErrorId }`;
  expect((await runScript(script)).output).toEqual([given]);
});
