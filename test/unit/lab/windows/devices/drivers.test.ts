import { describe, expect, test, vi } from 'vitest';
import { restarted } from '../restarted.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const display = `Get-CimInstance Win32_PnPEntity -Filter "PNPClass='Display'"`;

describe('a bad driver', () => {
  test('shows as problem of its device, with its package, its log and its events', async () => {
    const output = await outputOf(
      labMachine([{ kind: 'driver-bad' }]),
      `$d = ${display}; $d.ConfigManagerErrorCode; $d.Status
       $s = Get-CimInstance Win32_PnPSignedDriver -Filter "DeviceClass='DISPLAY'"; "$($s.InfName) $($s.DriverVersion) $($s.DriverProviderName)"
       (Get-PnpDevice -Class Display -Status ERROR).Problem.ToString()
       (Get-PnpDeviceProperty -InstanceId $d.DeviceID -KeyName DEVPKEY_Device_ProblemCode).Data
       @(Get-WindowsDriver -Online | ForEach-Object { "$($_.Driver) $($_.ClassName) $($_.Version)" })
       (Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='Microsoft-Windows-UserPnp'; Id=20001 }).Count
       @(Get-Content C:\\Windows\\INF\\setupapi.dev.log | Where-Object { $_ -like '!!!*' }).Count`,
    );
    expect(output.map(String)).toEqual([
      '[object Object]',
      'Error',
      'oem1.inf 31.0.101.5590 Fabrikam Graphics',
      'CM_PROB_FAILED_POST_START',
      '[object Object]',
      'oem0.inf Display 31.0.101.4502',
      'oem1.inf Display 31.0.101.5590',
      '1',
      '1',
    ]);
  });

  test('is not cured by adding the older driver again, nor by disabling and enabling: the newer one wins', async () => {
    const machine = labMachine([{ kind: 'driver-bad' }]);
    expect(
      await outputOf(
        machine,
        `New-Item C:\\d -ItemType Directory | Out-Null
         & pnputil.exe /export-driver oem0.inf C:\\d | Out-Null; $LASTEXITCODE
         $inf = (Get-ChildItem C:\\d -Recurse -Filter *.inf).FullName
         & pnputil.exe /add-driver $inf /install | Out-Null; $LASTEXITCODE
         $id = (${display}).DeviceID; Disable-PnpDevice -InstanceId $id -Confirm:$false; [int](${display}).ConfigManagerErrorCode
         Enable-PnpDevice -InstanceId $id -Confirm:$false; [int](${display}).ConfigManagerErrorCode`,
      ),
    ).toEqual([0, 259, 22, 43]);
  });

  test('is cured by deleting its package, is not deleted without /uninstall, and comes back with its exported copy', async () => {
    const machine = labMachine([{ kind: 'driver-bad' }]);
    expect(
      await outputOf(
        machine,
        `New-Item C:\\d -ItemType Directory | Out-Null; & pnputil /export-driver oem1.inf C:\\d | Out-Null
         & pnputil /delete-driver oem1.inf | Out-Null; '0x{0:X8}' -f $LASTEXITCODE
         & pnputil /delete-driver oem1.inf /uninstall | Out-Null; $LASTEXITCODE
         [int](${display}).ConfigManagerErrorCode; (Get-CimInstance Win32_PnPSignedDriver -Filter "DeviceClass='DISPLAY'").InfName
         & pnputil /add-driver (Get-ChildItem C:\\d -Recurse -Filter *.inf).FullName /install | Out-Null; $LASTEXITCODE
         [int](${display}).ConfigManagerErrorCode`,
      ),
    ).toEqual(['0xE000023D', 0, 0, 'oem0.inf', 0, 43]);
  });

  test('falls back to the driver of Windows where its maker left nothing else', async () => {
    const machine = labMachine([{ kind: 'driver-bad', previous: false, class: 'Net' }], {
      base: 'windows-server-2022',
    });
    expect(
      await outputOf(
        machine,
        `& pnputil /delete-driver oem0.inf /uninstall | Out-Null
         $s = Get-CimInstance Win32_PnPSignedDriver -Filter "DeviceClass='NET'"; $s.InfName; $s.DriverProviderName`,
      ),
    ).toEqual(['neti40e.inf', 'Microsoft']);
  });

  test('pnputil of Server 2019 knows packages but no devices', async () => {
    const machine = labMachine([{ kind: 'driver-bad' }], { base: 'windows-server-2019' });
    expect(
      await outputOf(
        machine,
        `& pnputil /enum-devices | Out-Null; $LASTEXITCODE; @(& pnputil /enum-drivers | Where-Object { $_ -like '*oem*' }).Count`,
      ),
    ).toEqual([87, 2]);
  });
});

test('a disabled USB disk takes its volume along and brings it back', async () => {
  const machine = labMachine([{ kind: 'usb-device-attached' }]);
  expect(
    await outputOf(
      machine,
      `$d = Get-Disk | Where-Object BusType -eq USB; $d.Number; (Get-Partition -DiskNumber $d.Number).DriveLetter
       Set-Content E:\\x.txt 'kept'
       $id = (Get-PnpDevice -FriendlyName 'Contoso Portable*').InstanceId
       Disable-PnpDevice -InstanceId $id -Confirm:$false; Test-Path E:\\x.txt; @(Get-Disk).Count; (Get-PnpDevice -InstanceId $id).Problem.ToString()
       Enable-PnpDevice -InstanceId $id -Confirm:$false; Get-Content E:\\x.txt
       $l = Get-CimInstance Win32_LogicalDisk -Filter "DeviceID='E:'"; "$($l.DriveType) $($l.FileSystem)"`,
    ),
  ).toEqual([expect.anything(), expect.anything(), false, 1, 'CM_PROB_DISABLED', 'kept', '2 FAT32']);
});

test('an unknown device is the error of the command', async () => {
  const ran = await runScript(labMachine(), `Get-PnpDevice -InstanceId 'USB\\NONE'`);
  expect(ran.errors[0]?.id).toBe('CmdletizationQuery_NotFound_DeviceId,Get-PnpDevice');
});

describe('BitLocker', () => {
  const protection = `(Get-BitLockerVolume -MountPoint C:).ProtectionStatus.ToString()`;

  test('shows its protectors, and a key that nobody keeps until it is kept', async () => {
    const machine = labMachine([{ kind: 'bitlocker-on', escrowed: false }]);
    expect(
      await outputOf(
        machine,
        `$v = Get-BitLockerVolume -MountPoint C:; $v.VolumeStatus.ToString(); $v.ProtectionStatus.ToString()
         @($v.KeyProtector | ForEach-Object { $_.KeyProtectorType.ToString() })
         $r = $v.KeyProtector | Where-Object KeyProtectorType -eq RecoveryPassword; $r.RecoveryPassword -match '^(\\d{6}-){7}\\d{6}$'
         Backup-BitLockerKeyProtector -MountPoint C: -KeyProtectorId $r.KeyProtectorId | Out-Null
         $w = Get-CimInstance -Namespace root/cimv2/Security/MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume -Filter "DriveLetter='C:'"
         [int]$w.ProtectionStatus; @((Invoke-CimMethod -InputObject $w -MethodName GetKeyProtectors -Arguments @{ KeyProtectorType = [uint32]3 }).VolumeKeyProtectorID).Count`,
      ),
    ).toEqual(['FullyEncrypted', 'On', 'Tpm', 'RecoveryPassword', true, 1, 1]);
    expect(machine.hardware.bitlocker.volume('C:').protectors.at(-1)?.isEscrowed).toBe(true);
  });

  test('suspended for one start is on again after it', async () => {
    const machine = labMachine([{ kind: 'bitlocker-on' }]);
    expect(
      await outputOf(machine, `Suspend-BitLocker -MountPoint C: -RebootCount 1 | Out-Null; ${protection}`),
    ).toEqual(['Off']);
    await restarted(machine);
    expect(await outputOf(machine, protection)).toEqual(['On']);
  });

  test('with a PIN keeps the machine from coming back by itself, but not where it is suspended', async () => {
    const machine = labMachine([{ kind: 'bitlocker-on', pin: true }]);
    await outputOf(machine, `& manage-bde -protectors -disable C: -rebootcount 1 | Out-Null`);
    await restarted(machine);
    expect(machine.power.state).toBe('up');
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      machine.power.restart();
      vi.advanceTimersByTime(machine.power.awayRealMs * 2);
    } finally {
      vi.useRealTimers();
    }
    expect(machine.power.state).toBe('down');
  });
});

test('secure boot and the trusted platform module are told as the firmware has them', async () => {
  expect(await outputOf(labMachine(), `Confirm-SecureBootUEFI; $t = Get-Tpm; $t.TpmPresent; $t.TpmReady`)).toEqual([
    true,
    true,
    true,
  ]);
  const old = labMachine();
  Object.assign(old.hardware.firmware.state, { isUefi: false, secureBoot: false });
  const ran = await runScript(old, 'Confirm-SecureBootUEFI');
  expect(ran.end.kind === 'failed' ? ran.end.error.exception.type : ran.errors[0]?.exception.type).toBe(
    'System.PlatformNotSupportedException',
  );
});
