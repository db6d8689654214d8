import { expect, it } from 'vitest';
import { fromClixml } from '../../../../src/lab/evaluator/from-clixml.ts';
import { psDictionary } from '../../../../src/remote/protocol/clixml/values.ts';
import { contextOf, options } from './clixml-types.ts';
import { runScript } from './run-script.ts';

// each as PowerShell 7.6 says it
it.each([
  ['$t = @{ Keys = 1; Count = \'x\' }; "$($t.Keys) $($t.Count) $(@($t.GetEnumerator()).Length)"', '1 x 2'],
  [
    '$l = New-Object Collections.ArrayList (, @{ a = 1; b = 2 }); "$($l.Count) $($l[0] -is [Collections.DictionaryEntry]) $(($l | ForEach-Object { $_.Key } | Sort-Object) -join \',\')"',
    '2 True a,b',
  ],
  ...[
    ['([StringComparer]::OrdinalIgnoreCase)', 'True'],
    ['([StringComparer]::Ordinal)', 'False'],
    ['', 'False'],
  ].map(([comparer = '', found = '']) => [
    `$t = New-Object Collections.Hashtable ${comparer}; $t['a'] = 1; [string]$t.ContainsKey('A')`,
    found,
  ]),
])('%s gives %s', async (script, text) => {
  expect((await runScript(script)).output).toEqual([text]);
});

it('a table from the wire whose names differ by case alone keeps all of them', async () => {
  const context = await contextOf();
  const read = (...names: string[]) => fromClixml(psDictionary(names.map((name) => [name, 1])), context, options);
  expect(read('a', 'A')).toMatchObject({ size: 2, ignoreCase: false });
  expect(read('a', 'b')).toMatchObject({ size: 2, ignoreCase: true });
});
