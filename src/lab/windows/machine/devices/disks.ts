import { createNode, type Volume } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { parseSddl } from '../rights/security-descriptor.ts';
import { type Disk, diskInOrder, laidOut } from './disk.ts';
import type { KeptState } from './kept-state.ts';
import { VolumeChecks } from './volume-checks.ts';

/** Rights of the root of a volume of data: administrators and SYSTEM own it, users may read all and change what is theirs. */
const dataVolume = parseSddl(
  'O:SYG:SYD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;AU)(A;OICI;0x1200a9;;;BU)',
  { owner: 'S-1-5-18', group: 'S-1-5-18', isProtected: true, rules: [] },
);

const gigabyte = 2 ** 30;
const megabyte = 2 ** 20;

/** Disks with their partitions, and the health of their volumes. */
export class Disks extends VolumeChecks implements KeptState {
  readonly #machine: Machine;
  disks: Disk[] = [];
  /** Volumes of disks that are offline or gone, by drive. */
  readonly #away = new Map<string, Volume>();
  /** @param machine whose disks they are */
  constructor(machine: Machine) {
    super(machine);
    this.#machine = machine;
  }

  /** The first disk as setup lays it: system, reserved, Windows, recovery. Called once the base is complete. */
  attach(): void {
    const { edition, files } = this.#machine;
    const isClient = edition.productType === 1;
    const windows = files.volume('C:').sizeBytes;
    this.disks.push({
      number: 0,
      name: isClient ? 'Contoso NVMe 512' : 'LENOVO RAID 940-8i',
      serial: `LAB${this.#machine.machineId.slice(0, 8).toUpperCase()}`,
      busType: isClient ? 'NVMe' : 'RAID',
      mediaType: isClient ? 'SSD' : 'Unspecified',
      sizeBytes: windows + gigabyte,
      style: 'GPT',
      ...diskInOrder,
      counters: {
        wear: 3,
        temperature: 38,
        powerOnHours: 5120,
        readErrorsTotal: 0,
        readErrorsUncorrected: 0,
        writeErrorsTotal: 0,
      },
      partitions: laidOut([
        { type: 'system', sizeBytes: 100 * megabyte, freeBytes: 68 * megabyte },
        { type: 'reserved', sizeBytes: 16 * megabyte },
        { type: 'basic', sizeBytes: windows, letter: 'C:' },
        { type: 'recovery', sizeBytes: 800 * megabyte, freeBytes: 320 * megabyte },
      ]),
      instanceId: `SCSI\\DISK&VEN_${isClient ? 'NVME&PROD_CONTOSO_NVME_512' : 'LENOVO&PROD_RAID_940-8I'}\\5&2A1B3C4D&0&000000`,
    });
  }

  /** The disk that holds a volume. */
  diskOf(drive: string): Disk | undefined {
    return this.disks.find(({ partitions }) => partitions.some(({ letter }) => letter === drive.slice(0, 2)));
  }

  /** Puts a further disk in, with a volume for each of its partitions that has a letter. */
  plug(disk: Disk, label = 'Data', fileSystem = 'NTFS'): void {
    this.disks.push(disk);
    for (const { letter, sizeBytes } of disk.partitions)
      if (letter !== undefined)
        this.addVolume(letter, sizeBytes, { label, fileSystem, isRemovable: disk.busType === 'USB' });
  }

  /** Adds an empty volume under a drive letter. */
  addVolume(
    drive: string,
    sizeBytes: number,
    facts: {
      readonly label: string;
      readonly fileSystem: string;
      readonly isRemovable?: boolean;
      readonly isOptical?: boolean;
    },
  ): Volume {
    const code = drive.charCodeAt(0);
    const volume: Volume = {
      drive,
      label: facts.label,
      serial: 0x1c00_0000 + code,
      guid: `{7a1e0${code.toString(16)}0-3b57-4c1e-9a44-0d1f6e5b7c21}`,
      sizeBytes,
      otherBytes: facts.isOptical ? sizeBytes : 64 * megabyte,
      usedBytes: 0,
      root: createNode('', true, this.#machine.clock.wallMs(), { security: dataVolume }),
      fileSystem: facts.fileSystem,
      driveType: facts.isOptical ? 5 : facts.isRemovable ? 2 : 3,
    };
    this.#machine.files.volumes.set(drive, volume);
    return volume;
  }

  /** Takes the volumes of a disk away, or brings them back: offline, device disabled, pulled out. */
  setPresent(disk: Disk, isPresent: boolean): void {
    const { volumes } = this.#machine.files;
    for (const { letter } of disk.partitions) {
      if (letter === undefined) continue;
      const [from, to] = isPresent ? [this.#away, volumes] : [volumes, this.#away];
      const volume = from.get(letter);
      if (!volume) continue;
      from.delete(letter);
      to.set(letter, volume);
    }
  }

  /** Takes a disk offline or online. */
  setOffline(disk: Disk, isOffline: boolean, pid: number): Promise<void> | undefined {
    if (disk.isOffline === isOffline) return undefined;
    disk.isOffline = isOffline;
    this.setPresent(disk, !isOffline);
    return this.#machine.changes.record('disk.offline', `disk ${disk.number}`, !isOffline, isOffline, pid);
  }

  *entries(): Generator<readonly [string, string]> {
    for (const disk of this.disks) {
      const { counters: _counted, partitions, ...rest } = disk;
      yield [`disk:${disk.number}`, JSON.stringify(rest)];
      for (const partition of partitions)
        yield [`partition:${disk.number}:${partition.number}`, JSON.stringify(partition)];
    }
    yield* this.healthEntries();
  }

  save(): () => void {
    const disks = structuredClone(this.disks);
    const restoreHealth = this.saveHealth();
    return () => {
      for (const disk of this.disks) if (disk.isOffline) this.setPresent(disk, true);
      this.disks = structuredClone(disks);
      restoreHealth();
      for (const disk of this.disks) if (disk.isOffline) this.setPresent(disk, false);
    };
  }
}
