import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const host = (...faults: FaultSpec[]): Machine => labMachine(faults, { base: 'windows-server-2022' });

describe('roles and features', () => {
  test('are listed, installed with what they need, and taken away', async () => {
    const machine = host();
    expect(
      await outputOf(
        machine,
        `(Get-WindowsFeature Web-Server).InstallState.ToString(); @(Get-WindowsFeature Web-*).Count -gt 20
         $r = Install-WindowsFeature Web-Server -IncludeManagementTools; $r.Success; $r.ExitCode.ToString(); $r.RestartNeeded.ToString()
         (Get-WindowsFeature Web-Static-Content, Web-Mgmt-Console | ForEach-Object { $_.Installed }) -join ','
         (Get-Service W3SVC).Status.ToString(); (Install-WindowsFeature Web-Server).ExitCode.ToString()
         (Uninstall-WindowsFeature Web-Server).ExitCode.ToString(); (Get-WindowsFeature Web-Static-Content).Installed; @(Get-Service W3SVC -ErrorAction SilentlyContinue).Count`,
      ),
    ).toEqual([
      'Available',
      true,
      true,
      'Success',
      'No',
      'True,True',
      'Running',
      'NoChangeNeeded',
      'Success',
      false,
      0,
    ]);
  });

  test('-WhatIf changes nothing, an unknown name is an error, a client has no such command', async () => {
    const machine = host();
    const before = machine.changes.count;
    await runScript(machine, 'Install-WindowsFeature Web-Server -WhatIf');
    expect(machine.roles.isInstalled('Web-Server')).toBe(false);
    expect(machine.changes.count - before).toBeLessThan(5);
    const unknown = await runScript(machine, 'Install-WindowsFeature Web-Nothing');
    expect(unknown.errors[0]?.id).toContain('NameDoesNotExist');
    const client = await runScript(labMachine(), 'Get-WindowsFeature');
    expect(client.end.kind === 'failed' ? client.end.error.id : client.errors[0]?.id).toBe('CommandNotFoundException');
  });

  test('feature-payload-removed: only a source with the files, or the way to Windows Update, helps', async () => {
    const install = (more = ''): string =>
      `$r = Install-WindowsFeature Web-Asp-Net45 ${more} -ErrorAction SilentlyContinue -ErrorVariable e; $r.Success; if ($e) { '0x{0:X8}' -f $e[0].Exception.HResult }`;
    const fault: FaultSpec = { kind: 'feature-payload-removed' };
    expect(
      await outputOf(host(fault), `(Get-WindowsFeature Web-Asp-Net45).InstallState.ToString(); ${install()}`),
    ).toEqual(['Removed', false, '0x800F081F']);
    expect(await outputOf(host(fault), `Restart-Service wuauserv; ${install('-Source D:\\sources\\sxs')}`)).toEqual([
      false,
      '0x800F081F',
    ]);
    expect(
      await outputOf(host(fault), `New-Item C:\\sxs -ItemType Directory | Out-Null; ${install('-Source C:\\sxs')}`),
    ).toEqual([true]);
    const policy = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Servicing';
    expect(await outputOf(host(fault), `Remove-ItemProperty ${policy} -Name UseWindowsUpdate; ${install()}`)).toEqual([
      true,
    ]);
  });

  test('feature-payload-removed on a client is an optional feature without payload', async () => {
    const ran = await runScript(
      labMachine([{ kind: 'feature-payload-removed' }]),
      `(Get-WindowsOptionalFeature -Online -FeatureName IIS-ASPNET45).State; Enable-WindowsOptionalFeature -Online -FeatureName IIS-ASPNET45 -All -NoRestart`,
    );
    expect(ran.output).toEqual(['DisabledWithPayloadRemoved']);
    expect(ran.errors[0]?.exception.hresult).toBe(0x800f081f | 0);
  });
});

describe('Windows Server Backup', () => {
  const now = `$p = New-WBPolicy; Add-WBSystemState $p; Add-WBVolume $p (Get-WBVolume -CriticalVolumes)
    try { Add-WBBackupTarget $p (New-WBBackupTarget -VolumePath 'E:' -ErrorAction Stop) | Out-Null; Start-WBBackup $p -ErrorAction Stop; 'done' } catch { '0x{0:X8}' -f $_.Exception.HResult }`;
  const state = `'0x{0:X8}' -f (Get-WBSummary).LastBackupResultHR; (Get-WBJob -Previous 1).JobState; ((Get-Date) - (Get-WBSummary).LastSuccessfulBackupTime).Days`;

  test('a host without the feature does not know its commands', async () => {
    const ran = await runScript(host(), 'Get-WBSummary');
    expect(ran.end.kind === 'failed' ? ran.end.error.id : ran.errors[0]?.id).toBe('CommandNotFoundException');
    expect(
      await outputOf(
        host(),
        `Install-WindowsFeature Windows-Server-Backup | Out-Null; (Get-WBSummary).NumberOfVersions`,
      ),
    ).toEqual([0]);
  });

  test('server-backup-failed, target-full: older versions must go', async () => {
    const machine = host({ kind: 'server-backup-failed' });
    expect(await outputOf(machine, `${state}; ${now}`)).toEqual(['0x80780119', 'Failed', 12, '0x80780119']);
    expect(await outputOf(machine, `Restart-Service VSS; ${now}`)).toEqual(['0x80780119']);
    expect(
      await outputOf(
        machine,
        `Remove-WBBackupSet -KeepVersions 1 -Force; ${now}; (Get-WBSummary).LastBackupResultHR; @(Get-WBBackupSet).Count`,
      ),
    ).toEqual(['done', 0, 2]);
  });

  test('server-backup-failed, shadow-service-disabled: space does not help, the service does', async () => {
    const machine = host({ kind: 'server-backup-failed', cause: 'shadow-service-disabled' });
    expect(await outputOf(machine, `${state}; Remove-WBBackupSet -KeepVersions 1 -Force; ${now}`)).toEqual([
      '0x80070422',
      'Failed',
      12,
      '0x80070422',
    ]);
    expect(await outputOf(machine, `Set-Service VSS -StartupType Manual; ${now}`)).toEqual(['done']);
  });

  test('server-backup-failed, target-gone: the path is not there', async () => {
    expect(await outputOf(host({ kind: 'server-backup-failed', cause: 'target-gone' }), `${state}; ${now}`)).toEqual([
      '0x80070003',
      'Failed',
      12,
      '0x80070003',
    ]);
  });

  test('a system state on the system drive needs the setting of the backup engine', async () => {
    const machine = labMachine([], { base: 'windows-server-2022', roles: ['server-backup'] });
    const run = '& wbadmin.exe start systemstatebackup -backupTarget:C: -quiet | Out-Null; $LASTEXITCODE';
    const key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\wbengine\\SystemStateBackup';
    expect(
      await outputOf(
        machine,
        `${run}; New-Item ${key} -Force | Out-Null; New-ItemProperty ${key} -Name AllowSSBToAnyVolume -Value 1 -PropertyType DWord | Out-Null; ${run}`,
      ),
    ).toEqual([-3, 0]);
  });
});
