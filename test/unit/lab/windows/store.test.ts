import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../src/lab/faults/faults.ts';
import { launchApp, storeFamily } from '../../../../src/lab/windows/machine/apps/app-launch.ts';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const store = 'Microsoft.WindowsStore_22510.1401.2.0_x64__8wekyb3d8bbwe';
const data = `C:\\Users\\hanako\\AppData\\Local\\Packages\\${storeFamily}`;
const manifest = `C:\\Program Files\\WindowsApps\\${store}\\AppxManifest.xml`;

/** A script that runs in the session of hanako and shows what it gave. */
const inSession = (body: string): string => `
  Set-Content C:\\body.ps1 '${body.replaceAll("'", "''")}'
  $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -ExecutionPolicy Bypass -File C:\\body.ps1'
  Register-ScheduledTask -TaskName U -Action $a -Principal (New-ScheduledTaskPrincipal -UserId hanako -LogonType Interactive) -Force | Out-Null
  Start-ScheduledTask -TaskName U
  for ($n = 0; $n -lt 60 -and (Get-ScheduledTask -TaskName U).State -eq 'Running'; $n++) { Start-Sleep -Seconds 1 }
  Unregister-ScheduledTask -TaskName U -Confirm:$false; Remove-Item C:\\body.ps1
  if (Test-Path C:\\Users\\hanako\\out.txt) { Get-Content C:\\Users\\hanako\\out.txt; Remove-Item C:\\Users\\hanako\\out.txt }`;

const register = inSession(
  `try { Add-AppxPackage -DisableDevelopmentMode -Register '${manifest}' -ErrorAction Stop; Set-Content C:\\Users\\hanako\\out.txt ok } catch { Set-Content C:\\Users\\hanako\\out.txt $_.Exception.Message }`,
);

/** Whether the Store opens for the user who is signed in: 0, or the HRESULT of the refusal. */
const open = (machine: Machine): string => {
  const [session] = machine.users.sessions;
  return session ? (launchApp(machine, session, storeFamily) >>> 0).toString(16) : 'nobody';
};

const host = (fault: FaultSpec): Machine => labMachine([{ kind: 'user-signed-in' }, fault]);

describe('packages', () => {
  test('are shown for the caller, for all users with who has them, and as provisioned', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const output = await outputOf(
      machine,
      `$p = Get-AppxPackage -Name Microsoft.WindowsStore; $p.PackageFullName; $p.PackageFamilyName; "$($p.Status)"; $p.InstallLocation
       $a = Get-AppxPackage *Calculator* -AllUsers; "$($a.PackageUserInformation)"
       @(Get-AppxProvisionedPackage -Online).Count
       (Get-AppxPackage -User hanako Microsoft.VCLibs*).IsFramework`,
    );
    const [operator, hanako] = machine.accounts;
    expect(output).toEqual([
      store,
      storeFamily,
      'Ok',
      `C:\\Program Files\\WindowsApps\\${store}`,
      `${operator?.sid} [operator]: Installed ${hanako?.sid} [hanako]: Installed`,
      3,
      true,
    ]);
  });

  test('are registered by their user alone: not by SYSTEM, not from a remote shell', async () => {
    const machine = host({ kind: 'store-package-broken' });
    expect(open(machine)).toBe('80073cf1');
    const ran = await runScript(machine, `Add-AppxPackage -DisableDevelopmentMode -Register '${manifest}'`);
    expect(ran.errors.map(({ id, exception }) => [id, exception.message.split('\r\n')[0]])).toEqual([
      [
        'DeploymentError,Microsoft.Windows.Appx.PackageManager.Commands.AddAppxPackageCommand',
        'Deployment failed with HRESULT: 0x80070005, Access is denied.',
      ],
    ]);
    const id = /\[ActivityId\] (\S+)/.exec(ran.errors[0]?.exception.message ?? '')?.[1] ?? '';
    expect(await outputOf(machine, `@(Get-AppPackageLog -ActivityID ${id}).Id`)).toEqual([401, 404]);
    expect(open(machine)).toBe('80073cf1');
    expect(await outputOf(machine, register)).toEqual(['ok']);
    expect(open(machine)).toBe('0');
  });

  test('with a missing file need the package again, not a registration', async () => {
    const machine = host({ kind: 'store-package-broken', cause: 'files-missing', source: 'C:\\Sources\\Store.msix' });
    expect(await outputOf(machine, `"$((Get-AppxPackage Microsoft.WindowsStore -AllUsers).Status)"`)).toEqual([
      'Modified',
    ]);
    expect(open(machine)).toBe('80070002');
    expect((await outputOf(machine, register)).map(String)[0]).toContain('0x80073CF6, Package could not be registered');
    expect(open(machine)).toBe('80070002');
    await outputOf(
      machine,
      `Add-AppxProvisionedPackage -Online -PackagePath C:\\Sources\\Store.msix -SkipLicense | Out-Null`,
    );
    expect(await outputOf(machine, `"$((Get-AppxPackage Microsoft.WindowsStore -AllUsers).Status)"`)).toEqual(['Ok']);
    expect(open(machine)).toBe('0');
  });

  test('whose folder apps may not read need its rules back', async () => {
    const machine = host({ kind: 'store-package-broken', cause: 'acl-broken' });
    expect(open(machine)).toBe('80070005');
    expect((await outputOf(machine, register)).map(String).join('\n')).toContain('error 0x80070005');
    await outputOf(machine, `& icacls.exe 'C:\\Program Files\\WindowsApps\\${store}' /reset /q | Out-Null`);
    expect(open(machine)).toBe('0');
  });

  test('in use are refused with 0x80073D02, unless the app is closed', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    expect(open(machine)).toBe('0');
    expect((await outputOf(machine, register)).map(String)[0]).toContain('0x80073D02');
    expect(await outputOf(machine, register.replace('-Register', '-ForceApplicationShutdown -Register'))).toEqual([
      'ok',
    ]);
    expect(await outputOf(machine, `@(Get-Process WinStore.App -ErrorAction SilentlyContinue).Count`)).toEqual([0]);
  });

  test('whose data somebody holds cannot be reset: 0x80073D05', async () => {
    const held = `${data}\\LocalCache\\catalog.db`;
    const machine = labMachine([
      { kind: 'user-signed-in' },
      { kind: 'file-locked', path: held, process: 'Indexer.exe' },
    ]);
    const reset = inSession(
      `try { Get-AppxPackage *WindowsStore* | Reset-AppxPackage -ErrorAction Stop; Set-Content C:\\Users\\hanako\\out.txt ok } catch { Set-Content C:\\Users\\hanako\\out.txt $_.Exception.Message }`,
    );
    expect((await outputOf(machine, reset)).map(String)[0]).toContain('0x80073D05');
    expect(await outputOf(machine, `Stop-Process -Name Indexer; ${reset}`)).toEqual(['ok']);
  });

  test('that a user removed stay away, with their data unless that is kept', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    await outputOf(machine, inSession('Get-AppxPackage *Calculator* | Remove-AppxPackage'));
    expect(
      await outputOf(
        machine,
        `@(Get-AppxPackage -User hanako *Calculator*).Count; Test-Path C:\\Users\\hanako\\AppData\\Local\\Packages\\Microsoft.WindowsCalculator_8wekyb3d8bbwe`,
      ),
    ).toEqual([0, false]);
  });
});

describe('the cache of the Store', () => {
  test('is emptied by wsreset in the session of its user, or set aside by hand; elsewhere wsreset does nothing', async () => {
    const machine = host({ kind: 'store-cache-corrupt' });
    expect(open(machine)).toBe('80131500');
    expect(machine.events.records('Microsoft-Windows-Store/Operational')?.at(-1)?.level).toBe(2);
    const before = takeSnapshot(machine);
    await outputOf(machine, '& wsreset.exe');
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
    await outputOf(machine, inSession('& wsreset.exe'));
    expect(await outputOf(machine, '@(Get-Process WinStore.App).Count')).toEqual([1]);
    const other = host({ kind: 'store-cache-corrupt' });
    await outputOf(other, `Rename-Item '${data}\\LocalCache' LocalCache.kintsugi-1`);
    expect(open(other)).toBe('0');
    expect(open(host({ kind: 'store-licence-broken' }))).toBe('803f8001');
  });

  test('can be set aside while nobody is signed in; the Store of another cause stays shut', async () => {
    const machine = labMachine([{ kind: 'store-cache-corrupt' }, { kind: 'nobody-signed-in' }]);
    await outputOf(machine, `Rename-Item '${data}\\LocalCache' LocalCache.kintsugi-1`);
    machine.users.signIn(machine.accountOf('hanako')!, 'console');
    expect(open(machine)).toBe('0');
    const licence = host({ kind: 'store-licence-broken' });
    await outputOf(licence, inSession('& wsreset.exe'));
    expect(open(licence)).toBe('803f8001');
  });
});

describe('licences', () => {
  const tokens = 'C:\\ProgramData\\Microsoft\\Windows\\ClipSVC\\tokens.dat';

  test('come back when their torn store is set aside and the service starts', async () => {
    const machine = host({ kind: 'store-licence-broken' });
    await outputOf(machine, 'Start-Service ClipSVC');
    expect(open(machine)).toBe('803f8001');
    const held = await runScript(machine, `Rename-Item ${tokens} tokens.old`);
    expect(held.errors).toHaveLength(1);
    await outputOf(machine, `Stop-Service ClipSVC; Rename-Item ${tokens} tokens.old; Start-Service ClipSVC`);
    expect(open(machine)).toBe('0');
  });

  test('need their service, and no policy against the Store: neither cure helps the other', async () => {
    const setAside = `if (Test-Path ${tokens}) { Rename-Item ${tokens} tokens.old }`;
    const service = host({ kind: 'store-licence-broken', cause: 'service-disabled' });
    await outputOf(service, setAside);
    expect(open(service)).toBe('803f8001');
    await outputOf(service, 'Set-Service ClipSVC -StartupType Manual');
    expect(open(service)).toBe('0');
    const policy = host({ kind: 'store-licence-broken', cause: 'policy' });
    await outputOf(policy, setAside);
    expect(open(policy)).toBe('800704ec');
    await outputOf(policy, `Remove-ItemProperty HKLM:\\SOFTWARE\\Policies\\Microsoft\\WindowsStore RemoveWindowsStore`);
    expect(open(policy)).toBe('0');
  });
});

describe('volumes for packages', () => {
  test('that are gone take no package until the default is one that is there', async () => {
    const machine = labMachine([
      { kind: 'user-signed-in' },
      { kind: 'store-package-broken', cause: 'files-missing', source: 'C:\\S\\Store.msix' },
      { kind: 'store-default-volume-missing' },
    ]);
    const add = 'Add-AppxProvisionedPackage -Online -PackagePath C:\\S\\Store.msix -SkipLicense | Out-Null';
    expect(
      await outputOf(
        machine,
        `$v = Get-AppxDefaultVolume; "$v"; $v.IsOffline; @(Get-AppxVolume -Offline).Count; @(Get-AppxVolume).Count`,
      ),
    ).toEqual(['E:\\WindowsApps', true, 1, 2]);
    expect((await runScript(machine, add)).errors[0]?.exception.message).toContain('0x80073D0D');
    const before = takeSnapshot(machine);
    await outputOf(machine, 'Set-AppxDefaultVolume -Volume C:\\');
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toHaveLength(1);
    await outputOf(machine, add);
    expect(open(machine)).toBe('0');
  });
});

describe('commands of newer builds and of device management', () => {
  test('remove a package from all users, reset the data of an app on Windows 11 alone, and read a manifest', async () => {
    const machine = labMachine([{ kind: 'user-signed-in' }]);
    const calculator = 'Microsoft.WindowsCalculator_11.2508.4.0_x64__8wekyb3d8bbwe';
    expect(
      await outputOf(
        machine,
        `(Get-AppxPackageManifest ${calculator}).Package.Applications.Application.Id
         Remove-AppxPackage -AllUsers -Package ${calculator}; @((Get-AppxPackage *Calculator* -AllUsers).PackageUserInformation).Count
         Remove-AppxProvisionedPackage -Online -PackageName ${calculator} | Out-Null; @(Get-AppxProvisionedPackage -Online).Count`,
      ),
    ).toEqual(['App', 0, 2]);
    const cache = `${data}\\LocalCache\\catalog.db`;
    expect(await outputOf(machine, `Test-Path ${cache}`)).toEqual([true]);
    await outputOf(machine, inSession('Get-AppxPackage *WindowsStore* | Reset-AppxPackage'));
    expect(await outputOf(machine, `Test-Path ${cache}; Test-Path ${data}\\LocalState`)).toEqual([false, true]);
    const old = await runScript(
      labMachine([], { base: 'windows-10-22h2' }),
      `try { Reset-AppxPackage -Package ${store} } catch { $_.Exception.GetType().Name }`,
    );
    expect(old.output).toEqual(['CommandNotFoundException']);
  });

  test('look for updates of apps as SYSTEM and tell the HRESULT of what keeps them', async () => {
    const scan = `
      $a = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument '-NoProfile -Command "Get-CimInstance -Namespace root/cimv2/mdm/dmmap -ClassName MDM_EnterpriseModernAppManagement_AppManagement01 | Invoke-CimMethod -MethodName UpdateScanMethod"'
      Register-ScheduledTask S -Action $a -Principal (New-ScheduledTaskPrincipal -UserId SYSTEM -LogonType ServiceAccount) -Force | Out-Null
      Start-ScheduledTask S; Start-Sleep -Seconds 30
      (Get-CimInstance -Namespace root/cimv2/mdm/dmmap -ClassName MDM_EnterpriseModernAppManagement_AppManagement01).LastScanError`;
    expect(await outputOf(labMachine(), scan)).toEqual([0]);
    expect(await outputOf(host({ kind: 'store-default-volume-missing' }), scan)).toEqual([0x80073d0d | 0]);
    expect(await outputOf(host({ kind: 'store-licence-broken' }), scan)).toEqual([0x803f8001 | 0]);
  });
});
