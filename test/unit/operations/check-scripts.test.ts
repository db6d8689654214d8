import { describe, expect, it } from 'vitest';
import { check, file, one, playbook, toldOf } from './validated-folder.ts';

describe('scripts of actions', () => {
  it('are read as Windows PowerShell reads them; what only the lab cannot run is no fault', () => {
    expect(toldOf("Get-StorageJob\n@{ ok = $true; reason = ''; facts = @{} }")).toEqual([]);
    expect(toldOf('foreach -parallel ($a in 1) { }\n@{ ok = $true }')).toEqual([]);
    expect(toldOf('if ($true) {\n  1')).toEqual(["1:12 the closing '}' is missing"]);
    expect(toldOf('$a = 1\n$b = $a ?? 2\n@{ ok = $true }')).toEqual([
      expect.stringMatching(/^2:9 .* is PowerShell 7 syntax; Windows PowerShell 5\.1 does not know it$/),
    ]);
    expect(check('if (').text).toMatch(/actions\/own\/check\/verify\.ps1:1:\d+: .*\n +1 \| if \(/);
  });

  it('give what the host kit demands', () => {
    expect(toldOf('')).toEqual(['1:1 the script gives no result']);
    expect(toldOf("$x = 1\n[pscustomobject]@{ okay = $true; reason = '' }")).toEqual([
      '2:17 the result of verify.ps1 lacks `ok`',
    ]);
    expect(check('@{ }').faults[0]?.expected).toBe('one table with `ok` as the last statement');
    // Only a run can tell what these give.
    for (const open of ['Get-Result', '@{ $name = $true }', 'if ($a) { @{ ok = $true } }'])
      expect(toldOf(open)).toEqual([]);
  });

  it('take the parameters of action.yaml, and want no others', () => {
    const parameters = 'parameters: { name: { type: string, default: a } }\n';
    expect(toldOf('param([string]$Name)\n@{ ok = $true }', parameters)).toEqual([]);
    expect(toldOf('param([Parameter(Mandatory)][string]$Nam)\n@{ ok = $true }', parameters)).toEqual([
      '1:1 the script does not take the parameter `name` of action.yaml',
      '1:7 the parameter `$Nam` is mandatory, and action.yaml does not declare it',
    ]);
  });

  it('call functions that the host kit has', () => {
    const script =
      'function Get-KtOwn { 1 }\nGet-KtOwn\nstop-ktservice -Name a\nStop-KtServise -Name a\n@{ ok = $true }';
    expect(check(script).faults).toMatchObject([
      {
        line: 4,
        column: 1,
        message: 'the host kit has no function `Stop-KtServise`',
        suggestion: 'did you mean `Stop-KtService`, `Start-KtService`?',
      },
    ]);
  });

  it('are checked with the playbook and the test that use them', () => {
    check('if (');
    const own = playbook.replace('demo/look', 'own/check');
    file('playbooks/own.yaml', own);
    file(
      'playbooks/own.test.yaml',
      'kintsugi: playbook-test/v1\ncases: [{ name: a, hosts: { pc: { base: windows-11-24h2 } }, expect: { end: repaired } }]\n',
    );
    for (const name of ['own', 'playbooks/own.yaml', 'playbooks/own.test.yaml'])
      expect(one(name).text).toContain('verify.ps1:1:5');
  });
});

describe('several faults of a script', () => {
  it('are told at once, where the lines between them can be read', () => {
    const script = [
      "$a = $env:A ?? 'x'",
      '$b = $a ? 1 : 2',
      '$c = ${a}?.Length',
      'Get-Date && Get-Date',
      '$d = 1 +* 2',
      'if ($a ?? $b) { $b }',
      '@{ ok = $true }',
    ].join('\n');
    expect(toldOf(script).map((told) => told.replace(/ is PowerShell 7.*/, ''))).toEqual([
      "1:13 the null-coalescing operator '??'",
      "2:9 the ternary operator '?:'",
      "3:10 the null-conditional access '?.'",
      "4:10 the pipeline chain operator '&&'",
      expect.stringMatching(/^5:/),
      "6:8 the null-coalescing operator '??'",
    ]);
  });

  it('are told up to a line that opens what it does not close', () => {
    expect(toldOf('$a = 1 ?? 2\nif ($a ? 1 : 2) {\n$x = @(\n}\n@{ ok = $true }')).toHaveLength(2);
    expect(toldOf('foreach ($i in 1 {\n}\n@{ ok = $true }')).toHaveLength(1);
  });
});

describe('what only PowerShell 7 has', () => {
  it('is told: commands and parameters', () => {
    const script = [
      '1..3 | ForEach-Object -Parallel { $_ }',
      "ConvertFrom-Json '{}' -AsHashtable",
      "$x = Test-Json '{}'",
      '1 | % -ThrottleLimit 2 { $_ }',
      '@{ ok = $true }',
    ].join('\n');
    expect(toldOf(script)).toEqual([
      '1:23 `-Parallel` of `ForEach-Object` is a parameter of PowerShell 7',
      '2:23 `-AsHashtable` of `ConvertFrom-Json` is a parameter of PowerShell 7',
      '3:6 `Test-Json` is a command of PowerShell 7',
      '4:7 `-ThrottleLimit` of `%` is a parameter of PowerShell 7',
    ]);
  });

  it('may be the name of a function of the script itself', () => {
    expect(toldOf('function Test-Json { $true }\n@{ ok = (Test-Json) }')).toEqual([]);
  });
});
