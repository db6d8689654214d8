import { describe, expect, test } from 'vitest';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { restarted } from './restarted.ts';
import { labMachine, outputOf, runScript } from './run-script.ts';

const sfc = (verb: string): string => `((& sfc.exe ${verb}) -join '' -replace "\`0" -split '[.%]')[-2]; $LASTEXITCODE`;
const healed = 'Windows Resource Protection found corrupt files and successfully repaired them';
const whole = 'Windows Resource Protection did not find any integrity violations';
const dism = (rest: string): string =>
  `& dism.exe /English /Online /Cleanup-Image /RestoreHealth ${rest} | Out-Null; '0x{0:X8}' -f $LASTEXITCODE`;

describe('system files', () => {
  test('sfc puts a missing service DLL back as it was, and the service starts', async () => {
    const machine = labMachine();
    const before = takeSnapshot(machine);
    void machine.files.remove('C:\\Windows\\System32\\qmgr.dll', 4, { force: true });
    expect((await runScript(machine, 'Start-Service BITS')).errors).toHaveLength(1);
    // DISM looks at the store only, and that is whole.
    expect(await outputOf(machine, dism(''))).toEqual(['0x00000000']);
    expect((await runScript(machine, 'Start-Service BITS')).errors).toHaveLength(1);
    expect(await outputOf(machine, `${sfc('/scannow')}; ${sfc('/scannow')}`)).toEqual([healed, 0, whole, 0]);
    expect(
      diffSnapshots(before, takeSnapshot(machine), machine).differences.filter(({ path }) =>
        /System32|WinSxS/.test(path),
      ),
    ).toEqual([]);
    expect(await outputOf(machine, `Start-Service BITS; (Get-Service BITS).Status.ToString()`)).toEqual(['Running']);
  });

  test('sfc /verifyonly finds and changes nothing', async () => {
    const machine = labMachine();
    // No administrator may write there: what damaged it was no script.
    void machine.files.write('C:\\Windows\\System32\\msxml3.dll', Buffer.from('x'), 4);
    const before = takeSnapshot(machine);
    const found = 'Windows Resource Protection found integrity violations';
    expect(await outputOf(machine, `${sfc('/verifyonly')}; ${sfc('/verifyonly')}`)).toEqual([found, 0, found, 0]);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path)).toEqual([
      'file:C:\\Windows\\Logs\\CBS\\CBS.log',
    ]);
    expect(
      await outputOf(
        machine,
        `@(Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Where-Object { $_ -match 'Corrupt file: .*msxml3' }).Count; @(Get-Content C:\\Windows\\Logs\\CBS\\CBS.log | Where-Object { $_ -match 'Repair' }).Count`,
      ),
    ).toEqual([2, 0]);
  });

  test('a damaged store can be read as files, keeps sfc from mending what it holds, and only that', async () => {
    const machine = labMachine([{ kind: 'component-store-corrupt', files: 1 }]);
    const broken = machine.components.damage.map(({ file }) => file);
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/WinSxS.*wininet\.dll$/);
    void machine.files.remove('C:\\Windows\\System32\\qmgr.dll', 4, { force: true });
    const unable = 'Windows Resource Protection found corrupt files but was unable to fix some of them';
    expect(
      await outputOf(
        machine,
        `(Get-FileHash '${broken[0]}').Hash -eq (Get-FileHash C:\\Windows\\System32\\wininet.dll).Hash; (Get-AuthenticodeSignature '${broken[0]}').Status.ToString()
         ${sfc('/scannow')}; Test-Path C:\\Windows\\System32\\qmgr.dll; ${dism('')}; ${sfc('/scannow')}; (Get-AuthenticodeSignature C:\\Windows\\System32\\wininet.dll).Status.ToString()`,
      ),
    ).toEqual([true, 'HashMismatch', unable, 1, true, '0x00000000', healed, 0, 'Valid']);
  });

  test('a folder is a source for DISM only if it has the very files', async () => {
    const machine = labMachine([{ kind: 'component-store-corrupt', files: 1, repairable: false }]);
    const [broken] = machine.components.damage;
    const place = (root: string, bytes: Uint8Array): void => {
      const path = broken!.file.replace('C:\\Windows', `${root}\\Windows`);
      void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), 4);
      void machine.files.write(path, bytes, 4);
    };
    void machine.files.createFolder('C:\\empty\\Windows\\WinSxS', 4);
    place('C:\\other', Buffer.from('another build'));
    place('C:\\good', broken!.bytes);
    expect(
      await outputOf(
        machine,
        `${dism('/Source:C:\\empty /LimitAccess')}; ${dism('/Source:C:\\other\\Windows /LimitAccess')}; ${dism('/Source:C:\\Windows /LimitAccess')}; ${dism('/Source:C:\\good\\Windows /LimitAccess')}; (Repair-WindowsImage -Online -ScanHealth).ImageHealthState.ToString()`,
      ),
    ).toEqual(['0x800F081F', '0x800F081F', '0x800F081F', '0x00000000', 'Healthy']);
  });

  test('sfc and DISM wait for a restart that completes an installation', async () => {
    const machine = labMachine([
      { kind: 'package-damaged', path: 'C:\\Updates\\bad.msu' },
      { kind: 'component-store-corrupt', files: 1 },
    ]);
    machine.components.lay();
    await outputOf(
      machine,
      `& dism /Online /Add-Package /PackagePath:C:\\Updates\\verified\\windows10.0-kb5068861-x64.msu | Out-Null`,
    );
    const both = `(& sfc.exe /scannow) -join '' -replace "\`0"; ${dism('')}`;
    expect(await outputOf(machine, both)).toEqual([
      'There is a system repair pending which requires reboot to complete.  Restart Windows and run sfc again.',
      '0x800F0806',
    ]);
    await restarted(machine);
    expect(await outputOf(machine, `${sfc('/scannow')}; ${dism('')}`)).toEqual([whole, 0, '0x00000000']);
  });

  test('sfc exchanges a damaged file at once, one that is in use at the next start', async () => {
    const path = 'C:\\Windows\\System32\\usermgr.dll';
    const state = `(Get-AuthenticodeSignature '${path}').Status.ToString(); Test-Path C:\\Windows\\WinSxS\\pending.xml`;
    const repair = `& sfc.exe /scannow | Out-Null; $LASTEXITCODE; ${state}`;
    expect(await outputOf(labMachine([{ kind: 'system-file-damaged' }]), repair)).toEqual([0, 'Valid', false]);
    const held = labMachine([{ kind: 'system-file-damaged', process: 'svchost.exe' }]);
    expect(await outputOf(held, repair)).toEqual([0, 'NotSigned', true]);
    await restarted(held);
    expect(await outputOf(held, state)).toEqual(['Valid', false]);
  });

  test('the file of a bad update is the right one for servicing until the update is gone', async () => {
    const machine = labMachine([{ kind: 'last-update-bad' }]);
    const broken = machine.components.componentOf('C:\\Windows\\System32\\localspl.dll')!;
    expect(machine.components.damage).toEqual([]);
    void machine.files.remove(broken.file, 4, { force: true });
    expect(await outputOf(machine, sfc('/scannow'))).toEqual([healed, 0]);
    expect(machine.files.get(broken.file).bytes).toEqual(broken.bytes);
    await outputOf(
      machine,
      `$n = (Get-WindowsPackage -Online | Where-Object { $_.PackageName -like '*RollupFix*' -and $_.PackageState -eq 'Installed' }).PackageName
       & dism.exe /English /Online /Remove-Package /PackageName:$n /NoRestart | Out-Null`,
    );
    await restarted(machine);
    expect(machine.files.exists(broken.payload)).toBe(false);
    expect(machine.files.get(broken.file).bytes).not.toEqual(broken.bytes);
    expect(await outputOf(machine, sfc('/verifyonly'))).toEqual([whole, 0]);
  });

  test('a system file is a second name of the file in the store: what is written into it is written there, what replaces it is not', async () => {
    const machine = labMachine();
    const { file, payload } = machine.components.componentOf('C:\\Windows\\System32\\msxml3.dll')!;
    expect(await outputOf(machine, `(Get-Item ${file}).LinkType; fsutil hardlink list ${file}`)).toEqual([
      'HardLink',
      payload.slice(2),
      file.slice(2),
    ]);
    void machine.files.remove(file, 4, { force: true });
    void machine.files.write(file, Buffer.from('replaced'), 4);
    expect(machine.components.damage).toEqual([]);
    // sfc makes the link anew.
    expect(await outputOf(machine, `${sfc('/scannow')}; (Get-Item ${file}).LinkType`)).toEqual([healed, 0, 'HardLink']);
    void machine.files.write(file, Buffer.from('written into'), 4);
    expect(machine.components.damage.map((one) => one.file)).toEqual([payload]);
    const unable = 'Windows Resource Protection found corrupt files but was unable to fix some of them';
    expect(
      await outputOf(machine, `${sfc('/scannow')}; ${dism('')}; ${sfc('/scannow')}; ${sfc('/verifyonly')}`),
    ).toEqual([unable, 1, '0x00000000', healed, 0, whole, 0]);
    expect(machine.files.get(file).file).toBe(machine.files.get(payload).file);
  });

  test('a file of the store that is in use through its other name is exchanged at the next start', async () => {
    const machine = labMachine();
    const { file, payload, bytes } = machine.components.componentOf('C:\\Windows\\System32\\msxml3.dll')!;
    void machine.files.write(file, Buffer.from('written into'), 4);
    machine.files.handles.open({ node: machine.files.get(file), access: 1, share: 1, pid: 4 }, file);
    expect(await outputOf(machine, dism(''))).toEqual(['0x00000000']);
    expect(machine.files.get(payload).bytes).not.toEqual(bytes);
    machine.files.handles.closeAllOf(4);
    await restarted(machine);
    expect(await outputOf(machine, `${sfc('/scannow')}; ${sfc('/verifyonly')}`)).toEqual([healed, 0, whole, 0]);
  });

  test('what DISM and sfc lay has the rights that it had: an administrator may not delete it', async () => {
    const machine = labMachine();
    const { file, payload } = machine.components.componentOf('C:\\Windows\\System32\\wuaueng.dll')!;
    const rights = machine.files.sddlOf(machine.files.get(file));
    for (const path of [file, payload]) void machine.files.remove(path, 4, { force: true });
    expect(await outputOf(machine, `${dism('')}; ${sfc('/scannow')}`)).toEqual(['0x00000000', healed, 0]);
    for (const path of [file, payload]) expect(machine.files.sddlOf(machine.files.get(path))).toBe(rights);
    expect((await runScript(machine, `Remove-Item ${file} -Force`)).errors).toHaveLength(1);
  });

  test('a release that brings a mistake mends nothing that was broken before', () => {
    const machine = labMachine([{ kind: 'component-store-corrupt', files: 2 }, { kind: 'feature-release-bad' }]);
    expect(machine.components.damage).toHaveLength(2);
  });

  test('Repair-WindowsImage waits for a restart like DISM, and so does a clean-up', async () => {
    const machine = labMachine([{ kind: 'component-store-corrupt', files: 1 }]);
    machine.components.needRestart();
    const ran = await runScript(
      machine,
      `& dism.exe /Online /Cleanup-Image /StartComponentCleanup | Out-Null; '0x{0:X8}' -f $LASTEXITCODE; Repair-WindowsImage -Online -RestoreHealth`,
    );
    expect(ran.output).toEqual(['0x800F0806']);
    expect(ran.end.kind === 'failed' || ran.errors.length > 0).toBe(true);
    expect(machine.components.damage).toHaveLength(1);
  });
});
