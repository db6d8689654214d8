import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { labMachine, outputOf } from '../run-script.ts';

/** Searches, loads and installs all that is found, as SYSTEM does: how many drivers were found, and their codes. */
const installAll = async (machine: Machine): Promise<unknown> =>
  (
    await outputOf(
      machine,
      `$session = New-Object -ComObject Microsoft.Update.Session
       $found = $session.CreateUpdateSearcher().Search('IsInstalled=0 and IsHidden=0')
       $drivers = New-Object -ComObject Microsoft.Update.UpdateColl
       foreach ($one in $found.Updates) { if ($one.Type -eq 2) { [void] $drivers.Add($one) } }
       if ($drivers.Count -eq 0) { return 'none' }
       $loader = $session.CreateUpdateDownloader(); $loader.Updates = $drivers; [void] $loader.Download()
       $installer = $session.CreateUpdateInstaller(); $installer.Updates = $drivers
       '{0:X8}' -f $installer.Install().GetUpdateResult(0).HResult`,
      'service',
    )
  )[0];

const broken = (): Machine => labMachine([{ kind: 'driver-update-not-newer', class: 'Net' }]);

describe('a driver update that is not newer than what is there', () => {
  test('fails each time with 0x80070103, which event 20 names; a new update cache helps nothing', async () => {
    const machine = broken();
    expect(await installAll(machine)).toBe('80070103');
    await outputOf(
      machine,
      `Stop-Service wuauserv, bits -Force; Rename-Item C:\\Windows\\SoftwareDistribution old; Start-Service bits, wuauserv`,
    );
    expect(await installAll(machine)).toBe('80070103');
    const codes = await outputOf(
      machine,
      `Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-WindowsUpdateClient'; Id = 20 } |
         ForEach-Object { $_.Properties[0].Value }`,
    );
    expect(codes).toEqual(['0x80070103', '0x80070103', '0x80070103']);
  });

  test('is offered no more once it is hidden, and again when the update database that knew so is gone', async () => {
    const machine = broken();
    const hide = `$session = New-Object -ComObject Microsoft.Update.Session
      foreach ($one in $session.CreateUpdateSearcher().Search('IsInstalled=0').Updates) { if ($one.Type -eq 2) { $one.IsHidden = $true } }`;
    await outputOf(machine, hide, 'service');
    expect(await installAll(machine)).toBe('none');
    const hidden = `(New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher().Search('IsHidden=1').Updates.Count`;
    expect(await outputOf(machine, hidden, 'service')).toEqual([1]);
    await outputOf(
      machine,
      `Stop-Service wuauserv, bits -Force; Rename-Item C:\\Windows\\SoftwareDistribution old; Start-Service bits, wuauserv`,
    );
    expect(await installAll(machine)).toBe('80070103');
  });

  test('is offered no more where a policy keeps drivers out', async () => {
    const machine = broken();
    const key = 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';
    await outputOf(
      machine,
      `New-Item '${key}' -Force | Out-Null; New-ItemProperty '${key}' ExcludeWUDriversInQualityUpdate -Value 1 -PropertyType DWord | Out-Null`,
    );
    expect(await installAll(machine)).toBe('none');
  });

  test('installs where the newer driver is taken out of the store', async () => {
    const machine = broken();
    const before = await outputOf(machine, `(Get-WindowsDriver -Online).Version`);
    await outputOf(
      machine,
      `pnputil /delete-driver (Get-WindowsDriver -Online).Driver /uninstall | Out-Null`,
      'service',
    );
    expect(await installAll(machine)).toBe('00000000');
    const after = `(Get-CimInstance Win32_PnPSignedDriver -Filter "DeviceClass='NET'").DriverVersion`;
    expect([before, await outputOf(machine, after)]).toEqual([['31.0.101.5590'], ['31.0.101.4502']]);
  });
});
