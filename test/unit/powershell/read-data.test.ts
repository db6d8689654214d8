import { expect, it } from 'vitest';
import { readPowerShellData } from '../../../src/powershell/read-data.ts';
import { SyntaxFault } from '../../../src/powershell/source.ts';

it('texts, numbers, truth values, nothing, lists and hashtables are read, with or without a byte order mark', () => {
  const text = `\uFEFF# a manifest
@{
    Name = 'it''s'; 'Quoted key' = 0x10
    List = 'a', 'b' ; One = @('c'); Nothing = @(); Mixed = @(
        'd'
        @{ Deep = 1.5 }
    )
    Yes = $true; No = $False; Null = $null; Bracketed = ('e')
}`;
  expect(readPowerShellData(text)).toEqual({
    Name: "it's",
    'Quoted key': 16,
    List: ['a', 'b'],
    One: ['c'],
    Nothing: [],
    Mixed: ['d', { Deep: 1.5 }],
    Yes: true,
    No: false,
    Null: null,
    Bracketed: 'e',
  });
});

it.each([
  ['a variable', '@{ a = $env:PATH }', /test\.psd1:1/],
  ['a command', '@{ a = Get-Date }', /test\.psd1:1/],
  ['a script block', '@{\n a = { 1 } }', /test\.psd1:2/],
  ['a text with something to expand', '@{ a = "$x" }', /test\.psd1:1/],
  ['no hashtable', "'text'", /hashtable/],
  ['two hashtables', '@{}; @{}', /one hashtable/],
  ['an empty text', '', /one hashtable/],
])('%s is refused, and nothing is run', (_what, text, message) => {
  expect(() => readPowerShellData(text, 'test.psd1')).toThrow(message);
});

it('what is not PowerShell is told with its place', () => {
  expect(() => readPowerShellData('@{ a = ', 'test.psd1')).toThrow(SyntaxFault);
});
