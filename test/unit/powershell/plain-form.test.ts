import { expect, test } from 'vitest';
import { plainForm } from '../../../src/powershell/plain-form.ts';
import { makeSource, placeOf } from '../../../src/powershell/source.ts';
import { runScript } from '../lab/evaluator/run-script.ts';

/** Scripts as they are pasted from mails and web pages, and what real PowerShell writes for them. */
const pasted: readonly (readonly [string, string])[] = [
  ['“hello world”', 'hello world'],
  ['‘it’', 'it'],
  ['“a”“b”', 'a“b'],
  ["'a’’b'", 'a’b'],
  ['"x”', 'x'],
  ['“x""y”', 'x"y'],
  ['“x””y”', 'x”y'],
  ["‘a''b’", "a'b"],
  ['‘a‘’b’', 'a’b'],
  ['‚a‛', 'a'],
  ['„b”', 'b'],
  ['@“\nx\n”@', 'x'],
  ['@‘\nx\n’@', 'x'],
  ['@"\nx”@y\n"@', 'x”@y'],
  ['1 – 2', '-1'],
  ['5 — 2', '3'],
  ['1 ―2', '-1'],
  ['–1', '-1'],
  ['–not $true', 'False'],
  ["'a' –eq 'a'", 'True'],
  ['‘a’ —eq ‘a’', 'True'],
  ['Write-Output –InputObject 5', '5'],
  ['$i=3; $i––; $i', '2'],
  ['1 –band 3', '1'],
  ['"$(‘q’)"', 'q'],
  ['"a`“b"', 'a“b'],
  ["# c\r'after'", 'after'],
  ["'x'\r'y'", 'x|y'],
  ['"a\rb".Length', '3'],
  ['1 + `\r2', '3'],
  ["@'\rx\r'@", 'x'],
  ["if ($true) {\r'z'\r}", 'z'],
  ['Write-Output a–b', 'a–b'],
  ['Write-Output a“b c”d', 'ab cd'],
  ['Write-Output x‘y z’', 'xy z'],
  ['function f { param($Year) $Year }; f –Year:5', '5'],
  ['function Get–Foo { 7 }; Get–Foo', '7'],
  ['$h = @{ “k” = 1 }; $h.k', '1'],
  ['$h = @{k=2}; $h.“k”', '2'],
  ["'{0}' –f 3", '3'],
  ['1 –isnot [int]', 'False'],
  [',‘a’ –join ‘b’', 'a'],
  ['1..3 –contains 2', 'True'],
  ['switch –regex (‘a’) { ‘a’ { 1 } }', '1'],
  ['Write-Output ‘a’‘b’', 'a‘b'],
  ['<# x #>\r1', '1'],
  ['1;\r2', '1|2'],
  ['[int]–1', '-1'],
  ['1e–2', '0.01'],
  ['1–1', '0'],
  ['(1)–1', '0'],
  ['$i=2;$i–1', '1'],
  ['${a–b}=3; ${a–b}', '3'],
  ['${a–b}=3; ${a-b}', ''],
  ["'a–b' –split '–'", 'a|b'],
  ['Write-Output -–x', '-–x'],
  ['"\r\n`\rx".Length', '4'],
  ['$a = @(1,\r2); $a.Count', '2'],
  ['1 |\rWrite-Output', '1'],
  ['Write-Output 1 `\r 2', '1|2'],
];

test.each(pasted)('%j gives what PowerShell gives', async (script, expected) => {
  const { output, context, errors } = await runScript(script);
  expect(errors.map(({ id }) => id)).toEqual([]);
  expect(output.map((value) => context.text(value)).join('|')).toBe(expected);
});

test('the plain form has the length of the script, and a carriage return alone begins a line', () => {
  const script = '“a” – ‘b’\rc\r\nd\ne';
  expect(plainForm(script)).toBe('"a" - \'b\'\nc\r\nd\ne');
  const source = makeSource(script);
  expect(['c', 'd', 'e'].map((c) => placeOf(source, script.indexOf(c)))).toEqual([
    { line: 2, column: 1 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
  ]);
});
