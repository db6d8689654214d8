import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../../src/lab/windows/machine/machine.ts';
import { parseSddl } from '../../../../src/lab/windows/machine/rights/security-descriptor.ts';
import { diffSnapshots, takeSnapshot } from '../../../../src/lab/windows/machine/snapshot.ts';
import { saveState } from '../../../../src/lab/windows/machine/state-copy.ts';
import { Win32Fault } from '../../../../src/lab/windows/machine/win32-fault.ts';
import { labMachine, outputOf } from './run-script.ts';

const codeOf = (run: () => unknown): number => {
  try {
    run();
  } catch (error) {
    if (error instanceof Win32Fault) return error.code;
    throw error;
  }
  return 0;
};

const [one, other] = ['C:\\t\\one.txt', 'C:\\u\\other.txt'];

const addDrive = (machine: Machine, fileSystem: string): void => {
  machine.hardware.disks.addVolume('D:', 2 ** 30, { label: 'Data', fileSystem });
};

/** A machine with a file of two names in two folders. */
const linked = () => {
  const machine = labMachine();
  const { files } = machine;
  void files.createFolder('C:\\t', 4);
  void files.createFolder('C:\\u', 4);
  void files.write(one, Buffer.alloc(1000, 'a'), 4);
  void files.link(other, one, 4);
  return { machine, files };
};

describe('hard links', () => {
  test('all names are one file: content, size, attributes, times and rules', () => {
    const { files } = linked();
    void files.write(other, Buffer.from('new'), 4);
    void files.setAttributes(files.get(one), 0x22, 4);
    void files.setTimes(files.get(other), { modifiedMs: 5 }, 4);
    void files.setSddl(files.get(one), 'O:SYG:SYD:P(A;;FA;;;SY)', 4);
    expect(Buffer.from(files.read(files.get(one))).toString()).toBe('new');
    expect(files.get(other)).toMatchObject({ sizeBytes: 3, attributes: 0x22, modifiedMs: 5 });
    expect(files.sddlOf(files.get(other))).toBe('O:SYG:SYD:PAI(A;;FA;;;SY)');
    expect(files.namesOf(files.get(other))).toEqual([one, other]);
  });

  test('a file has the rules of the folder that passed them on last, whichever of its names stands there', () => {
    const { files } = linked();
    const give = (path: string, right: string) => files.setSddl(files.get(path), `D:P(A;OICI;${right};;;SY)`, 4);
    void give('C:\\t', 'FR');
    void give('C:\\u', 'FW');
    expect([one, other].map((path) => files.sddlOf(files.get(path)).replace(/^.*D:/, ''))).toEqual([
      expect.stringContaining('FW'),
      expect.stringContaining('FW'),
    ]);
    void files.remove(other, 4);
    expect(files.sddlOf(files.get(one))).toContain('FW');
    void give('C:\\t', 'FR');
    expect(files.sddlOf(files.get(one))).toContain('FR');
  });

  test('its space counts once and is free when the last name goes', () => {
    const machine = labMachine();
    const { files } = machine;
    const free = files.freeBytes('C:');
    void files.write('C:\\a', new Uint8Array(1000), 4);
    void files.link('C:\\b', 'C:\\a', 4);
    void files.link('C:\\c', 'C:\\b', 4);
    expect(free - files.freeBytes('C:')).toBe(1000);
    void files.replaceContent(files.get('C:\\c'), new Uint8Array(3000), 4);
    void files.remove('C:\\a', 4);
    void files.remove('C:\\c', 4);
    expect(free - files.freeBytes('C:')).toBe(3000);
    expect(files.read(files.get('C:\\b'))).toHaveLength(3000);
    void files.remove('C:\\b', 4);
    expect(files.freeBytes('C:')).toBe(free);
  });

  test('what is open by one name is held by the others', () => {
    const { files } = linked();
    const handle = files.handles.open({ node: files.get(one), access: 1, share: 1, pid: 4 }, one);
    expect(codeOf(() => files.handles.check(files.get(other), other, 2))).toBe(32);
    expect(codeOf(() => files.remove(other, 4))).toBe(32);
    expect(codeOf(() => files.move(other, 'C:\\u\\x', 4))).toBe(32);
    files.handles.close(handle);
    expect(codeOf(() => files.remove(other, 4))).toBe(0);
  });

  test('a rename keeps the file, a copy, a new file of the name and a move to another volume do not', async () => {
    const { machine, files } = linked();
    void files.move(one, 'C:\\u\\moved.txt', 4);
    expect(files.namesOf(files.get(other)).toSorted()).toEqual(['C:\\u\\moved.txt', other]);
    await outputOf(
      machine,
      `Copy-Item ${other} C:\\u\\copy.txt; Remove-Item C:\\u\\moved.txt; Set-Content C:\\u\\moved.txt fresh`,
    );
    expect(files.namesOf(files.get(other))).toEqual([other]);
    expect(files.get('C:\\u\\copy.txt').sizeBytes).toBe(1000);
    void files.link(one, other, 4);
    addDrive(machine, 'NTFS');
    const before = files.freeBytes('C:');
    void files.move(one, 'D:\\one.txt', 4);
    void files.write('D:\\one.txt', Buffer.from('d'), 4);
    expect(files.freeBytes('C:')).toBe(before);
    expect(files.get(other).sizeBytes).toBe(1000);
    void files.remove(other, 4);
    expect(files.freeBytes('C:')).toBe(before + 1000);
  });

  test('Windows refuses folders, other volumes, names that are there, and the 1025th name', () => {
    const { machine, files } = linked();
    addDrive(machine, 'NTFS');
    expect(codeOf(() => files.link('C:\\x', 'C:\\t', 4))).toBe(5);
    expect(codeOf(() => files.link('C:\\x', 'C:\\none', 4))).toBe(2);
    expect(codeOf(() => files.link('C:\\none\\x', one, 4))).toBe(3);
    expect(codeOf(() => files.link('D:\\x', one, 4))).toBe(17);
    expect(codeOf(() => files.link(other, one, 4))).toBe(183);
    for (let count = 3; count <= 1024; count++) void files.link(`C:\\u\\${count}`, one, 4);
    expect(codeOf(() => files.link('C:\\u\\1025', other, 4))).toBe(1142);
  });

  test('a link is one change; the state tells the names, and comes back with them', () => {
    const { machine, files } = linked();
    const seen: unknown[] = [];
    const ignore = machine.changes.observe(({ kind, target, before, after }) => {
      seen.push([kind, target, before, after]);
    });
    const [restore, before] = [saveState(machine), takeSnapshot(machine)];
    void files.link('C:\\u\\third.txt', other, 4);
    ignore();
    expect(seen).toEqual([['file.link', 'C:\\u\\third.txt', undefined, other]]);
    const named = diffSnapshots(before, takeSnapshot(machine), machine).differences.map(({ path }) => path);
    expect(named).toEqual(['file:C:\\t\\one.txt', 'file:C:\\u\\other.txt', 'file:C:\\u\\third.txt']);
    void files.remove('C:\\u\\third.txt', 4);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
    // A copy of the same content is not the same state.
    void files.remove(other, 4);
    void files.write(other, files.read(files.get(one)), 4);
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences.length).toBeGreaterThan(0);
    restore();
    expect(diffSnapshots(before, takeSnapshot(machine), machine).differences).toEqual([]);
    void files.write(one, Buffer.from('one'), 4);
    expect(files.get(other).sizeBytes).toBe(3);
  });

  test('a shadow copy keeps what the file was', () => {
    const { machine, files } = linked();
    const device = machine.shadows.create('C:\\', 'ClientAccessible', 4).copy?.deviceObject ?? '';
    void files.write(other, Buffer.from('new'), 4);
    expect(files.get(`${device}\\t\\one.txt`).sizeBytes).toBe(1000);
    expect(codeOf(() => files.link('C:\\x', `${device}\\t\\one.txt`, 4))).toBe(17);
  });

  test('who may not write the attributes of a file may not link it', () => {
    const { machine, files } = linked();
    files.get(one).security = parseSddl('O:SYG:SYD:P(A;;FR;;;BA)', files.securityOf(files.get(one)));
    const account = machine.accounts[0]!;
    const { pid } = machine.processes.start({
      name: 'x',
      path: 'C:\\x.exe',
      account,
      environment: machine.newEnvironment(account),
    });
    expect(codeOf(() => files.link('C:\\u\\third', one, pid))).toBe(5);
  });
});
