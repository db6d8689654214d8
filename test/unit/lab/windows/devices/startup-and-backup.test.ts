import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { restarted } from '../restarted.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const msu = 'C:\\Updates\\windows10.0-kb5068861-x64.msu';
const fitting: FaultSpec = { kind: 'package-damaged', path: 'C:\\Updates\\bad.msu', goodCopy: msu };
const install = `& dism /Online /Add-Package /PackagePath:${msu} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;

/** Restarts and lets the user sign in. */
const afterStart = async (machine: Machine): Promise<void> => {
  await restarted(machine);
  await outputOf(machine, 'Start-Sleep 120');
};

describe('a resident program that keeps the update folder', () => {
  const services = `@(Get-CimInstance Win32_Service | Where-Object PathName -like '*Program Files*')`;

  test('stands among others, which files tell apart by their makers', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'startup-conflict' }]),
      `${services} | ForEach-Object { $f = $_.PathName.Trim('"'); "$($_.Name) $((Get-Item $f).VersionInfo.CompanyName) $((Get-AuthenticodeSignature $f).SignerCertificate.Subject -like '*Microsoft*')" }
       @(Get-CimInstance Win32_StartupCommand | ForEach-Object Name)`,
    );
    expect(output).toEqual([
      'AwLicense Adventure Works False',
      'CtsPrint Contoso Ltd. False',
      'NwSync Northwind Traders False',
      'TspGuard Tailspin Toys False',
      'LwHotkeys',
      'PwNotes',
    ]);
  });

  test('is found by halves: with it off the update goes in, with the others off it does not', async () => {
    const off = (names: string): string => `foreach ($n in ${names}) { & sc.exe config $n start= disabled | Out-Null }`;
    const machine = labMachine([fitting, { kind: 'startup-conflict' }]);
    expect(await outputOf(machine, `${install}; ${off(`'AwLicense','CtsPrint','NwSync'`)}`)).toEqual(['0x80070020']);
    await afterStart(machine);
    expect(
      await outputOf(machine, `${install}; & sc.exe config NwSync start= auto | Out-Null; ${off(`'TspGuard'`)}`),
    ).toEqual(['0x80070020']);
    await afterStart(machine);
    expect(
      await outputOf(
        machine,
        `(Get-Service TspGuard).Status.ToString(); (Get-Service NwSync).Status.ToString(); ${install}`,
      ),
    ).toEqual(['Stopped', 'Running', '0x00000BC2']);
  });

  test('as a startup program is off by its byte in StartupApproved after the next sign-in', async () => {
    const machine = labMachine([fitting, { kind: 'startup-conflict', culprit: 'program' }]);
    await afterStart(machine);
    expect(await outputOf(machine, `@(Get-Process TspGuard).Count; ${install}`)).toEqual([1, '0x80070020']);
    await outputOf(
      machine,
      `Set-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run TspGuard ([byte[]](3,0,0,0,0,0,0,0,0,0,0,0)) -Type Binary`,
    );
    expect(await outputOf(machine, install)).toEqual(['0x80070020']);
    await afterStart(machine);
    expect(await outputOf(machine, `@(Get-Process TspGuard -EA 0).Count; ${install}`)).toEqual([0, '0x00000BC2']);
  });
});

test('the update agent fails by the same program, and what it installs without it is an installed update', async () => {
  const machine = labMachine([{ kind: 'startup-conflict' }]);
  const { ubr } = machine.edition;
  machine.update.offered = [
    {
      title: 'Cumulative Update (KB5068861)',
      updateId: '9f1ad0a7-34c2-4d4e-9a26-0b52b4c3f1d8',
      kb: 'KB5068861',
      kind: 'cumulative',
      ubr: ubr + 50,
    },
  ];
  const script = `$s = New-Object -ComObject Microsoft.Update.Session; $u = $s.CreateUpdateSearcher().Search('IsInstalled=0').Updates
    $d = $s.CreateUpdateDownloader(); $d.Updates = $u; $d.Download() | Out-Null
    $i = $s.CreateUpdateInstaller(); $i.Updates = $u; '0x{0:X8}' -f $i.Install().GetUpdateResult(0).HResult`;
  expect(await outputOf(machine, script, 'service')).toEqual(['0x80070020']);
  expect(await outputOf(machine, `Stop-Service TspGuard; ${script}`, 'service')).toEqual(['0x00000000']);
  await restarted(machine);
  expect(
    await outputOf(
      machine,
      `(Get-HotFix -Id KB5068861).HotFixID; (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').UBR - ${ubr}`,
    ),
  ).toEqual(['KB5068861', 50]);
});

describe('VSS writers', () => {
  const bad = `@(& vssadmin list writers | Where-Object { $_ -match '^\\s+\\S+ \\[(\\d+)\\]' -and $Matches[1] -ne '1' }).Count`;
  const backup = `$p = Start-Process wbadmin.exe -ArgumentList 'start backup -backupTarget:E: -include:C: -quiet' -Wait -PassThru; $p.ExitCode`;

  test.each(['windows-11-24h2', 'windows-server-2022'] as const)(
    'one that failed stays so until its service is started anew, and so does the backup (%s)',
    async (base) => {
      const machine = labMachine([{ kind: 'vss-writer-failed' }], { base });
      expect(await outputOf(machine, `${bad}; ${backup}; Restart-Service Spooler; ${bad}`)).toEqual([1, -3, 1]);
      expect(await outputOf(machine, `Restart-Service Winmgmt -Force; ${bad}; ${backup}`)).toEqual([0, 0]);
      expect(
        await outputOf(
          machine,
          `@(Get-WinEvent -FilterHashtable @{ LogName='Microsoft-Windows-Backup'; Id=521 }).Count; @(Get-WinEvent -FilterHashtable @{ LogName='Microsoft-Windows-Backup'; Id=4 }).Count`,
        ),
      ).toEqual([2, 1]);
    },
  );

  test('a copy of the volume for clients takes no writers, so it is made all the same', async () => {
    expect(
      await outputOf(
        labMachine([{ kind: 'vss-writer-failed' }], { base: 'windows-server-2022' }),
        `[int](Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume='C:\\'; Context='ClientAccessible' }).ReturnValue`,
      ),
    ).toEqual([0]);
  });

  test('the module of Windows Server Backup says what the last job came to, and is not there without its feature', async () => {
    const machine = labMachine([{ kind: 'vss-writer-failed' }], { base: 'windows-server-2022' });
    expect(
      await outputOf(
        machine,
        `'0x{0:X8}' -f (Get-WBSummary).LastBackupResultHR; (Get-WBSummary).NumberOfVersions; '0x{0:X8}' -f (Get-WBJob -Previous 1).HResult`,
      ),
    ).toEqual(['0x800423F2', 1, '0x800423F2']);
    const ran = await runScript(labMachine([], { base: 'windows-server-2022' }), 'Get-WBSummary');
    expect((ran.end.kind === 'failed' ? ran.end.error : ran.errors[0])?.exception.type).toBe(
      'System.Management.Automation.CommandNotFoundException',
    );
  });
});

describe('a shadow copy', () => {
  test('is of the volume that is named, by letter or by its id, and protection of one drive is not that of another', async () => {
    const machine = labMachine();
    machine.hardware.disks.addVolume('E:', 64 * 2 ** 30, { label: 'Data', fileSystem: 'NTFS' });
    await outputOf(machine, 'Set-Content E:\\own.txt x; Enable-ComputerRestore E:\\; Checkpoint-Computer before');
    expect(
      await outputOf(
        machine,
        `$v = (Get-CimInstance Win32_Volume | Where-Object DriveLetter -eq 'E:').DeviceID
         $r = Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = $v; Context = 'ClientAccessible' }
         $c = Get-CimInstance Win32_ShadowCopy | Where-Object ID -eq $r.ShadowID
         $c.VolumeName -eq $v; [IO.File]::Exists("$($c.DeviceObject)\\own.txt"); [IO.File]::Exists("$($c.DeviceObject)\\Windows\\win.ini")
         Disable-ComputerRestore E:\\; @(Get-ComputerRestorePoint).Count`,
      ),
    ).toEqual([true, true, false, 1]);
  });
});

describe('space for shadow copies', () => {
  const create = `[int](Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume='C:\\'; Context='ClientAccessible' }).ReturnValue`;

  test('that is too small refuses copies and restore points, however much of the disk is free', async () => {
    const machine = labMachine([{ kind: 'shadow-storage-small' }]);
    expect(await outputOf(machine, create)).toEqual([6]);
    const ran = await runScript(machine, `Checkpoint-Computer -Description x`, 'service');
    expect(ran.errors.length).toBe(1);
    expect(
      await outputOf(
        machine,
        `@(Get-WinEvent -FilterHashtable @{ LogName='Application'; ProviderName='System Restore'; Id=8193 }).Count; @(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='volsnap'; Id=36 }).Count`,
      ),
    ).toEqual([1, 1]);
  });

  test.each([
    ['vssadmin', `& vssadmin resize shadowstorage /For=C: /On=C: /MaxSize=10% | Out-Null`],
    ['its class', `Get-CimInstance Win32_ShadowStorage | Set-CimInstance -Property @{ MaxSpace = [uint64](20GB) }`],
  ])('is made larger by %s', async (_name, cure) => {
    const machine = labMachine([{ kind: 'shadow-storage-small' }]);
    expect(
      await outputOf(
        machine,
        `Restart-Service VSS -EA 0; ${create}; ${cure}; ${create}; (Get-CimInstance Win32_ShadowStorage).MaxSpace -gt 10GB`,
      ),
    ).toEqual([6, 0, true]);
  });
});

describe('a backup', () => {
  test('that is damaged is 0x80070057 in the recovery, and a new one is not', async () => {
    const machine = labMachine([{ kind: 'backup-image-damaged' }], { base: 'windows-server-2022' });
    const recover = `$v = (Get-WBBackupSet)[-1].VersionId; @(& wbadmin start recovery "-version:$v" -itemType:Volume -items:C: -quiet | Where-Object { $_ -match '80070057' }).Count`;
    expect(await outputOf(machine, `@(Get-WBBackupSet).Count; ${recover}`)).toEqual([1, 1]);
    expect(
      await outputOf(machine, `& wbadmin start backup -backupTarget:E: -quiet | Out-Null; $LASTEXITCODE; ${recover}`),
    ).toEqual([0, 0]);
  });

  test('that was moved is found again where the catalog says it is', async () => {
    const machine = labMachine([{ kind: 'backup-image-damaged', cause: 'path' }]);
    const recover = `$v = (& wbadmin get versions | Where-Object { $_ -match 'identifier: (.+)' } | ForEach-Object { $Matches[1] }); @(& wbadmin start recovery "-version:$v" -quiet | Where-Object { $_ -match '80070003' }).Count`;
    expect(await outputOf(machine, recover)).toEqual([1]);
    const name =
      machine.hardware.disks.disks.length > 0
        ? (await import('../../../../../src/lab/windows/machine/devices/backups.ts')).backupVersions(machine)[0]!.folder
        : '';
    expect(
      await outputOf(
        machine,
        `Rename-Item E:\\WindowsImageBackup\\BOX\\moved '${name.slice(name.lastIndexOf('\\') + 1)}'; ${recover}`,
      ),
    ).toEqual([0]);
  });

  test('without -quiet waits for an answer that nobody gives', async () => {
    const machine = labMachine([{ kind: 'backup-old' }]);
    expect(
      await outputOf(
        machine,
        `$p = Start-Process wbadmin.exe -ArgumentList 'start backup -backupTarget:E:' -PassThru; Start-Sleep 7200; $p.HasExited`,
      ),
    ).toEqual([false]);
  });
});

describe('the updater of Chrome', () => {
  const make = `try { New-Object -ComObject GoogleUpdate.OnDemandCOMClassMachine | Out-Null; 'made' } catch { '0x{0:X8}' -f $_.Exception.HResult }`;
  const cure = `Rename-Item 'C:\\Program Files (x86)\\Google\\GoogleUpdater' GoogleUpdater.old; $p = Start-Process msiexec.exe -ArgumentList '/i C:\\Packages\\GoogleChromeStandaloneEnterprise64.msi /qn /norestart /l*v C:\\msi.log' -Wait -PassThru; $p.ExitCode`;

  test('whose program is gone cannot be created until the package is installed anew', async () => {
    const machine = labMachine([{ kind: 'chrome-updater-broken' }]);
    const service = `(Get-Service 'GoogleUpdaterService*').Status.ToString()`;
    expect(
      await outputOf(
        machine,
        `${make}; @(Get-ScheduledTask -TaskPath '\\GoogleSystem\\GoogleUpdater\\').Count; ${service}`,
      ),
    ).toEqual(['0x80070002', 1, 'Stopped']);
    const ran = await runScript(machine, `Start-Service 'GoogleUpdaterService*'`);
    expect(ran.errors[0]?.exception.inner?.inner?.properties['NativeErrorCode']).toBe(2);
    expect(await outputOf(machine, `${cure}; ${make}; ${service}; Test-Path C:\\msi.log`)).toEqual([
      0,
      'made',
      'Running',
      true,
    ]);
  });

  test('that a policy blocks is not cured by the package', async () => {
    const machine = labMachine([{ kind: 'chrome-updater-broken', cause: 'policy' }]);
    expect(
      await outputOf(machine, `${make}; (Get-ItemProperty HKLM:\\SOFTWARE\\Policies\\Google\\Update).UpdateDefault`),
    ).toEqual(['made', 0]);
  });

  test('the installer needs a folder for temporary files and a whole package', async () => {
    const machine = labMachine([{ kind: 'chrome-updater-broken' }, { kind: 'temp-folder-missing' }]);
    expect(
      await outputOf(
        machine,
        `$p = Start-Process msiexec.exe -ArgumentList '/i C:\\Packages\\none.msi /qn' -Wait -PassThru; $p.ExitCode`,
      ),
    ).toEqual([1619]);
  });
});

test('the updater of Edge is broken and cured in the same way', async () => {
  const make = `try { New-Object -ComObject MicrosoftEdgeUpdate.OnDemandCOMClassMachine | Out-Null; 'made' } catch { '0x{0:X8}' -f $_.Exception.HResult }`;
  expect(
    await outputOf(
      labMachine([{ kind: 'chrome-updater-broken', product: 'edge' }]),
      `${make}; $p = Start-Process msiexec.exe -ArgumentList '/i C:\\Packages\\MicrosoftEdgeEnterpriseX64.msi /qn' -Wait -PassThru; $p.ExitCode; ${make}`,
    ),
  ).toEqual(['0x80070002', 0, 'made']);
});

test('a laptop on its battery says so; other machines have none', async () => {
  expect(
    await outputOf(
      labMachine([{ kind: 'on-battery' }]),
      `[int](Get-CimInstance Win32_Battery).BatteryStatus; [int](Get-CimInstance Win32_Battery).EstimatedChargeRemaining`,
    ),
  ).toEqual([1, 18]);
  expect(await outputOf(labMachine(), `@(Get-CimInstance Win32_Battery).Count`)).toEqual([0]);
});
