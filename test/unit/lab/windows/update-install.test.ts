import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const cumulative = {
  title: '2026-11 Cumulative Update (KB5068861)',
  updateId: '9f1ad0a7-34c2-4d4e-9a26-0b52b4c3f1d8',
  kb: 'KB5068861',
  kind: 'cumulative',
  ubr: 7001,
} as const;

const machineWith = (faults: readonly FaultSpec[] = []): Machine => {
  const machine = labMachine(faults);
  machine.update.offered = [cumulative];
  return machine;
};

/** Downloads and installs everything as the cards do; gives the code of the download, and that of the installation. */
const install = `
  $session = New-Object -ComObject 'Microsoft.Update.Session'
  $found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0').Updates
  $loader = $session.CreateUpdateDownloader(); $loader.Updates = $found
  $loaded = $loader.Download()
  '0x{0:X8}' -f $loaded.GetUpdateResult(0).HResult
  $all = New-Object -ComObject 'Microsoft.Update.UpdateColl'
  foreach ($one in $found) { [void]$all.Add($one) }
  $installer = $session.CreateUpdateInstaller(); $installer.Updates = $all
  $result = $installer.Install()
  '0x{0:X8}' -f $result.GetUpdateResult(0).HResult
  [int]$result.ResultCode`;
const installed = async (machine: Machine): Promise<unknown[]> => await outputOf(machine, install, 'service');
const system = (machine: Machine): number[] => (machine.events.records('System') ?? []).map(({ id }) => id);

describe('an update', () => {
  test('is downloaded and installed, waits for the restart, and is in the history', async () => {
    const machine = machineWith();
    expect(await installed(machine)).toEqual(['0x00000000', '0x00000000', 2]);
    expect(system(machine)).toEqual(expect.arrayContaining([44, 43, 19]));
    const told = await outputOf(
      machine,
      `(New-Object -ComObject Microsoft.Update.SystemInfo).RebootRequired
       Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired'
       $h = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher().QueryHistory(0, 5).Item(0); $h.Title; $h.ResultCode`,
      'service',
    );
    expect(told).toEqual([true, true, cumulative.title, 2]);
    expect(machine.update.offered).toEqual([]);
    machine.power.awayRealMs = 1;
    const up = new Promise((resolve) => machine.power.watch((state) => state === 'up' && resolve(undefined)));
    machine.power.restart();
    await up;
    const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
    expect(machine.registry.data(key, 'UBR')).toBe(7001);
  });

  const cases: readonly (readonly [string, FaultSpec, readonly [string, string], string, string])[] = [
    [
      'rights of catroot2 that are gone',
      { kind: 'acl-broken', target: 'catroot2' },
      ['0x00000000', '0x80070005'],
      'icacls C:\\Windows\\SoftwareDistribution /reset /t /c /q | Out-Null',
      // Renaming needs the right to delete the folder, which nobody has until it is taken.
      `takeown /f C:\\Windows\\System32\\catroot2 /a | Out-Null; icacls C:\\Windows\\System32\\catroot2 /grant '*S-1-5-32-544:F' | Out-Null
       Stop-Service CryptSvc -Force; Rename-Item C:\\Windows\\System32\\catroot2 catroot2.old; Start-Service CryptSvc`,
    ],
    [
      'rights of the servicing key that are gone',
      { kind: 'acl-broken', target: 'servicing-key', damage: 'denied' },
      ['0x00000000', '0x80070005'],
      'gpupdate /target:computer /force | Out-Null',
      `$k = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing'; $a = Get-Acl $k; $a.SetSecurityDescriptorSddlForm('O:BAG:SYD:PAI(A;CI;KR;;;BU)(A;CI;KA;;;BA)(A;CI;KA;;;SY)'); Set-Acl $k $a`,
    ],
    [
      'a filter that holds the files',
      { kind: 'filter-driver' },
      ['0x80070020', '0x80246007'],
      `Set-MpPreference -DisableRealtimeMonitoring $true`,
      'fltmc unload exencflt',
    ],
    [
      'an antivirus that holds the files',
      { kind: 'third-party-av' },
      ['0x80070020', '0x80246007'],
      `Add-MpPreference -ExclusionPath C:\\Windows\\SoftwareDistribution\\Download`,
      `Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\exavflt\\Parameters' WatchedFolders @('C:\\Users')`,
    ],
    [
      'controlled folder access',
      { kind: 'defender-blocks' },
      ['0x80070005', '0x80246007'],
      `Add-MpPreference -ExclusionPath C:\\Windows\\SoftwareDistribution\\Download`,
      `Add-MpPreference -ControlledFolderAccessAllowedApplications C:\\Windows\\System32\\svchost.exe`,
    ],
    [
      'signatures that are wrong about the file',
      { kind: 'defender-blocks', how: 'false-positive' },
      ['0x00000000', '0x80246007'],
      `Set-MpPreference -EnableControlledFolderAccess Disabled`,
      `Add-MpPreference -ExclusionPath C:\\Windows\\SoftwareDistribution\\Download`,
    ],
    [
      'a WSUS server without the files',
      { kind: 'wsus-unreachable', how: 'missing-content' },
      ['0x80244019', '0x80246007'],
      'netsh winhttp reset proxy | Out-Null',
      `Set-ItemProperty 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU' UseWUServer 0`,
    ],
    [
      'servicing that is at work',
      { kind: 'installer-busy' },
      ['0x00000000', '0x80240016'],
      'Stop-Service wuauserv -Force; Start-Service wuauserv',
      'Stop-Process -Name TiWorker -Force',
    ],
    [
      'an installation by Windows Installer',
      { kind: 'installer-busy', program: 'msi' },
      ['0x00000000', '0x80240016'],
      'Stop-Service BITS -Force -ErrorAction SilentlyContinue',
      'Stop-Process -Name msiexec -Force',
    ],
    [
      'BITS that is disabled',
      { kind: 'service-disabled', name: 'BITS' },
      ['0x80246008', '0x80246007'],
      'Stop-Service wuauserv -Force; Start-Service wuauserv',
      'Set-Service BITS -StartupType Manual',
    ],
  ];
  for (const [name, fault, codes, wrong, right] of cases)
    test(`fails by ${name}, and only what cures it helps`, async () => {
      const machine = machineWith([fault]);
      expect((await installed(machine)).slice(0, 2)).toEqual(codes);
      expect(system(machine)).toContain(20);
      await outputOf(machine, wrong);
      // Where the file was taken away, the database still counts on it: the cache must go, too.
      const reset =
        'Stop-Service wuauserv; Remove-Item C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb; Start-Service wuauserv';
      if (fault.kind === 'defender-blocks') await outputOf(machine, reset);
      expect((await installed(machine)).slice(0, 2)).toEqual(codes);
      await outputOf(machine, right);
      if (fault.kind === 'defender-blocks') await outputOf(machine, reset);
      expect(await installed(machine)).toEqual(['0x00000000', '0x00000000', 2]);
    });

  test('fails by a job of BITS that cannot end until that very job is taken away', async () => {
    const machine = labMachine([{ kind: 'bits-queue-stuck', foreignJob: true }]);
    expect((await installed(machine)).slice(0, 2)).toEqual(['0x80190194', '0x80246007']);
    const told = await outputOf(
      machine,
      `$jobs = @(Get-BitsTransfer -AllUsers); $jobs.Count
       foreach ($j in $jobs) { "$($j.DisplayName)|$($j.JobState)|$($j.OwnerAccount)|$($j.FileList[0].RemoteName -match 'delivery\\.mp\\.microsoft\\.com')" }`,
    );
    expect(told).toEqual([
      2,
      'Windows Update|TransientError|NT AUTHORITY\\SYSTEM|True',
      'CCMDTS Job|Suspended|NT AUTHORITY\\SYSTEM|False',
    ]);
    // Others' jobs stay where an administrator resets the queue: they belong to SYSTEM.
    expect((await outputOf(machine, 'bitsadmin /reset /allusers')).at(-1)).toBe('0 out of 2 jobs canceled.');
    await outputOf(machine, `Get-BitsTransfer -AllUsers -Name 'Windows*' | Remove-BitsTransfer`);
    expect(await installed(machine)).toEqual(['0x00000000', '0x00000000', 2]);
    expect(machine.transfers.jobs()?.map(({ name }) => name)).toEqual(['CCMDTS Job']);
  });

  test('fails by a queue that cannot be read until its file is set aside', async () => {
    const machine = labMachine([{ kind: 'bits-queue-stuck', damage: 'database' }]);
    expect((await installed(machine))[0]).toBe('0x80246008');
    const ran = await runScript(machine, 'Get-BitsTransfer -AllUsers');
    expect(ran.errors.length + (ran.end.kind === 'failed' ? 1 : 0)).toBe(1);
    await outputOf(machine, `Stop-Service BITS -ErrorAction SilentlyContinue; Start-Service BITS; Start-Sleep 2`);
    expect(machine.events.records('Microsoft-Windows-Bits-Client/Operational')?.at(-1)?.id).toBe(16392);
    expect((await installed(machine))[0]).toBe('0x80246008');
    await outputOf(
      machine,
      `Rename-Item C:\\ProgramData\\Microsoft\\Network\\Downloader\\qmgr.db qmgr.db.old; Start-Service BITS; Start-Sleep 2; (Get-Service BITS).Status.ToString()`,
    );
    expect(await installed(machine)).toEqual(['0x00000000', '0x00000000', 2]);
  });

  test('is not for a caller with a network logon', async () => {
    const machine = machineWith();
    const ran = await runScript(machine, `(New-Object -ComObject Microsoft.Update.Session).CreateUpdateDownloader()`);
    const error = ran.end.kind === 'failed' ? ran.end.error : ran.errors[0];
    expect((error?.exception.inner?.hresult ?? 0) >>> 0).toBe(0x80070005);
  });

  test('tells of itself in the log that Get-WindowsUpdateLog writes', async () => {
    const machine = machineWith([{ kind: 'wsus-unreachable' }]);
    await runScript(machine, install, 'service');
    const output = await outputOf(
      machine,
      `Get-WindowsUpdateLog -LogPath C:\\Windows\\Temp\\wu.log; (Select-String -InputObject (Get-Content C:\\Windows\\Temp\\wu.log -Raw) -Pattern '\\*FAILED\\* \\[80072EE2\\]' -Quiet)`,
    );
    expect(output).toEqual([true]);
  });
});
