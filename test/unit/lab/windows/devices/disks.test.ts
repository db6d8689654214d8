import { describe, expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../../src/lab/windows/machine/state-copy.ts';
import { restarted } from '../restarted.ts';
import { labMachine, outputOf, runScript } from '../run-script.ts';

const scan = `(Repair-Volume -DriveLetter C -Scan).ToString()`;

describe('disk errors', () => {
  test('are told by events, counters, the scan and chkdsk', async () => {
    const machine = labMachine([{ kind: 'disk-errors' }]);
    expect(
      await outputOf(
        machine,
        `@(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='disk'; Id=7,51,153 }).Count
         @(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='Ntfs'; Id=55 }).Count
         [int](Get-PhysicalDisk | Get-StorageReliabilityCounter).ReadErrorsUncorrected
         ${scan}; (Get-Volume -DriveLetter C).OperationalStatus
         & chkdsk.exe C: | Out-Null; $LASTEXITCODE`,
      ),
    ).toEqual([7, 1, 8, 'SpotFixNeeded', 'Spot Fix Needed', 3]);
  });

  test('that a spot fix repairs are gone after the restart that it waits for', async () => {
    const machine = labMachine([{ kind: 'disk-errors' }]);
    expect(await outputOf(machine, `${scan}; (Repair-Volume -DriveLetter C -SpotFix).ToString(); ${scan}`)).toEqual([
      'SpotFixNeeded',
      'RebootNeeded',
      'SpotFixNeeded',
    ]);
    await restarted(machine);
    expect(await outputOf(machine, `${scan}; (Get-Volume -DriveLetter C).HealthStatus`)).toEqual([
      'NoErrorsFound',
      'Healthy',
    ]);
  });

  test('that need the offline check are not repaired by a spot fix', async () => {
    const machine = labMachine([{ kind: 'disk-errors', damage: 'offline' }]);
    await outputOf(machine, `${scan}; Repair-Volume -DriveLetter C -SpotFix | Out-Null`);
    await restarted(machine);
    expect(await outputOf(machine, `${scan}; (Repair-Volume -DriveLetter C -OfflineScanAndFix).ToString()`)).toEqual([
      'FullRepairNeeded',
      'RebootNeeded',
    ]);
    await restarted(machine);
    expect(await outputOf(machine, scan)).toEqual(['NoErrorsFound']);
  });
});

test('a dirty volume is not optimized, and clean after the check that the next start makes', async () => {
  const machine = labMachine([{ kind: 'volume-dirty' }]);
  const dirty = `[bool](Get-CimInstance Win32_Volume -Filter "DriveLetter='C:'").DirtyBitSet`;
  const ran = await runScript(machine, `Optimize-Volume -DriveLetter C; ${dirty}`);
  expect([ran.errors[0]?.id, ran.output]).toEqual(['StorageWMI 43022,Optimize-Volume', [true]]);
  expect(await outputOf(machine, '& fsutil dirty query C:')).toEqual(['Volume - C: is Dirty']);
  await restarted(machine);
  expect(await outputOf(machine, `${dirty}; Optimize-Volume -DriveLetter C`)).toEqual([false]);
});

test('a disk that will fail says so in each of its ways', async () => {
  expect(
    await outputOf(
      labMachine([{ kind: 'disk-unhealthy' }]),
      `$d = Get-PhysicalDisk; $d.HealthStatus; $d.OperationalStatus; [int]($d | Get-StorageReliabilityCounter).Wear
       (Get-CimInstance -Namespace root/wmi -ClassName MSStorageDriver_FailurePredictStatus).PredictFailure; (Get-CimInstance Win32_DiskDrive).Status`,
    ),
  ).toEqual(['Warning', 'Predictive Failure', 97, true, 'Pred Fail']);
});

describe('a second disk with a system partition', () => {
  const systems = `@(Get-Partition | Where-Object GptType -eq '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}').Count`;

  test('is told of by partitions, and gone while it is offline', async () => {
    const machine = labMachine([{ kind: 'partition-layout' }]);
    const before = takeSnapshot(machine);
    expect(
      await outputOf(
        machine,
        `${systems}; Set-Disk -Number 1 -IsOffline $true; (Get-Disk -Number 1).OperationalStatus; (Get-Disk -Number 1).IsOffline; Test-Path F:\\`,
      ),
    ).toEqual([2, 'Offline', true, false]);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path)).toEqual([
      'disk:1',
      'file:F:\\',
    ]);
    await outputOf(machine, 'Set-Disk -Number 1 -IsOffline $false');
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
  });

  test('comes back with a copied state', () => {
    const machine = labMachine([{ kind: 'partition-layout' }]);
    const [before, restore] = [takeSnapshot(machine), saveState(machine)];
    const disk = machine.hardware.disks.disks[1]!;
    void machine.hardware.disks.setOffline(disk, true, 4);
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
  });

  test('the disk of Windows is not taken offline', async () => {
    const ran = await runScript(labMachine(), 'Set-Disk -Number 0 -IsOffline $true');
    expect(ran.errors[0]?.id).toBe('StorageWMI 42007,Set-Disk');
  });
});

test('the recovery environment and the boot configuration are read and set', async () => {
  const machine = labMachine();
  expect(
    await outputOf(
      machine,
      `[xml]$x = Get-Content C:\\Windows\\System32\\Recovery\\ReAgent.xml; $x.WindowsRE.InstallState.state
       & reagentc /disable | Out-Null; $LASTEXITCODE; [xml]$x = Get-Content C:\\Windows\\System32\\Recovery\\ReAgent.xml; $x.WindowsRE.InstallState.state
       & bcdedit /export C:\\bcd.bak | Out-Null; & bcdedit /set '{current}' safeboot minimal | Out-Null; $LASTEXITCODE
       @(& bcdedit /enum '{current}' | Where-Object { $_ -match '^safeboot' }).Count
       & bcdedit /import C:\\bcd.bak | Out-Null; @(& bcdedit /enum | Where-Object { $_ -match '^safeboot' }).Count`,
    ),
  ).toEqual(['1', 0, '0', 0, 1, 0]);
});

test('hibernation off takes its file away, and fast startup shows in its value and its event', async () => {
  const machine = labMachine([{ kind: 'fast-startup-on' }]);
  expect(
    await outputOf(
      machine,
      `(Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Power').HiberbootEnabled
       @(Get-WinEvent -FilterHashtable @{ LogName='System'; ProviderName='Microsoft-Windows-Kernel-Boot'; Id=27 }).Count
       Test-Path C:\\hiberfil.sys; & powercfg.exe /h off; $LASTEXITCODE; Test-Path C:\\hiberfil.sys`,
    ),
  ).toEqual([1, 1, true, 0, false]);
});
