import { describe, expect, test } from 'vitest';
import { coverScript, functionsOf } from '../../../../src/lab/coverage/cover-script.ts';
import { labMachine, runScript } from '../windows/run-script.ts';

const gapsOf = (script: string): string[] =>
  coverScript(script, 'a.ps1').gaps.map(
    ({ line, column, kind, name, why }) => `${line}:${column} ${kind} ${name} ${why}`,
  );

/** Each script and what it lacks. */
const lacking: readonly (readonly [script: string, gap: string])[] = [
  [
    'class Finding : System.Collections.ArrayList { }',
    '1:17 construct a class that derives from [System.Collections.ArrayList] outside',
  ],
  ['using module Own', '1:1 construct using module outside'],
  ['whoami.exe --% /all', '1:12 construct the verbatim argument --% outside'],
  ["'ab' -replace 'a', { 'b' }", '1:20 construct -replace with a script block (PowerShell 7) outside'],
  ["'ab' -match '(?>a)b'", "1:1 construct the regular expression '(?>a)b' outside"],
  ['function f { param() dynamicparam { } process { 1 } }; f', '1:35 construct the block dynamicparam outside'],
  ['Get-StorageJob', '1:1 command Get-StorageJob outside'],
  ['Microsoft.PowerShell.Utility\\Get-Date -DisplayHint Date', '1:39 parameter Get-Date -DisplayHint outside'],
  ['Get-Item C:\\Windows -Stream x', '1:21 parameter Get-Item -Stream outside'],
  ['gi C:\\Windows -Str x', '1:15 parameter Get-Item -Stream outside'],
  ["$p = @{ Path = 'C:\\Windows' }\n$p.Stream = 'x'\nGet-Item @p", '3:10 parameter Get-Item -Stream outside'],
  ["ConvertTo-SecureString 'a' $null", '1:28 parameter ConvertTo-SecureString -SecureKey outside'],
  ['Invoke-Command server { 1 }', '1:16 parameter Invoke-Command -ComputerName outside'],
  ['netsh advfirewall show allprofiles', '1:1 call netsh advfirewall show outside'],
  ['ipconfig.exe /release', '1:1 call ipconfig /release outside'],
  ['gpupdate /force /boot', '1:1 call gpupdate /boot outside'],
  ['New-Item C:\\x.txt -ItemType Other', '1:1 call New-Item -ItemType Other outside'],
  ["$p = @{ Name = 'a'; Type = 'MX' }\nResolve-DnsName @p", '2:1 call Resolve-DnsName -Type MX outside'],
  ["Invoke-WebRequest 'http://a.example'", '1:1 call Invoke-WebRequest without -UseBasicParsing outside'],
  ['Set-ExecutionPolicy RemoteSigned -Sc CurrentUser', '1:1 call Set-ExecutionPolicy -Scope CurrentUser outside'],
  ['gal', '1:1 call Get-Alias without a name outside'],
  ['Get-Service | Out-String', '1:15 call Out-String of what Get-Service gives outside'],
  ['Get-Service | Out-File C:\\x.txt', '1:15 call Out-File of what Get-Service gives outside'],
  ['Get-Service > C:\\x.txt', '1:13 call > of what Get-Service gives outside'],
  ['Import-Module IISAdministration', '1:1 call the module IISAdministration outside'],
  ['ipmo netqos', '1:1 call the module NetQos outside'],
  ['Import-Module C:\\own.psm1', '1:1 call Import-Module of the file C:\\own.psm1 outside'],
  ['Get-IISAppPool', '1:1 command Get-IISAppPool outside'],
  ['Get-ChildItem Cert:\\LocalMachine\\My', '1:15 call paths of the drive Cert outside'],
  ['Test-Path "WSMan:\\localhost\\$name"', '1:11 call paths of the drive WSMan outside'],
  ["$store = 'Cert:\\CurrentUser'\nSet-Location $store", '1:10 call paths of the drive Cert outside'],
  ['Get-Item Microsoft.PowerShell.Security\\Certificate::CurrentUser', '1:10 call paths of the drive Cert outside'],
  ['$alias:gci', '1:1 call paths of the drive Alias outside'],
  ['& "$env:windir\\System32\\route.exe" print', '1:1 program C:\\Windows\\System32\\route.exe outside'],
  ["& (Join-Path $env:SystemRoot 'system32\\route.exe') print", '1:1 program C:\\Windows\\system32\\route.exe outside'],
  ['$d = \'C:\\Windows\\System32\'\n& "$d\\route.exe" print', '2:1 program route.exe outside'],
  ['route.exe print', '1:1 program route.exe outside'],
  ['Get-CimInstance Win32_Printer', '1:1 class root/cimv2:Win32_Printer outside'],
  ["gcim -Query 'SELECT * FROM Win32_Printer'", '1:1 class root/cimv2:Win32_Printer outside'],
  ['(Get-CimInstance Win32_Service).TagId', '1:33 class Win32_Service.TagId outside'],
  ['$s = Get-CimInstance -ClassName Win32_Service\n$s.TagId', '2:4 class Win32_Service.TagId outside'],
  ['New-Object -ComObject Shell.Application', '1:12 com Shell.Application outside'],
  ['New-Object System.Net.WebClient', '1:12 type System.Net.WebClient outside'],
  ['[System.Net.CookieContainer]::new()', '1:1 type System.Net.CookieContainer outside'],
  ['[Math]::IEEERemainder(7, 2)', '1:9 member [System.Math]::IEEERemainder() outside'],
  ['[Environment]::NoSuchThing', '1:16 member [System.Environment]::NoSuchThing outside'],
  ["$text = 'a'\n$text.IsNormalized()", '2:7 member [System.String].IsNormalized() outside'],
  ["[IO.FileStream]::new('C:\\Windows\\win.ini', 'Open').Handle", '1:52 member [System.IO.FileStream].Handle outside'],
];

describe('what of a script the lab can run', () => {
  test.each(lacking)('%s', async (script, gap) => {
    expect(gapsOf(script)).toContain(gap);
    // The same knowledge: the lab itself refuses what is told as missing.
    // `using` stands before all else.
    const whole = script.startsWith('using ') ? script : `try { . { ${script}\n} } catch { 'caught' }`;
    const { end } = await runScript(labMachine(), whole);
    expect(end.kind === 'failed' && end.error.id).toBe('LabUnsupported');
  });

  test('what runs is counted, different things once, and nothing is told as missing', async () => {
    const script = [
      'using namespace System.Text',
      'function Get-Own([string]$Text) { $Text.ToUpper() }',
      'Set-Alias own Get-Own',
      '$service = Get-CimInstance win32_service -Filter "Name=\'Spooler\'"',
      '$null = $service.State',
      "$at = @{ Path = 'C:\\Windows'; Force = $true }",
      'Get-Item @at | Out-Null',
      'get-item C:\\Windows -Force | % Name',
      '$builder = [StringBuilder]::new()',
      "$null = $builder.Append((own 'a'))",
      'sc.exe query Spooler | Out-Null',
      "'a1' -match '\\d' | Out-Null",
      '$builder.ToString()',
    ].join('\n');
    const { counts, gaps, open } = coverScript(script, 'a.ps1');
    expect({ gaps, open }).toEqual({ gaps: [], open: [] });
    expect(counts).toMatchObject({
      command: { runs: 5, of: 5 },
      parameter: { runs: 7, of: 7 },
      class: { runs: 1, of: 1 },
      program: { runs: 1, of: 1 },
      type: { runs: 2, of: 2 },
    });
    const { end } = await runScript(labMachine(), script);
    expect(end.kind).toBe('completed');
  });

  test('what neither the lab nor its lists know is told as unknown', () => {
    expect(gapsOf('Write-Report 1; Get-Date -Nope; [NoSuchType]::x; [Math]::Nope()')).toEqual([
      '1:1 command Write-Report unknown',
      '1:26 parameter Get-Date -Nope unknown',
      '1:33 type NoSuchType unknown',
      '1:58 member [System.Math]::Nope() unknown',
    ]);
    expect(coverScript('Write-Report 1', 'a.ps1', functionsOf('function Write-Report { }')).gaps).toEqual([]);
    expect(gapsOf('if (')[0]).toMatch(/^1:\d+ syntax .* unknown$/);
  });

  test('a class that Windows has not either is answered as Windows does, so nothing is missing', () => {
    expect(gapsOf('Get-CimInstance -Namespace root/ccm -ClassName CCM_Client')).toEqual([]);
  });

  test('places of which only a run can tell are listed', () => {
    const { open, gaps } = coverScript(
      '& $name\nGet-Item @PSBoundParameters\niex $text\n& { 1 }\nGet-CimInstance $class',
      'a.ps1',
    );
    expect(gaps).toEqual([]);
    expect(open.map(({ line }) => line)).toEqual([1, 2, 3, 5]);
  });

  test('values that only a run knows, and those that the lab takes, are no gap', () => {
    const script = [
      'netsh $context show allprofiles',
      'netsh winhttp show proxy',
      'Resolve-DnsName a.example -Type $type',
      'Resolve-DnsName a.example -Type AAAA',
      'New-Item HKLM:\\SOFTWARE\\Own -ItemType Key',
      "'gci' | Get-Alias",
      'iwr http://a.example -UseBasicParsing',
      'ConvertTo-SecureString $text -AsPlainText:$plain -Force',
      "'a' | Out-String",
      'sc.exe query Spooler | Out-String',
    ].join('\n');
    const { gaps, open } = coverScript(script, 'a.ps1');
    expect({ gaps, open }).toEqual({ gaps: [], open: [] });
    expect(coverScript('$x | Out-String', 'a.ps1').open).toMatchObject([{ line: 1, column: 6 }]);
  });

  test('a variable that holds values of several types has no members to judge', () => {
    expect(gapsOf("$x = 'a'\n$x = Get-Date\n$x.IsNormalized()")).toEqual([]);
  });
});
