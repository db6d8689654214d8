import { describe, expect, test } from 'vitest';
import { createMachine } from '../../../../../src/lab/faults/create-machine.ts';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import type { Machine } from '../../../../../src/lab/windows/machine/machine.ts';
import { restarted } from '../restarted.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const usual = '/Auto Upgrade /Quiet /NoReboot /EULA Accept /DynamicUpdate Disable';
/** Mounts the media and starts setup from it; gives its exit code in hexadecimal. */
const setup = (extra = '', options = usual): string =>
  `Mount-DiskImage C:\\Media\\windows.iso | Out-Null; $l = (Get-Volume | Where-Object DriveType -eq 'CD-ROM').DriveLetter
   $p = Start-Process "$($l):\\setup.exe" -ArgumentList '${options} ${extra}' -Wait -PassThru; '0x{0:X8}' -f $p.ExitCode`;
const scan = setup('/Compat ScanOnly');
const failure = `$k = Get-ItemProperty HKLM:\\SYSTEM\\Setup\\SetupDiag\\Results -EA 0; if ($k) { "$($k.ErrorCode) $($k.ExtendedErrorCode)" } else { 'none' }`;

/** Runs setup to its end, restarts included. @returns what SetupDiag found, `none` where setup went through */
const upgrade = async (machine: Machine): Promise<unknown> => {
  await outputOf(machine, `Remove-Item HKLM:\\SYSTEM\\Setup\\SetupDiag -Recurse -EA 0`);
  const codes = await outputOf(machine, setup());
  if (codes.at(-1) !== '0x00000000') return codes.at(-1);
  await restarted(machine);
  return (await outputOf(machine, failure))[0];
};

const media: FaultSpec = { kind: 'media-present' };

describe('the scan of setup', () => {
  const cases: readonly (readonly [string, readonly FaultSpec[], string])[] = [
    ['nothing is in the way', [], '0xC1900210'],
    ['the disk is full', [{ kind: 'disk-low', freeGB: 12 }], '0xC190020E'],
    ['a driver that only troubles later phases', [{ kind: 'driver-blocks-setup' }], '0xC1900210'],
  ];
  test.each(cases)('%s', async (_name, faults, code) => {
    expect(await outputOf(labMachine([media, ...faults]), scan)).toEqual([code]);
  });

  test('an unknown option, another language, older media, a hold, and hardware that is too old have codes of their own', async () => {
    expect(await outputOf(labMachine([media]), setup('/Nonsense'))).toEqual(['0xC190010A']);
    expect(await outputOf(labMachine([{ kind: 'media-present', language: 'ja-JP' }]), scan)).toEqual(['0xC1900204']);
    expect(await outputOf(labMachine([{ kind: 'media-present', build: 22631 }]), scan)).toEqual(['0xC1900204']);
    const held: readonly FaultSpec[] = [{ kind: 'media-present', build: 26100 }, { kind: 'safeguard-hold' }];
    expect(await outputOf(labMachine(held, { base: 'windows-11-23h2' }), scan)).toEqual(['0xC1900208']);
    const old = labMachine([{ kind: 'media-present', build: 26100 }], { base: 'windows-10-22h2' });
    old.hardware.firmware.state.tpm.isPresent = false;
    expect(await outputOf(old, scan)).toEqual(['0xC1900200']);
    const ten = labMachine([media], { base: 'windows-10-22h2' });
    expect(await outputOf(ten, setup('/Compat ScanOnly'))).toEqual(['0xC190010A']);
    expect(await outputOf(ten, setup('/Compat ScanOnly', '/Auto Upgrade /Quiet /NoReboot'))).toEqual(['0xC1900210']);
  });

  test('copies its logs where it is told', async () => {
    expect(
      await outputOf(
        labMachine([media]),
        `${setup('/Compat ScanOnly /CopyLogs C:\\logs')}; Test-Path C:\\logs\\setupact.log`,
      ),
    ).toEqual(['0xC1900210', true]);
  });
});

describe('an upgrade rolls back by the state that it meets, and goes through once that is cured', () => {
  const cases: readonly (readonly [string, FaultSpec, string, string, string])[] = [
    [
      'a driver',
      { kind: 'driver-blocks-setup' },
      '0x80070002 0x20007',
      `Stop-Service Spooler`,
      `& pnputil /delete-driver oem1.inf /uninstall | Out-Null`,
    ],
    [
      'two system partitions',
      { kind: 'partition-layout' },
      '0x80070002 0x20009',
      `& reagentc /disable | Out-Null`,
      `Set-Disk -Number 1 -IsOffline $true`,
    ],
    [
      'a profile without folder',
      { kind: 'profile-list-dangling' },
      '0x80070002 0x3000D',
      `New-Item C:\\Users\\somebody -ItemType Directory | Out-Null`,
      `Rename-Item 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1004336348-1177238915-682003330-1777' S-1-5-21-1004336348-1177238915-682003330-1777.kintsugi`,
    ],
    [
      'two entries of one profile',
      { kind: 'profile-list-dangling', how: 'twin' },
      '0x80070002 0x4000D',
      `Stop-Service Spooler`,
      `Remove-Item 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\*.bak' -Recurse`,
    ],
    [
      'a resident program',
      { kind: 'startup-conflict' },
      '0xC1900101 0x3001A',
      `Stop-Service TspGuard`,
      `Set-Service TspGuard -StartupType Disabled`,
    ],
    [
      'a USB device',
      { kind: 'usb-device-attached', extend: '0x40017' },
      '0xC1900101 0x40017',
      `Stop-Service Spooler`,
      `Get-PnpDevice -FriendlyName 'Contoso Portable*' | Disable-PnpDevice -Confirm:$false`,
    ],
    [
      'the missing image filter',
      { kind: 'servicing-entry-missing', what: 'wim-filter' },
      '0x80070002 0x20004',
      `& sfc /scannow | Out-Null`,
      `New-Item HKLM:\\SYSTEM\\CurrentControlSet\\Services\\WIMMount | Out-Null`,
    ],
    [
      'a file that cannot be read',
      { kind: 'disk-errors', damage: 'offline', unreadable: 'C:\\Users\\Public\\Documents\\archive.dat' },
      '0x80070017 0x2000D',
      `Stop-Service Spooler`,
      `Move-Item C:\\Users\\Public\\Documents\\archive.dat C:\\archive.aside`,
    ],
  ];
  test.each(cases)('%s', async (_name, fault, codes, wrong, right) => {
    const machine = labMachine([media, fault]);
    expect(await upgrade(machine)).toBe(codes);
    await outputOf(machine, wrong);
    expect(await upgrade(machine)).toBe(codes);
    await outputOf(machine, right);
    expect(await upgrade(machine)).toBe('none');
  });

  test('damaged media fail in the phase that applies the image; a good copy does not', async () => {
    const machine = labMachine([{ kind: 'media-damaged' }]);
    const open = `Mount-DiskImage C:\\Media\\windows.iso | Out-Null; try { @(Get-WindowsImage -ImagePath D:\\sources\\install.wim).Count } catch { '0x{0:X8}' -f $_.Exception.HResult }`;
    expect(await outputOf(machine, open)).toEqual(['0x8007000D']);
    expect(await upgrade(machine)).toBe('0x80070570 0x2000C');
    await outputOf(
      machine,
      `Dismount-DiskImage C:\\Media\\windows.iso | Out-Null; Copy-Item C:\\Media\\verified\\windows.iso C:\\Media\\windows.iso -Force`,
    );
    expect(await outputOf(machine, open)).toEqual([2]);
    expect(await upgrade(machine)).toBe('none');
  });

  test('a setup program that is not what was signed does not start', async () => {
    const machine = labMachine([{ kind: 'media-damaged', damage: 'signature' }]);
    expect(await outputOf(machine, `${setup()}; (Get-AuthenticodeSignature D:\\setup.exe).Status.ToString()`)).toEqual([
      '0xC000007B',
      'HashMismatch',
    ]);
  });
});

describe('setup that goes through', () => {
  test('makes the new Windows, whose component store is whole, and the way back is there', async () => {
    const machine = labMachine(
      [
        { kind: 'media-present', build: 26100 },
        { kind: 'component-store-corrupt', repairable: false },
      ],
      { base: 'windows-11-23h2' },
    );
    expect(await upgrade(machine)).toBe('none');
    expect(
      await outputOf(
        machine,
        `$o = Get-CimInstance Win32_OperatingSystem; $o.BuildNumber; (Repair-WindowsImage -Online -ScanHealth).ImageHealthState.ToString()
         (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').DisplayVersion; Test-Path C:\\Windows.old
         & dism /Online /Get-OSUninstallWindow | Out-Null; $LASTEXITCODE; & dism /Online /Initiate-OSUninstall /Quiet | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual(['26100', 'Healthy', '24H2', true, 0, 3010]);
    await restarted(machine);
    expect(
      await outputOf(
        machine,
        `(Get-CimInstance Win32_OperatingSystem).BuildNumber; & dism /Online /Get-OSUninstallWindow | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual(['22631', 1168]);
  });

  test('in place repairs the component store of the same build, on a server too', async () => {
    const machine = labMachine([media, { kind: 'component-store-corrupt', repairable: false }], {
      base: 'windows-server-2022',
    });
    const health = `(Repair-WindowsImage -Online -ScanHealth).ImageHealthState.ToString()`;
    expect(await outputOf(machine, `${health}; ${setup('', '/Auto Upgrade /Quiet /NoReboot /ImageIndex 1')}`)).toEqual([
      'NonRepairable',
      '0x00000000',
    ]);
    await restarted(machine);
    expect(await outputOf(machine, `${health}; (Get-CimInstance Win32_OperatingSystem).BuildNumber`)).toEqual([
      'Healthy',
      '20348',
    ]);
  });
});

describe('a setup that has failed', () => {
  test.each([
    '0x20004',
    '0x20007',
    '0x20009',
    '0x2000c',
    '0x2000d',
    '0x20017',
    '0x30018',
    '0x3000d',
    '0x3001a',
    '0x4000d',
    '0x40017',
    '0xa001b',
  ])('%s has left its logs, the event and what SetupDiag found, on every base', async (extend) => {
    for (const base of ['windows-10-22h2', 'windows-11-24h2', 'windows-server-2025'] as const) {
      const machine = createMachine('box', { base, faults: [{ kind: 'setup-failed', extend }] });
      const found = await outputOf(
        machine,
        `(Get-ItemProperty HKLM:\\SYSTEM\\Setup\\SetupDiag\\Results).ExtendedErrorCode; Test-Path 'C:\\$WINDOWS.~BT\\Sources\\Rollback\\setuperr.log'
           [xml]$x = (Get-WinEvent -FilterHashtable @{ LogName='Application'; Id=1001 }).ToXml(); $x.Event.EventData.Data[0]; $x.Event.EventData.Data[6]
           ([xml](Get-Content C:\\Windows\\Logs\\SetupDiag\\SetupDiagResults.xml)).SetupDiag.ExtendedErrorCode`,
      );
      const code = `0x${extend.slice(2).toUpperCase()}`;
      expect(found).toEqual([code, true, 'WinSetupDiag02', code, code]);
    }
  });

  test('fails again in the same way while its cause is there', async () => {
    const machine = labMachine([{ kind: 'setup-failed', extend: '0x20009' }]);
    expect(await upgrade(machine)).toBe('0x80070002 0x20009');
  });
});

test('setup.exe that is not there is no program', async () => {
  const ran = await runScript(labMachine(), `Start-Process D:\\setup.exe -Wait`);
  expect(ran.errors.length + (ran.end.kind === 'failed' ? 1 : 0)).toBe(1);
});
