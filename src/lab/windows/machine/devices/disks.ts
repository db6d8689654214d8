import { systemPid } from '../change-feed.ts';
import { createNode, type Volume } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { parseSddl } from '../rights/security-descriptor.ts';
import type { KeptState } from './kept-state.ts';

/** Rights of the root of a volume of data: administrators and SYSTEM own it, users may read all and change what is theirs. */
const dataVolume = parseSddl(
  'O:SYG:SYD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;AU)(A;OICI;0x1200a9;;;BU)',
  { owner: 'S-1-5-18', group: 'S-1-5-18', isProtected: true, rules: [] },
);

const gigabyte = 2 ** 30;
const megabyte = 2 ** 20;

/** GPT types of partitions. */
export const gptTypes = {
  system: '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}',
  reserved: '{e3c9e316-0b5c-4db8-817d-f92df00215ae}',
  basic: '{ebd0a0a2-b9e5-4433-87c0-68b6b72699c7}',
  recovery: '{de94bba4-06d1-4d40-a16a-bfd50179d6ac}',
} as const;

/** A partition. `freeBytes` is told for those that have no drive letter and no files here. */
export type Partition = {
  number: number;
  readonly type: keyof typeof gptTypes;
  sizeBytes: number;
  offsetBytes: number;
  readonly letter?: string;
  freeBytes?: number;
  isActive?: boolean;
};

/** A disk with what its firmware counts. */
export type Disk = {
  readonly number: number;
  readonly name: string;
  readonly serial: string;
  readonly busType: 'NVMe' | 'SATA' | 'RAID' | 'USB';
  readonly mediaType: 'SSD' | 'HDD' | 'Unspecified';
  readonly sizeBytes: number;
  readonly style: 'GPT' | 'MBR';
  isOffline: boolean;
  isReadOnly: boolean;
  health: 'Healthy' | 'Warning' | 'Unhealthy';
  operational: 'OK' | 'Predictive Failure' | 'Degraded';
  counters: {
    wear: number;
    temperature: number;
    powerOnHours: number;
    readErrorsTotal: number;
    readErrorsUncorrected: number;
    writeErrorsTotal: number;
  };
  partitions: Partition[];
  /** Device of the PnP tree; a disk whose device is disabled is gone. */
  readonly instanceId: string;
};

/** What a file system has to be repaired: nothing, something that a spot fix or only the offline check repairs, or what no check can. */
export type VolumeDamage = 'none' | 'spot' | 'offline';

/** State of a volume's file system beside its files. */
export type VolumeHealth = {
  isDirty: boolean;
  damage: VolumeDamage;
  /** What a scan has written down for the next spot fix. */
  isLogged: boolean;
  fragmentPercent: number;
  /** A check that runs at the next start. */
  planned: 'none' | 'spot' | 'offline';
  /** Files that lie on sectors which cannot be read. */
  unreadable: string[];
};

const healthy = (): VolumeHealth => ({
  isDirty: false,
  damage: 'none',
  isLogged: false,
  fragmentPercent: 4,
  planned: 'none',
  unreadable: [],
});

const usualHealth = JSON.stringify(healthy());

/** Disks with their partitions, and the health of their volumes. */
export class Disks implements KeptState {
  readonly #machine: Machine;
  disks: Disk[] = [];
  readonly #health = new Map<string, VolumeHealth>();
  /** Volumes of disks that are offline or gone, by drive. */
  readonly #away = new Map<string, Volume>();
  /** What a check or an optimization of a volume takes, in ms. */
  readonly durations = { scanMs: 480_000, fixMs: 60_000, bootFixMs: 900_000, optimizeMs: 300_000 };

  /** @param machine whose disks they are */
  constructor(machine: Machine) {
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

  /** Health of a volume (`C:`). */
  health(drive: string): VolumeHealth {
    const name = drive.slice(0, 2).toUpperCase();
    const found = this.#health.get(name) ?? healthy();
    this.#health.set(name, found);
    return found;
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

  /** Looks for damage as an online scan does; writes down what it finds. */
  scan(drive: string, pid: number): VolumeDamage {
    const health = this.health(drive);
    const found = health.damage;
    if (health.isLogged !== (found !== 'none')) {
      health.isLogged = found !== 'none';
      void this.#machine.changes.record('volume.scan', drive, 'unknown', found, pid);
    }
    this.#log(26_226, drive, found === 'none' ? 'found no problems' : 'found problems');
    return found;
  }

  /** Repairs what the given kind of check can repair. @returns whether nothing is left */
  fix(drive: string, how: 'spot' | 'offline', pid: number): boolean {
    const health = this.health(drive);
    const isFixed = health.damage === 'none' || how === 'offline' || (health.damage === 'spot' && health.isLogged);
    const before = { ...health };
    // A check cannot bring back what the disk cannot read; it only takes the sectors out of use.
    if (how === 'offline') {
      for (const path of health.unreadable) this.#loseFile(path);
      health.unreadable = [];
    }
    if (isFixed) Object.assign(health, { damage: 'none', isDirty: false, isLogged: false });
    health.planned = 'none';
    if (JSON.stringify(before) !== JSON.stringify(health))
      void this.#machine.changes.record('volume.repair', drive, before.damage, health.damage, pid);
    this.#log(
      how === 'spot' ? 26_214 : 1001,
      drive,
      isFixed ? 'made corrections to the file system' : 'could not repair',
    );
    return isFixed;
  }

  /** The checks that were planned for this start; how long they took, in ms. */
  boot(): number {
    let tookMs = 0;
    for (const [drive, health] of this.#health) {
      // Autochk runs by itself on a volume that is dirty, and does no more than it must.
      const how = health.planned !== 'none' ? health.planned : health.isDirty ? 'offline' : undefined;
      if (how === undefined || !this.#machine.files.volumes.has(drive)) continue;
      this.fix(drive, how, systemPid);
      tookMs += how === 'offline' ? this.durations.bootFixMs : this.durations.fixMs;
    }
    return tookMs;
  }

  *entries(): Generator<readonly [string, string]> {
    for (const disk of this.disks) {
      const { counters: _counted, partitions, ...rest } = disk;
      yield [`disk:${disk.number}`, JSON.stringify(rest)];
      for (const partition of partitions)
        yield [`partition:${disk.number}:${partition.number}`, JSON.stringify(partition)];
    }
    // Whoever asks for the health of a volume changes nothing: only what is not usual is shown.
    for (const [drive, health] of this.#health) {
      const text = JSON.stringify(health);
      if (text !== usualHealth) yield [`volume:${drive}`, text];
    }
  }

  save(): () => void {
    const disks = structuredClone(this.disks);
    const health = structuredClone(this.#health);
    return () => {
      for (const disk of this.disks) if (disk.isOffline) this.setPresent(disk, true);
      this.disks = structuredClone(disks);
      this.#health.clear();
      for (const [drive, one] of structuredClone(health)) this.#health.set(drive, one);
      for (const disk of this.disks) if (disk.isOffline) this.setPresent(disk, false);
    };
  }

  #loseFile(path: string): void {
    const { files } = this.#machine;
    if (files.exists(path)) void files.remove(path, systemPid, { force: true });
  }

  #log(id: number, drive: string, text: string): void {
    const isBoot = id === 1001;
    this.#machine.events.write({
      log: 'Application',
      provider: isBoot ? 'Microsoft-Windows-Wininit' : 'Chkdsk',
      id,
      message: `Chkdsk was executed on volume ${drive}: Windows ${text}.`,
      data: [['', `Checking file system on ${drive}`]],
    });
  }
}

/** The state of a disk that nothing is wrong with. */
export const diskInOrder = { isOffline: false, isReadOnly: false, health: 'Healthy', operational: 'OK' } as const;

/** Partitions one behind the other from 1 MB on. */
export const laidOut = (parts: readonly Omit<Partition, 'number' | 'offsetBytes'>[]): Partition[] => {
  let at = megabyte;
  return parts.map((part, index) => {
    const placed = { ...part, number: index + 1, offsetBytes: at };
    at += part.sizeBytes;
    return placed;
  });
};
