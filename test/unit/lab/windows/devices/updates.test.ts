import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../../../src/lab/faults/faults.ts';
import { restarted } from '../restarted.ts';
import { labMachine, outputOf } from '../run-script.ts';

const msu = 'C:\\Updates\\windows10.0-kb5068861-x64.msu';
const wusa = (path = msu): string =>
  `$p = Start-Process wusa.exe -ArgumentList '${path} /quiet /norestart' -Wait -PassThru; '0x{0:X}' -f $p.ExitCode`;
const state = `(Get-WindowsPackage -Online | Where-Object PackageName -like '*RollupFix*').PackageState.ToString()`;
/** A package that fits, beside what is wrong with the host. */
const fitting: FaultSpec = { kind: 'package-damaged', path: 'C:\\Updates\\bad.msu', goodCopy: msu };

describe('an update package', () => {
  test('is installed by wusa as SYSTEM and complete after the restart; a remote session may not', async () => {
    const machine = labMachine([fitting]);
    expect(await outputOf(machine, wusa())).toEqual(['0x5']);
    expect(await outputOf(machine, wusa(), 'service')).toEqual(['0xBC2']);
    expect(
      await outputOf(
        machine,
        `Test-Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending'; Test-Path C:\\Windows\\WinSxS\\pending.xml`,
      ),
    ).toEqual([true, true]);
    await restarted(machine);
    expect(
      await outputOf(
        machine,
        `(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').UBR; (Get-HotFix -Id KB5068861).HotFixID; Test-Path C:\\Windows\\WinSxS\\pending.xml
         @(Get-WindowsPackage -Online | Where-Object PackageName -like '*RollupFix*' | ForEach-Object { $_.PackageState.ToString() })
         @(Get-WinEvent -FilterHashtable @{ LogName='Setup'; ProviderName='Microsoft-Windows-Servicing'; Id=2 }).Count`,
      ),
    ).toEqual([7019, 'KB5068861', false, 'Superseded', 'Installed', 1]);
    expect(await outputOf(machine, wusa(), 'service')).toEqual(['0x240006']);
  });

  test('that is damaged fails by its digest in each tool, and its good copy does not', async () => {
    const machine = labMachine([{ kind: 'package-damaged' }]);
    expect(
      await outputOf(
        machine,
        `(Get-AuthenticodeSignature ${msu}).Status.ToString(); (Get-AuthenticodeSignature C:\\Updates\\verified\\windows10.0-kb5068861-x64.msu).Status.ToString()
         (Get-FileHash ${msu}).Hash -eq (Get-FileHash C:\\Updates\\verified\\windows10.0-kb5068861-x64.msu).Hash
         & dism.exe /English /Online /Add-Package /PackagePath:${msu} /NoRestart /Quiet | Out-Null; '0x{0:X8}' -f $LASTEXITCODE
         try { Add-WindowsPackage -Online -PackagePath ${msu} -NoRestart } catch { '0x{0:X8}' -f $_.Exception.HResult }
         & dism.exe /English /Online /Add-Package /PackagePath:C:\\Updates\\verified\\windows10.0-kb5068861-x64.msu /NoRestart | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual(['HashMismatch', 'Valid', false, '0x8007000D', '0x8007000D', 3010]);
  });

  test('that needs a newer servicing stack installs after that', async () => {
    const machine = labMachine([{ kind: 'package-prerequisite-missing' }]);
    expect(await outputOf(machine, wusa(), 'service')).toEqual(['0x800F0823']);
    expect(await outputOf(machine, wusa('C:\\Updates\\windows10.0-kb5067112-x64.msu'), 'service')).toEqual(['0xBC2']);
    await restarted(machine);
    expect(await outputOf(machine, wusa(), 'service')).toEqual(['0xBC2']);
  });

  test.each([
    ['architecture', '0x80240017', '0x800F081E'],
    ['other-build', '0x80240017', '0x800F081E'],
    ['superseded', '0x80240017', '0x800F081E'],
    ['installed', '0x240006', '0x00000000'],
  ] as const)('that does not fit (%s) says so', async (why, code, dism) => {
    const machine = labMachine([{ kind: 'package-unsuitable', why }]);
    expect(await outputOf(machine, wusa(), 'service')).toEqual([code]);
    expect(
      await outputOf(
        machine,
        `& dism /Online /Add-Package /PackagePath:${msu} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`,
      ),
    ).toEqual([dism]);
  });
});

describe('the last update is bad', () => {
  const spooler = `(Get-Service Spooler).Status.ToString()`;

  test('the service crashes again after each start, and sfc and a restart do not help', async () => {
    const machine = labMachine([{ kind: 'last-update-bad' }]);
    expect(
      await outputOf(
        machine,
        `${spooler}; Start-Service Spooler; Start-Sleep 5; ${spooler}; & sfc.exe /scannow | Out-Null; Start-Service Spooler; Start-Sleep 5; ${spooler}`,
      ),
    ).toEqual(['Stopped', 'Stopped', 'Stopped']);
    await restarted(machine);
    expect(
      await outputOf(
        machine,
        `Start-Sleep 5; ${spooler}; @(Get-WinEvent -FilterHashtable @{ LogName='System'; Id=7034 }).Count -ge 3`,
      ),
    ).toEqual(['Stopped', true]);
  });

  test('wusa does not take out what comes with a servicing stack; DISM does, and then it works', async () => {
    const machine = labMachine([{ kind: 'last-update-bad' }]);
    expect(
      await outputOf(
        machine,
        `$p = Start-Process wusa.exe -ArgumentList '/uninstall /kb:5068861 /quiet /norestart' -Wait -PassThru; '0x{0:X8}' -f $p.ExitCode`,
        'service',
      ),
    ).toEqual(['0x800F0825']);
    expect(
      await outputOf(
        machine,
        `$n = (Get-WindowsPackage -Online | Where-Object { $_.PackageName -like '*RollupFix*' -and $_.PackageState -eq 'Installed' }).PackageName
         & dism.exe /English /Online /Remove-Package /PackageName:$n /NoRestart | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual([3010]);
    await restarted(machine);
    expect(
      await outputOf(
        machine,
        `Start-Sleep 5; ${spooler}; (Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion').UBR; ${state}`,
      ),
    ).toEqual(['Running', 6899, 'Installed']);
  });

  test('clean-up with /ResetBase takes the way back', async () => {
    const machine = labMachine([{ kind: 'last-update-bad' }]);
    expect(
      await outputOf(
        machine,
        `& dism /Online /Cleanup-Image /StartComponentCleanup /ResetBase | Out-Null
         $n = (Get-WindowsPackage -Online | Where-Object PackageName -like '*RollupFix*').PackageName
         & dism /Online /Remove-Package /PackageName:$n | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`,
      ),
    ).toEqual(['0x800F0825']);
  });
});

describe('what servicing misses', () => {
  const services = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';
  const cbs = (pattern: string): string =>
    `@(Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Where-Object { $_ -match '${pattern}' }).Count -gt 0`;
  const cases: readonly (readonly [string, FaultSpec, string, string])[] = [
    [
      'the program of a service entry',
      { kind: 'servicing-entry-missing', what: 'service-program' },
      'Failed in StartService for \\[\\d+\\]"clr_opt',
      `Remove-Item '${services}\\clr_optimization_v4.0.30319_64' -Recurse`,
    ],
    [
      'the key of a driver service',
      { kind: 'servicing-entry-missing', what: 'driver-service' },
      'Doqe: Failed installing driver updates',
      `New-Item '${services}\\vwifibus' | Out-Null`,
    ],
    [
      'a folder of the start menu',
      { kind: 'servicing-entry-missing', what: 'shell-folder' },
      'STATUS_OBJECT_NAME_NOT_FOUND.*on:\\[\\d+\\]"',
      `New-Item 'C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\System Tools' -ItemType Directory | Out-Null`,
    ],
    [
      'the folder for temporary files',
      { kind: 'temp-folder-missing' },
      '0x80070003',
      `New-Item C:\\Windows\\Temp -ItemType Directory | Out-Null`,
    ],
    [
      'a variable that names such a folder',
      { kind: 'temp-folder-missing', cause: 'variable-wrong' },
      '0x80070003',
      `Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment' TEMP '%SystemRoot%\\TEMP'`,
    ],
    [
      'a manifest',
      { kind: 'cbs-manifest-missing' },
      'Failed to find file: Manifests',
      `Repair-WindowsImage -Online -RestoreHealth | Out-Null`,
    ],
  ];
  const cures = cases.map(([, , , cure]) => cure);

  test.each(cases.map((one, index) => [...one, index] as const))(
    '%s: only its own cure lets the update in',
    async (_name, fault, pattern, cure, index) => {
      const machine = labMachine([fitting, fault]);
      const install = `& dism /Online /Add-Package /PackagePath:${msu} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;
      expect(await outputOf(machine, `${cbs(pattern)}; ${install}`)).toEqual([true, '0x80070002']);
      const wrong = cures[(index + 1) % cures.length] ?? '';
      await outputOf(machine, `try { ${wrong} } catch { }; & sfc /scannow | Out-Null`).catch(() => []);
      expect(await outputOf(machine, install)).toEqual(['0x80070002']);
      expect(await outputOf(machine, `${cure}; ${install}`)).toEqual(['0x00000BC2']);
    },
  );

  test('a store that only a source can repair takes a fitting one, and no other', async () => {
    const other = labMachine([{ kind: 'component-store-needs-source', imageBuild: 22631 }]);
    const repair = (source: string): string =>
      `& dism /English /Online /Cleanup-Image /RestoreHealth ${source} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;
    expect(
      await outputOf(other, `${repair('')}; ${repair('/Source:wim:C:\\Sources\\install.wim:1 /LimitAccess')}`),
    ).toEqual(['0x800F081F', '0x800F081F']);
    const machine = labMachine([{ kind: 'component-store-needs-source' }]);
    expect(
      await outputOf(
        machine,
        `(Repair-WindowsImage -Online -CheckHealth).ImageHealthState.ToString(); ${repair('/Source:wim:C:\\Sources\\install.wim:1 /LimitAccess')}; (Repair-WindowsImage -Online -ScanHealth).ImageHealthState.ToString()`,
      ),
    ).toEqual(['NonRepairable', '0x00000000', 'Healthy']);
  });
});

test('an update of the recovery environment needs room in its partition', async () => {
  const machine = labMachine([{ kind: 'recovery-partition-small' }]);
  const path = 'C:\\Updates\\windows10.0-kb5034441-x64.msu';
  expect(await outputOf(machine, wusa(path), 'service')).toEqual(['0x80070643']);
  expect(
    Number(
      ((await outputOf(machine, `(Get-Partition | Where-Object Type -eq Recovery).Size / 1MB`))[0] as { value: number })
        .value ?? 500,
    ),
  ).toBe(500);
  machine.hardware.disks.disks[0]!.partitions.at(-1)!.freeBytes = 400 * 2 ** 20;
  expect(await outputOf(machine, wusa(path), 'service')).toEqual(['0xBC2']);
});

test('a package whose manifest is missing needs an image, and CBS.log names it in its ways', async () => {
  const machine = labMachine([fitting, { kind: 'cbs-package-missing' }]);
  const install = `& dism /Online /Add-Package /PackagePath:${msu} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;
  const repair = (source: string): string =>
    `& dism /Online /Cleanup-Image /RestoreHealth ${source} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;
  const found = (pattern: string): string =>
    `@(Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Where-Object { $_ -match '${pattern}' }).Count`;
  expect(await outputOf(machine, `${install}; ${repair('')}; ${install}`)).toEqual([
    '0x800F0831',
    '0x800F081F',
    '0x800F0831',
  ]);
  expect(
    await outputOf(
      machine,
      `${found('\\(p\\)\\s+CBS MUM Missing\\s+\\(n\\)\\s+Package_for_RollupFix')}; ${repair('/Source:wim:C:\\Sources\\install.wim:1 /LimitAccess')}; ${install}; ${found('CBS MUM Missing\\s+\\(n\\)\\s+\\(Fixed\\)')}`,
    ),
  ).toEqual([1, '0x00000000', '0x00000BC2', 1]);
});

test.each<FaultSpec>([
  { kind: 'acl-broken', target: 'servicing-key', damage: 'rules-missing' },
  { kind: 'servicing-entry-missing', what: 'service-program' },
])('$kind: the update that fails is offered, and CBS.log has told why before', async (fault) => {
  const machine = labMachine([fault], { base: 'windows-server-2022' });
  const output = await outputOf(
    machine,
    `@(Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Where-Object { $_ -match '0x8007000[25]' }).Count -gt 0
     $s = New-Object -ComObject Microsoft.Update.Session; $all = New-Object -ComObject Microsoft.Update.UpdateColl
     $s.CreateUpdateSearcher().Search('IsInstalled=0').Updates | Where-Object Title -like '*Cumulative*' | ForEach-Object { [void]$all.Add($_) }
     $d = $s.CreateUpdateDownloader(); $d.Updates = $all; [void]$d.Download(); $i = $s.CreateUpdateInstaller(); $i.Updates = $all; $i.Install().ResultCode`,
    'service',
  );
  expect(output).toEqual([true, 4]);
});
