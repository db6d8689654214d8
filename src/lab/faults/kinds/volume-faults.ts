import { systemPid } from '../../windows/machine/change-feed.ts';
import { diskInOrder, laidOut } from '../../windows/machine/devices/disk.ts';
import { writeUpdateEvent } from '../../windows/machine/devices/update-events.ts';
import { encodeUpdate } from '../../windows/machine/devices/update-package.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from '../bases/base-files.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

const hourMs = 3_600_000;
const megabyte = 2 ** 20;
const gigabyte = 2 ** 30;

const writeDiskEvent = (
  machine: Machine,
  provider: string,
  id: number,
  hours: number,
  message: string,
  level = 2,
): void => {
  machine.events.write({
    log: 'System',
    provider,
    id,
    level,
    timeMs: machine.clock.wallMs() - hours * hourMs,
    message,
    data: [['', '\\Device\\Harddisk0\\DR0']],
  });
};

const breakDisk = (machine: Machine, damage: 'spot' | 'offline', unreadable: string | undefined): void => {
  const { disks } = machine.hardware;
  const [disk] = disks.disks;
  const health = disks.health('C:');
  health.damage = damage;
  if (disk) Object.assign(disk.counters, { readErrorsTotal: 214, readErrorsUncorrected: 8 });
  if (unreadable !== undefined) {
    if (!machine.files.exists(unreadable)) placeFile(machine, unreadable, 24 * megabyte, 200);
    health.unreadable.push(unreadable);
  }
  for (const hours of [50, 26, 5]) {
    writeDiskEvent(machine, 'disk', 7, hours, 'The device, \\Device\\Harddisk0\\DR0, has a bad block.');
    writeDiskEvent(
      machine,
      'disk',
      153,
      hours - 1,
      'The IO operation at logical block address 0x1f00 for Disk 0 was retried.',
      3,
    );
  }
  writeDiskEvent(
    machine,
    'disk',
    51,
    5,
    'An error was detected on device \\Device\\Harddisk0\\DR0 during a paging operation.',
    3,
  );
  machine.events.write({
    log: 'System',
    provider: 'Ntfs',
    id: 55,
    level: 2,
    timeMs: machine.clock.wallMs() - 4 * hourMs,
    message: 'A corruption was discovered in the file system structure on volume C:.',
    data: [
      ['DriveName', 'C:'],
      ['DeviceName', '\\Device\\HarddiskVolume3'],
      ['CorruptionState', '0x0'],
    ],
  });
};

/** A second disk that another Windows was on: it has a system partition of its own. */
const addSecondSystem = (machine: Machine, style: 'GPT' | 'MBR'): void => {
  const { disks } = machine.hardware;
  const size = 465 * gigabyte;
  disks.plug(
    {
      number: disks.disks.length,
      name: 'Contoso HDD 500',
      serial: 'WDLAB500',
      busType: 'SATA',
      mediaType: 'HDD',
      sizeBytes: size,
      style,
      ...diskInOrder,
      counters: {
        wear: 0,
        temperature: 34,
        powerOnHours: 18_200,
        readErrorsTotal: 2,
        readErrorsUncorrected: 0,
        writeErrorsTotal: 0,
      },
      partitions: laidOut([
        {
          type: 'system',
          sizeBytes: 100 * megabyte,
          freeBytes: 70 * megabyte,
          ...(style === 'MBR' ? { isActive: true } : {}),
        },
        {
          type: 'basic',
          sizeBytes: size - 200 * megabyte,
          letter:
            Array.from('FGHIJK')
              .map((one) => `${one}:`)
              .find((one) => !machine.files.volumes.has(one)) ?? 'K:',
        },
      ]),
      instanceId: 'SCSI\\DISK&VEN_CONTOSO&PROD_HDD_500\\4&3C4D5E6F&0&010000',
    },
    'Old system',
  );
};

const shrinkRecovery = (machine: Machine, freeMB: number, kb: string): void => {
  const part = machine.hardware.disks.diskOf('C:')?.partitions.find(({ type }) => type === 'recovery');
  if (part) Object.assign(part, { sizeBytes: 500 * megabyte, freeBytes: freeMB * megabyte });
  const { build, ubr } = machine.edition;
  const title = `2026-10 Security Update for the recovery environment (${kb})`;
  const bytes = encodeUpdate({
    kind: 'update-package',
    title,
    kb,
    identity: `Package_for_WinREServicing~31bf3856ad364e35~amd64~~${build}.${ubr}.1.0`,
    architecture: 'amd64',
    build,
    ubr: 0,
    category: 'Security Update',
    needsStack: 0,
    bringsStack: 0,
    needsRecoveryMB: 250,
    sizeMB: 120,
  });
  void machine.files.createFolder('C:\\Updates', systemPid);
  void machine.files.write(`C:\\Updates\\windows10.0-${kb.toLowerCase()}-x64.msu`, bytes, systemPid);
  for (const hours of [49, 25, 2])
    writeUpdateEvent(machine, 20, title, 0x80070643, machine.clock.wallMs() - hours * hourMs);
};

/** Disks and volumes with errors, and partitions that do not fit. */
export type VolumeFault =
  | { readonly kind: 'disk-errors'; readonly damage?: 'spot' | 'offline'; readonly unreadable?: string }
  | { readonly kind: 'volume-dirty'; readonly drive?: string }
  | { readonly kind: 'disk-unhealthy'; readonly wear?: number }
  | { readonly kind: 'partition-layout'; readonly style?: 'GPT' | 'MBR' }
  | { readonly kind: 'recovery-partition-small'; readonly freeMB?: number; readonly kb?: string };

/** States of disks, volumes and partitions. */
export const volumeFaults: FaultKinds<VolumeFault> = {
  'disk-errors': (machine, { damage, unreadable }) => breakDisk(machine, damage ?? 'spot', unreadable),
  'volume-dirty': (machine, { drive }) => {
    const name = drive ?? 'C:';
    const known = [...machine.files.volumes.keys()];
    if (!known.includes(name)) throw lacks(`it has no drive \`${name}\``, { given: name, known });
    machine.hardware.disks.health(name).isDirty = true;
  },
  'disk-unhealthy': (machine, { wear }) => {
    const [disk] = machine.hardware.disks.disks;
    if (!disk) return;
    Object.assign(disk, { health: 'Warning', operational: 'Predictive Failure' });
    Object.assign(disk.counters, { wear: wear ?? 97, temperature: 68, readErrorsUncorrected: 31 });
    writeDiskEvent(
      machine,
      'disk',
      52,
      8,
      'The driver has detected that device \\Device\\Harddisk0\\DR0 has predicted that it will fail.',
      3,
    );
  },
  'partition-layout': (machine, { style }) => addSecondSystem(machine, style ?? 'GPT'),
  'recovery-partition-small': (machine, { freeMB, kb }) => shrinkRecovery(machine, freeMB ?? 40, kb ?? 'KB5034441'),
};
