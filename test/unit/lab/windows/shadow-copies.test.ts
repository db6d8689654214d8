import { describe, expect, test } from 'vitest';
import { labMachine, outputOf } from './run-script.ts';

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
