import { describe, expect, test } from 'vitest';
import { labMachine, outputOf, runScript } from './run-script.ts';

describe('an antivirus of another vendor', () => {
  test('takes the place of Defender on a client, and registers with the Security Center there', async () => {
    const told = `
      @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct | ForEach-Object { $_.displayName })
      $s = Get-MpComputerStatus; "$($s.AMRunningMode)|$($s.RealTimeProtectionEnabled)"`;
    expect(await outputOf(labMachine(), told)).toEqual(['Windows Defender', 'Normal|True']);
    expect(await outputOf(labMachine([{ kind: 'third-party-av' }]), told)).toEqual([
      'Windows Defender',
      'Example Security',
      'Not running|False',
    ]);
  });

  test('is seen on a server by its service and its filter only', async () => {
    const machine = labMachine([{ kind: 'third-party-av' }], { base: 'windows-server-2022' });
    const ran = await runScript(machine, 'Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct');
    expect(ran.errors[0]?.id).toContain('0x8004100e');
    expect(
      await outputOf(
        machine,
        `(Get-MpComputerStatus).AMRunningMode
         Get-ChildItem 'HKLM:\\SYSTEM\\CurrentControlSet\\Services' | ForEach-Object { $n = $_.PSChildName
           Get-ChildItem "$($_.PSPath)\\Instances" -ErrorAction SilentlyContinue | ForEach-Object { $a = [int](Get-ItemProperty $_.PSPath).Altitude
             if ($a -ge 320000 -and $a -le 329999) { "$n $a" } } }`,
      ),
    ).toEqual(['Normal', 'exavflt 325990', 'WdFilter 328010']);
  });
});

describe('filters', () => {
  test('are listed by altitude; those of Windows do not unload, others come back with the next start', async () => {
    const machine = labMachine([{ kind: 'filter-driver', class: 'backup' }]);
    const names = `@(& fltmc.exe filters | Select-Object -Skip 3 | ForEach-Object { ($_ -split '\\s+')[0] })`;
    const output = await outputOf(
      machine,
      `${names}[0..3]; & fltmc.exe unload WdFilter | Out-Null; '0x{0:X8}' -f $LASTEXITCODE; & fltmc.exe unload exbkflt | Out-Null; $LASTEXITCODE; ${names} -contains 'exbkflt'`,
    );
    expect(output).toEqual(['bindflt', 'WdFilter', 'exbkflt', 'storqosflt', '0x80070005', 0, false]);
    machine.filters.restart();
    expect((await outputOf(machine, `${names} -contains 'exbkflt'`))[0]).toBe(true);
    await outputOf(machine, `Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\exbkflt' Start 4`);
    machine.filters.restart();
    expect((await outputOf(machine, `${names} -contains 'exbkflt'`))[0]).toBe(false);
  });
});

describe('Defender', () => {
  test('tells what it took away, and new signatures are right about it', async () => {
    const machine = labMachine([{ kind: 'defender-blocks', how: 'false-positive' }]);
    const download = `
      $s = New-Object -ComObject Microsoft.Update.Session; $d = $s.CreateUpdateDownloader(); $d.Updates = $s.CreateUpdateSearcher().Search('IsInstalled=0').Updates
      [void]$d.Download(); $d.Updates.Item(0).IsDownloaded`;
    expect(await outputOf(machine, download, 'service')).toEqual([false]);
    const log = 'Microsoft-Windows-Windows Defender/Operational';
    expect(machine.events.records(log)?.map(({ id }) => id)).toEqual([1116, 1117, 1116, 1117]);
    const told = await outputOf(
      machine,
      `(Get-MpThreatDetection)[-1].Resources; (Get-MpThreat).ThreatName; Update-MpSignature`,
    );
    expect(told).toEqual([expect.stringMatching(/SoftwareDistribution\\Download\\/), 'Trojan:Win32/Wacatac.B!ml']);
    await outputOf(
      machine,
      'Stop-Service wuauserv; Remove-Item C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb; Start-Service wuauserv',
    );
    expect(await outputOf(machine, download, 'service')).toEqual([true]);
  });

  test('keeps its state where tamper protection is on, and where a policy rules', async () => {
    const guarded = labMachine([{ kind: 'tamper-protection' }]);
    expect(
      await outputOf(
        guarded,
        'Set-MpPreference -DisableRealtimeMonitoring $true; (Get-MpComputerStatus).RealTimeProtectionEnabled',
      ),
    ).toEqual([true]);
    const ruled = labMachine([
      {
        kind: 'policy-conflict',
        key: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\Real-Time Protection',
        name: 'DisableRealtimeMonitoring',
        value: 0,
      },
    ]);
    expect(
      await outputOf(
        ruled,
        'Set-MpPreference -DisableRealtimeMonitoring $true; (Get-MpComputerStatus).RealTimeProtectionEnabled',
      ),
    ).toEqual([true]);
  });
});
