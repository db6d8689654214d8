import { describe, expect, test } from 'vitest';
import recorded from '../../../fixtures/recorded-expressions.json' with { type: 'json' };
import { runScripts } from './run-script.ts';

/** Says type and value of what an expression gives, in the same words on every PowerShell. */
const describing = `
function Describe($Value, $Depth) {
  if ($null -eq $Value) { return 'null' }
  $type = $Value.GetType()
  if ($Value -is [string]) { return 'String:' + $Value }
  if ($Depth -gt 3) { return $type.Name }
  if ($Value -is [hashtable] -or $Value -is [System.Collections.Specialized.OrderedDictionary]) {
    $entries = @($Value.Keys) | Sort-Object { "$_" } | ForEach-Object { "$_=" + (Describe $Value[$_] ($Depth + 1)) }
    return $type.Name + '{' + ($entries -join ';') + '}'
  }
  if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [xml]) {
    $items = @()
    foreach ($item in $Value) { $items += , (Describe $item ($Depth + 1)) }
    return $type.Name + '[' + ($items -join ',') + ']'
  }
  if ($Value -is [datetime]) { return 'DateTime:' + $Value.ToString('o') }
  if ($Value -is [xml]) { return 'xml:' + $Value.OuterXml }
  return $type.Name + ':' + [string]$Value
}
`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const evaluating = (expressions: readonly string[]): string => `${describing}
foreach ($expression in ${expressions.map(quoted).join(', ')}) {
  try { Describe (& ([scriptblock]::Create('$value = ' + $expression + "\`n,\`$value"))) 0 }
  catch { 'ERR ' + $_.FullyQualifiedErrorId }
}`;

describe('expressions of all operators and conversions', () => {
  test('give the type and value, or the error, that a real PowerShell gave', async () => {
    const differences: string[] = [];
    for (let from = 0; from < recorded.length; from += 100) {
      const part = recorded.slice(from, from + 100);
      const { output } = await runScripts([evaluating(part.map(([expression = '']) => expression))]);
      for (const [index, [expression, given]] of part.entries()) {
        const got = output[index];
        if (got !== given)
          differences.push(`${expression}: ${typeof got === 'string' ? got : typeof got} instead of ${given}`);
      }
    }
    expect(recorded.length).toBeGreaterThan(600);
    expect(differences).toEqual([]);
  });
});
