import { describe, expect, test } from 'vitest';
import { launchApp } from '../../../../src/lab/windows/machine/apps/app-launch.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { restarted } from './restarted.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

/** Starts the spooler and tells how it is a minute later. */
const spooler = async (machine: Machine): Promise<unknown> =>
  (await outputOf(machine, `Start-Service Spooler; Start-Sleep 60; "$((Get-Service Spooler).Status)"`))[0];

describe('a release of Windows that does harm', () => {
  test('is not cured by a repair of the component store; going back to the Windows before cures it', async () => {
    const machine = labMachine([{ kind: 'feature-release-bad', daysAgo: 3 }]);
    expect(await spooler(machine)).toBe('Stopped');
    await outputOf(machine, 'DISM /English /Online /Cleanup-Image /RestoreHealth | Out-Null', 'service');
    expect(await spooler(machine)).toBe('Stopped');
    const source = `(Get-ChildItem HKLM:\\SYSTEM\\Setup | Where-Object PSChildName -like 'Source OS*').GetValue('CurrentBuild')
      [int] ((Get-Date) - (Get-CimInstance Win32_OperatingSystem).InstallDate).TotalDays; Test-Path C:\\Windows.old`;
    expect(await outputOf(machine, source)).toEqual(['22631', 3, true]);
    const back = 'DISM /Online /Initiate-OSUninstall /Quiet | Out-Null; $LASTEXITCODE';
    expect(await outputOf(machine, back, 'service')).toEqual([3010]);
    await restarted(machine);
    expect([machine.edition.build, await spooler(machine)]).toEqual([22631, 'Running']);
  });

  test('stays when ten days have gone by', async () => {
    const machine = labMachine([{ kind: 'feature-release-bad', daysAgo: 12 }]);
    const back = 'DISM /Online /Initiate-OSUninstall /Quiet | Out-Null; $LASTEXITCODE';
    expect(await outputOf(machine, back, 'service')).toEqual([1168]);
  });
});

describe('Gaming Services', () => {
  const openXbox = (machine: Machine): string => {
    const session = machine.users.sessions.find(({ account }) => account.name.endsWith('hanako'));
    return session ? (launchApp(machine, session, 'Microsoft.GamingApp_8wekyb3d8bbwe') >>> 0).toString(16) : 'nobody';
  };

  test('whose services are disabled need these, and no new registration', async () => {
    const machine = labMachine([
      { kind: 'user-signed-in' },
      { kind: 'gaming-services-broken', cause: 'service-disabled' },
    ]);
    expect(openXbox(machine)).toBe('8007139f');
    const state = `(Get-AppxPackage -AllUsers Microsoft.GamingServices).Status -eq 'Ok'`;
    expect(await outputOf(machine, state)).toEqual([true]);
    await outputOf(machine, `Set-Service GamingServices -StartupType Automatic; Start-Service GamingServices`);
    expect(openXbox(machine)).toBe('0');
  });

  test('that are registered for the user no more need that, while their services do not run', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }, { kind: 'gaming-services-broken' }]);
    expect(openXbox(machine)).toBe('80073d26');
    await outputOf(machine, `Restart-Service GamingServices`);
    expect(openXbox(machine)).toBe('80073d26');
    const hanako = machine.accounts.find(({ name }) => name.endsWith('hanako'));
    const { apps } = machine;
    expect(apps.of(hanako?.sid ?? '').some(({ fullName }) => fullName.startsWith('Microsoft.GamingServices_'))).toBe(
      false,
    );
    await outputOf(
      machine,
      `Stop-Service GamingServices, GamingServicesNet
       Set-Content C:\\body.ps1 'Add-AppxPackage -DisableDevelopmentMode -Register "C:\\Program Files\\WindowsApps\\Microsoft.GamingServices_31.106.13001.0_x64__8wekyb3d8bbwe\\AppxManifest.xml"'
       $a = New-ScheduledTaskAction -Execute powershell.exe -Argument '-NoProfile -ExecutionPolicy Bypass -File C:\\body.ps1'
       Register-ScheduledTask -TaskName U -Action $a -Principal (New-ScheduledTaskPrincipal -UserId hanako -LogonType Interactive) | Out-Null
       Start-ScheduledTask U; Start-Sleep 60`,
    );
    expect(openXbox(machine)).toBe('0');
  });
});

describe('what every host has', () => {
  test('is owned by TrustedInstaller where servicing keeps its files', async () => {
    const owner = '(Get-Acl C:\\Windows\\WinSxS).Owner; (Get-Acl C:\\Windows\\System32\\spp).Sddl.Length -gt 0';
    expect(await outputOf(labMachine(), owner)).toEqual(['NT SERVICE\\TrustedInstaller', true]);
  });

  test('tells of time providers and the automatic time zone', async () => {
    const text = `(Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\TimeProviders\\VMICTimeProvider).Enabled
      (Get-ItemProperty HKLM:\\SYSTEM\\CurrentControlSet\\Services\\tzautoupdate).Start`;
    expect(await outputOf(labMachine(), text)).toEqual([1, 4]);
  });

  test('writes the log of DISM, with the code where it fails', async () => {
    const machine = labMachine([{ kind: 'component-store-needs-source' }]);
    const text = `DISM /English /Online /Cleanup-Image /RestoreHealth | Out-Null
      (Get-Content C:\\Windows\\Logs\\DISM\\dism.log) -match 'Error\\s+DISM.*(hr|HRESULT)\\s*[:=]?\\s*0x800f081f' | Measure-Object | ForEach-Object Count`;
    expect(await outputOf(machine, text, 'service')).toEqual([1]);
    await outputOf(
      machine,
      'DISM /English /Online /Get-Packages /LogPath:C:\\Windows\\Temp\\own.log | Out-Null',
      'service',
    );
    expect(await outputOf(machine, `@(Get-Content C:\\Windows\\Temp\\own.log) -match 'Error'`)).toEqual([]);
  });

  test('shows the room of shadow copies that somebody has set on a server, and takes another size', async () => {
    const machine = labMachine([{ kind: 'shadow-storage-small', sizeMB: 100 }], { base: 'windows-server-2022' });
    const text = `[int] (Get-CimInstance Win32_ShadowStorage).MaxSpace
      Get-CimInstance Win32_ShadowStorage | Set-CimInstance -Property @{ MaxSpace = [uint64] 20GB }
      (vssadmin list shadowstorage) -match '20.00 GB' | Measure-Object | ForEach-Object Count`;
    expect(await outputOf(machine, text)).toEqual([104_857_600, 1]);
    expect(
      await outputOf(labMachine([], { base: 'windows-server-2022' }), 'Get-CimInstance Win32_ShadowStorage'),
    ).toEqual([]);
  });

  test('goes on after a program that the lab refused something', async () => {
    const machine = labMachine();
    const { end } = await runScript(machine, 'netsh http show sslcert');
    expect(end.kind).toBe('failed');
    expect(await outputOf(machine, 'Start-Sleep 300; 1')).toEqual([1]);
  });
});
