import { describe, expect, test } from 'vitest';
import { createMachine } from '../../../../src/lab/faults/create-machine.ts';
import type { Change } from '../../../../src/lab/windows/machine/change-feed.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { UpdateFault } from '../../../../src/lab/windows/machine/updates/update-fault.ts';
import { Win32Fault } from '../../../../src/lab/windows/machine/win32-fault.ts';
import { restarted } from './restarted.ts';
import { labMachine, outputOf } from './run-script.ts';

const code = (run: () => unknown): number => {
  try {
    run();
  } catch (error) {
    if (error instanceof Win32Fault) return error.code;
    if (error instanceof UpdateFault) return error.hresult >>> 0;
    throw error;
  }
  return 0;
};
const cache = 'C:\\Windows\\SoftwareDistribution';
const catalogs = 'C:\\Windows\\System32\\catroot2';

describe('a simulated machine', () => {
  test('finds files without regard to case and keeps how they were written', () => {
    const machine = labMachine();
    void machine.files.write('C:\\Temp.TXT', new Uint8Array(3), 4);
    expect(machine.files.get('c:\\temp.txt').name).toBe('Temp.TXT');
    void machine.files.move('C:\\temp.txt', 'C:\\TEMP.txt', 4);
    expect(machine.files.get('c:\\temp.txt').name).toBe('TEMP.txt');
  });

  test('refuses to rename what a running service has open, and lets it go when the service has stopped', () => {
    const machine = labMachine();
    expect(code(() => machine.files.move(catalogs, `${catalogs}.old`, 4))).toBe(5);
    void machine.services.stop('CryptSvc', 4);
    expect(code(() => machine.files.move(catalogs, `${catalogs}.old`, 4))).toBe(0);
  });

  test('refuses with a sharing violation what another program holds itself', () => {
    const machine = labMachine([{ kind: 'file-locked', path: catalogs, process: 'BackupAgent.exe' }]);
    void machine.services.stop('CryptSvc', 4);
    expect(code(() => machine.files.move(catalogs, `${catalogs}.old`, 4))).toBe(32);
    void machine.processes.end(machine.processes.all().find(({ name }) => name === 'BackupAgent')!.pid, 1);
    expect(code(() => machine.files.move(catalogs, `${catalogs}.old`, 4))).toBe(0);
  });

  test('brings trigger-started services back after a while, and they build what is missing', () => {
    const machine = labMachine();
    void machine.services.stop('CryptSvc', 4);
    void machine.files.move(catalogs, `${catalogs}.old`, 4);
    expect(machine.files.exists(catalogs)).toBe(false);
    void machine.clock.wait(4, 60_000);
    expect(machine.services.get('cryptsvc').state).toBe('Running');
    expect(machine.files.exists(`${catalogs}\\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}\\catdb`)).toBe(true);
  });

  test('a disabled service stays away and cannot be started', () => {
    const machine = labMachine([{ kind: 'service-disabled', name: 'wuauserv' }]);
    void machine.clock.wait(4, 3_600_000);
    expect(machine.services.get('wuauserv').state).toBe('Stopped');
    expect(code(() => machine.services.start('wuauserv', 4))).toBe(1058);
    expect(code(() => machine.update.search())).toBe(0x80070422);
  });

  test('the registry is the copy of the control manager: editing Start counts at the next restart only', async () => {
    const machine = labMachine();
    void machine.registry.set(
      'HKLM\\SYSTEM\\CurrentControlSet\\Services\\BITS',
      { name: 'Start', kind: 'DWord', data: 4 },
      4,
    );
    expect(machine.services.get('BITS').start).toBe('Manual');
    const up = new Promise<void>((resolve) => {
      machine.power.watch((state) => state === 'up' && resolve());
    });
    machine.power.restart();
    await up;
    expect(machine.services.get('BITS').start).toBe('Disabled');
  });

  test('a corrupt cache fails the search until the folder is set aside; the damage goes with the folder', () => {
    const machine = labMachine([{ kind: 'update-cache-corrupt' }]);
    expect(code(() => machine.update.search())).toBe(0x80070002);
    void machine.services.stop('wuauserv', 4);
    void machine.files.move(cache, `${cache}.old`, 4);
    expect(code(() => machine.update.search())).toBe(0);
    void machine.services.stop('wuauserv', 4);
    void machine.files.move(cache, `${cache}.new`, 4);
    void machine.files.move(`${cache}.old`, cache, 4);
    expect(code(() => machine.update.search())).toBe(0x80070002);
  });

  test('a full disk refuses to take more', () => {
    const machine = labMachine([{ kind: 'disk-low', freeGB: 4, reclaimableGB: 0.6 }]);
    expect(machine.files.freeBytes('C:') / 2 ** 30).toBeCloseTo(4, 1);
    machine.files.volume('C:').otherBytes += machine.files.freeBytes('C:') - 10;
    expect(code(() => machine.files.write('C:\\big.bin', new Uint8Array(11), 4))).toBe(112);
  });

  test('a second restore point within a day is left out silently unless the frequency says otherwise', () => {
    const machine = labMachine();
    expect(machine.restore.create('first', 12, 100, 4)).toBe(0);
    expect(machine.restore.create('second', 12, 100, 4)).toBe(0);
    expect(machine.restore.points.map(({ description }) => description)).toEqual(['first']);
    expect(machine.events.records('Application')?.at(-1)?.id).toBe(8216);
    void machine.registry.set(
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore',
      { name: 'SystemRestorePointCreationFrequency', kind: 'DWord', data: 0 },
      4,
    );
    expect(machine.restore.create('third', 12, 100, 4)).toBe(0);
    expect(machine.restore.points).toHaveLength(2);
  });

  test('numbers every change and lets an observer hold it', async () => {
    const machine = labMachine();
    const seen: Change[] = [];
    let release: () => void = () => undefined;
    machine.changes.observe((change) => {
      seen.push(change);
      if (change.kind !== 'file.create') return undefined;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const held = machine.files.write('C:\\a.txt', new Uint8Array(1), 8);
    expect(held).toBeInstanceOf(Promise);
    release();
    await held;
    void machine.files.move('C:\\a.txt', 'C:\\b.txt', 8);
    expect(seen.map(({ kind, target, after, pid }) => [kind, target, after, pid])).toEqual([
      ['file.create', 'C:\\a.txt', { sizeBytes: 1 }, 8],
      ['file.rename', 'C:\\a.txt', 'C:\\b.txt', 8],
    ]);
    expect(seen[1]!.n).toBe(seen[0]!.n + 1);
  });

  test('the diff of an untouched machine is empty, and names exactly what changed', () => {
    const machine = labMachine();
    const before = takeSnapshot(machine);
    expect(diffSnapshots(before, takeSnapshot(machine), machine)).toEqual({ differences: [], newEvents: [] });
    void machine.files.write('C:\\new.txt', new Uint8Array(2), 4);
    void machine.services.configure('BITS', { start: 'Disabled' }, 4);
    const { differences, newEvents } = diffSnapshots(before, takeSnapshot(machine), machine);
    expect(differences.map(({ path }) => path)).toEqual([
      'file:C:\\new.txt',
      'registry:HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\BITS:Start',
      'service:BITS:config',
    ]);
    expect(newEvents.map(({ id }) => id)).toEqual([7040]);
  });

  test('renaming away and back leaves no difference', () => {
    const machine = labMachine();
    void machine.services.stop('wuauserv', 4);
    const before = takeSnapshot(machine);
    void machine.files.move(cache, `${cache}.aside`, 4);
    void machine.files.move(`${cache}.aside`, cache, 4);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
  });

  test('the renames and deletions that wait for a restart are done then, as far as they can be', async () => {
    const machine = labMachine();
    await outputOf(
      machine,
      `foreach ($n in 'new', 'old', 'other', 'there', 'gone') { Set-Content "C:\\$n.txt" $n }
       [void](New-Item -ItemType Directory C:\\full); Set-Content C:\\full\\f.txt 1
       $key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager'
       Set-ItemProperty $key PendingFileRenameOperations -Type MultiString -Value '\\??\\C:\\full', '', '\\??\\C:\\new.txt', '!\\??\\C:\\old.txt', '\\??\\C:\\other.txt', '\\??\\C:\\there.txt'
       Set-ItemProperty $key PendingFileRenameOperations2 -Type MultiString -Value '\\??\\C:\\gone.txt', ''`,
    );
    await restarted(machine);
    const left = ['new', 'old', 'other', 'there', 'gone'].filter((name) => machine.files.exists(`C:\\${name}.txt`));
    expect(left).toEqual(['old', 'other', 'there']);
    expect(Buffer.from(machine.files.read(machine.files.get('C:\\old.txt'))).toString()).toBe('new\r\n');
    expect(machine.files.exists('C:\\full\\f.txt')).toBe(true);
  });

  test('fifty machines are made in a moment and share nothing', () => {
    const machines = Array.from({ length: 50 }, (_, index) => createMachine(`h${index}`, { base: 'windows-11-24h2' }));
    void machines[0]!.files.write('C:\\only-here.txt', new Uint8Array(1), 4);
    expect(machines.filter((machine) => machine.files.exists('C:\\only-here.txt'))).toHaveLength(1);
    expect(new Set(machines.map(({ machineId }) => machineId)).size).toBe(50);
  });
});

test('a healthy machine has a folder for each profile, and its loaded filters run', async () => {
  const output = await outputOf(
    labMachine(),
    `$list = 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList'
     @(Get-ChildItem $list | Where-Object { -not (Test-Path ([Environment]::ExpandEnvironmentVariables((Get-ItemProperty $_.PSPath).ProfileImagePath))) }).Count
     $all = Get-ItemProperty $list; (Test-Path $all.Default), (Test-Path $all.Public)
     @(Get-CimInstance Win32_SystemDriver | Where-Object { $_.Name -in 'bindflt', 'luafv', 'wcifs' } | ForEach-Object State) -join ' '`,
  );
  expect(output).toEqual([0, true, true, 'Running Running Running']);
});
