import { describe, expect, test } from 'vitest';
import { found } from './lint-example.ts';

/** Rules found in the first line of a script, without the place. */
const rules = (...args: Parameters<typeof found>): readonly string[] =>
  found(...args).map((each) => each.split(' ')[1] ?? '');
const result = '\n@{ changed = $true; rebootRequired = $false }';

describe('changes past the kit', () => {
  test.each([
    "Remove-Item -LiteralPath 'C:\\Temp\\a' -Recurse",
    "ri 'C:\\Temp\\a'",
    "$null = New-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\Example' -Name 'a' -Value 1",
    "[System.IO.File]::WriteAllText('C:\\a.txt', 'a')",
    "[IO.Directory]::Delete('C:\\a')",
    "'a' > 'C:\\a.txt'",
    "$key.DeleteValue('a')",
    'Stop-KtServiceNow -Name bits',
    '$null = Invoke-CimMethod -ClassName Win32_Service -MethodName ChangeStartMode',
    'Repair-WindowsImage -Online -RestoreHealth | Out-Null',
    'Restart-Computer -Force',
    "Microsoft.PowerShell.Management\\Stop-Service -Name 'bits'",
  ])('%s', (text) => {
    expect(rules('apply', text + result)).toEqual(['change-past-kit']);
    expect(rules('detect', text + result)).toEqual(['change-in-read']);
  });

  test.each([
    "$a = New-Object -TypeName 'System.Text.StringBuilder'",
    "$env:Path = 'C:\\'",
    "Set-Variable -Name 'a' -Value 1",
    "Remove-Item -Path 'env:KT_A'",
    '$null = Repair-WindowsImage -Online -CheckHealth',
    "$a = @(Get-Item -LiteralPath 'C:\\a' 2>$null)",
    '$null = Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectors',
    '$watch = [System.Diagnostics.Stopwatch]::StartNew(); $watch.Stop()',
    'function Set-Mine { param($Value) $script:mine = $Value }; Set-Mine -Value 1',
  ])('is not: %s', (text) => {
    expect(rules('apply', text + result)).toEqual([]);
  });

  test('a program is one by its path, its ending or its name, and cmdlets win over programs', () => {
    for (const text of [
      "& 'C:\\Tools\\a.exe' /x",
      'ipconfig /flushdns',
      '& "$env:windir\\System32\\$name.exe"',
      'reg.exe add HKLM\\a',
    ])
      expect(rules('apply', `$null = ${text}${result}`), text).toEqual(['program-past-kit']);
    expect(rules('apply', `sc 'C:\\a' 'b'${result}`)).toEqual(['change-past-kit']);
  });
});

describe('calls of the kit', () => {
  test.each([
    ['Stop-KtService -Nam bits', []],
    ['Stop-KtService bits', []],
    ['Stop-KtService', ['kit-call']],
    ['Stop-KtService -Name bits -Now', ['kit-call']],
    ['Stop-KtService bits 5 7', ['kit-call']],
    ['Stop-KtService @table', []],
    ['$a = Rename-KtFolder -Path C:\\a', ['kit-call']],
    ['$a = Rename-KtFolder -Path C:\\a -Aside -NewName b', ['kit-call']],
    ['$a = Invoke-KtProgram -File a.exe', ['kit-call']],
    ['$a = Invoke-KtProgram -File a.exe -ReadOnly -Encoding Ansi', ['kit-call']],
    ['$a = Invoke-KtProgram -File a.exe -UndoArguments b', ['kit-call']],
  ] as const)('%s', (text, expected) => {
    expect(rules('apply', text + result)).toEqual(expected);
  });
});

describe('loose output', () => {
  test.each([
    ['$list = [System.Collections.ArrayList]::new(); $builder.Append("a")', ['loose-output']],
    ['Get-Process', ['loose-output']],
    ['Get-Process | Out-Null', []],
    ['[void]$builder.Append("a")', []],
    ['if ($a) { Get-Process }', ['loose-output']],
    ['foreach ($x in 1, 2) { $x }', ['loose-output']],
    ["'a' | ForEach-Object { $_ }", ['loose-output']],
    ["'a' | ForEach-Object { $null = $_ }", []],
    ['try { Test-Path -LiteralPath C:\\a } finally { $a = 1 }', ['loose-output']],
    ['function Get-One { 1 }\nGet-One', ['loose-output']],
    ['function Set-One { $script:one = 1 }\nSet-One', []],
    ['function Get-Many { if ($a) { Get-Many } }\nGet-Many', []],
    ['$i++; $a = Get-Process; Start-Sleep -Seconds 1; Write-KtProgress -Text a', []],
    ['Stop-KtService -Name bits', []],
    ['throw "a"', []],
    ['if ($a) { return @{ changed = $false; rebootRequired = $false } }', []],
  ] as const)('%s', (text, expected) => {
    expect(rules('apply', text + result)).toEqual(expected);
  });
});

describe('texts', () => {
  test.each([
    ["if ($_.Exception.Message -match 'Access is denied') { }", ['localized-text']],
    ["$a = $run.Output -match '0x[0-9a-f]{8}'", []],
    ["$a = @($events | Where-Object { $_.LevelDisplayName -eq 'Error' })", ['localized-text']],
    ["switch -Regex ($run.Output) { 'RUNNING' { $a = 1 } }", ['localized-text']],
    ["$a = $run.Output.Contains('SUCCESS')", ['localized-text']],
    ["$a = $run.Output | Select-String -Pattern 'SUCCESS'", ['localized-text']],
    ["$a = $run.Output -ne ''", []],
    ["$a = '/English'; $b = $run.Output -match 'The operation completed'", []],
    ["$a = $entry.Text -match 'DataStore\\.edb'", []],
    ["$acl = 'NT AUTHORITY\\SYSTEM'", ['account-name']],
    ["$arguments = '/grant', 'Administrators:(F)'", ['account-name']],
    ["$path = 'C:\\Users\\Public'", []],
    ['$a = $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)', []],
    ['$a = @{ Administrators = 1 }', []],
  ] as const)('%s', (text, expected) => {
    expect(rules('apply', text + result)).toEqual(expected);
  });
});

describe('secrets, code from texts, and endpoints', () => {
  test('a secret of action.yaml is followed through variables into arguments and messages', () => {
    const text = '$plain = "/p:$Password"; $line = @($plain)\n';
    const terms = { secrets: ['password'], irreversible: 'as said' };
    const call = "$run = Invoke-KtProgram -File a.exe -Arguments $line -Irreversible 'x' -Leaves 'y'";
    expect(rules('apply', text + call + result, terms)).toEqual(['secret-argument']);
    expect(rules('apply', `${text}Write-KtProgress -Text $plain${result}`, terms)).toEqual(['secret-argument']);
    expect(rules('apply', text + call + result, { irreversible: 'as said' })).toEqual([]);
  });

  test.each([
    ['$a = [scriptblock]::Create($text)', ['invoke-expression']],
    ['iex $text', ['invoke-expression']],
    ['$a = & $name', ['built-command']],
    ['$block = { 1 }; $a = & $block', []],
    ['$a = Invoke-KtProgram -File a.exe -RawArguments "/x $name" -ReadOnly', ['built-command']],
    ["$a = Invoke-KtProgram -File a.exe -RawArguments '/x' -ReadOnly", []],
    ["$a = Get-CimInstance -ClassName Win32_Service -ComputerName 'srv'", ['constrained-endpoint']],
    ["$a = Test-Path -LiteralPath '\\\\srv\\share\\a'", ['constrained-endpoint']],
    ['. C:\\a\\b.ps1', ['constrained-endpoint']],
    ['& "$folder\\b.ps1" | Out-Null', ['constrained-endpoint']],
    ["$a = Get-Content -LiteralPath 'C:\\a' -AsByteStream", ['powershell-7']],
    ['$a = $b ? 1 : 2', ['powershell-7']],
    ['Start-Job -ScriptBlock { 1 } | Out-Null', ['detached-work']],
    ['do { Start-Sleep -Seconds 1 } until ($done)', ['wait-without-limit']],
    ['do { Start-Sleep -Seconds 1; $count++ } until ($done -or $count -gt 9)', []],
    ['Sync-Nothing', ['unknown-command']],
  ] as const)('%s', (text, expected) => {
    expect(rules('apply', text + result)).toEqual(expected);
  });
});
