import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { encodeImage, readImageContent } from './image-file.ts';

/** A backup that the catalog knows. */
export type BackupVersion = {
  /** `MM/DD/YYYY-HH:MM` in UTC, as wbadmin names versions. */
  readonly id: string;
  readonly atMs: number;
  /** Folder with the image, e.g. `E:\WindowsImageBackup\BOX\Backup 2026-11-20 210000`. */
  readonly folder: string;
  readonly target: string;
  readonly items: 'full' | 'system-state';
};

/** What the last backup came to. `hresult` is unsigned. */
export type BackupJob = {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly hresult: number;
  readonly version?: string;
};

type Catalog = { readonly versions: readonly BackupVersion[]; readonly jobs: readonly BackupJob[] };

const catalogPath = 'C:\\System Volume Information\\WindowsImageBackup\\Catalog\\GlobalCatalog';
/** How long a backup takes, in ms. */
export const backupMs = 1_800_000;

/** HRESULTs of backups. */
export const backupCodes = {
  pathMissing: 0x80070003,
  invalid: 0x80070057,
  diskFull: 0x80780119,
  damaged: 0x80780048,
} as const;

const readCatalog = (machine: Machine): Catalog => {
  const node = machine.files.find(catalogPath);
  const text = node ? Buffer.from(machine.files.read(node)).toString('utf8') : '';
  return text === '' ? { versions: [], jobs: [] } : (JSON.parse(text) as Catalog);
};

const writeCatalog = (machine: Machine, catalog: Catalog): void => {
  void machine.files.createFolder(catalogPath.slice(0, catalogPath.lastIndexOf('\\')), systemPid);
  void machine.files.write(catalogPath, Buffer.from(JSON.stringify(catalog)), systemPid);
};

/** Versions that the catalog knows and whose target is there, oldest first. */
export const backupVersions = (machine: Machine): readonly BackupVersion[] => readCatalog(machine).versions;

/** Jobs, oldest first. */
export const backupJobs = (machine: Machine): readonly BackupJob[] => readCatalog(machine).jobs;

const pad = (value: number): string => String(value).padStart(2, '0');

/** Writes a backup as it lies on its target, and what the catalog says of it. */
export const placeBackup = (
  machine: Machine,
  target: string,
  atMs: number,
  items: BackupVersion['items'],
): BackupVersion => {
  const at = new Date(atMs);
  const day = `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
  const time = `${pad(at.getUTCHours())}${pad(at.getUTCMinutes())}${pad(at.getUTCSeconds())}`;
  const folder = `${target}\\WindowsImageBackup\\${machine.name}\\Backup ${day} ${time}`;
  const [year, month, date] = day.split('-');
  const version: BackupVersion = {
    id: `${month}/${date}/${year}-${time.slice(0, 2)}:${time.slice(2, 4)}`,
    atMs,
    folder,
    target,
    items,
  };
  void machine.files.createFolder(folder, systemPid);
  const image = encodeImage({}, JSON.stringify({ kind: 'vhdx', computer: machine.name, build: machine.edition.build }));
  void machine.files.write(`${folder}\\${machine.files.volume('C:').guid.slice(1, -1)}.vhdx`, image, systemPid);
  void machine.files.write(`${folder}\\BackupSpecs.xml`, Buffer.from('<BackupSpecs/>'), systemPid);
  const catalog = readCatalog(machine);
  writeCatalog(machine, { ...catalog, versions: [...catalog.versions, version] });
  return version;
};

/** Whether the image of a version is there and whole. @returns an HRESULT, 0 when it is */
export const checkBackup = (machine: Machine, version: BackupVersion): number => {
  const folder = machine.files.find(version.folder);
  if (!folder?.isFolder) return backupCodes.pathMissing;
  const image = [...folder.children.values()].find(({ name }) => /\.vhdx$/i.test(name));
  if (!image) return backupCodes.pathMissing;
  return readImageContent(image.bytes, 'vhdx') ? 0 : backupCodes.invalid;
};

/** Whether a system state may be kept on a volume that it holds itself (a setting of the backup engine). */
const allowsAnyVolume = (machine: Machine): boolean =>
  machine.registry.data(
    'HKLM\\SYSTEM\\CurrentControlSet\\Services\\wbengine\\SystemStateBackup',
    'AllowSSBToAnyVolume',
  ) === 1;

/** Makes a backup now that its time has passed; writes the job and the events. @returns the job */
export const makeBackup = (
  machine: Machine,
  target: string,
  items: BackupVersion['items'],
  startedMs: number,
): BackupJob => {
  const drive = target.slice(0, 2).toUpperCase();
  const fail = (): number => {
    if (!machine.files.volumes.has(drive)) return backupCodes.pathMissing;
    if (drive === 'C:' && !(items === 'system-state' && allowsAnyVolume(machine))) return backupCodes.invalid;
    if (machine.files.freeBytes(drive) < 4 * 2 ** 30) return backupCodes.diskFull;
    if (machine.services.find('VSS')?.start === 'Disabled') return 0x80070422;
    return machine.hardware.writers.freeze().hresult;
  };
  const hresult = fail();
  const endedMs = machine.clock.wallMs();
  const version = hresult === 0 ? placeBackup(machine, drive, endedMs, items).id : undefined;
  const job: BackupJob = { startedMs, endedMs, hresult, ...(version === undefined ? {} : { version }) };
  const catalog = readCatalog(machine);
  writeCatalog(machine, { ...catalog, jobs: [...catalog.jobs, job] });
  writeJobEvent(machine, job);
  return job;
};

/** Takes a version and its files away. */
export const forgetBackup = (machine: Machine, version: BackupVersion, pid: number): Held => {
  const { files } = machine;
  const catalog = readCatalog(machine);
  const folder = files.find(version.folder);
  for (const child of Array.from(folder?.children.values() ?? []))
    void files.remove(`${version.folder}\\${child.name}`, pid, { force: true });
  if (folder) {
    // What a full backup takes on its target beside the files that the lab lays.
    const volume = files.volume(version.folder);
    volume.otherBytes = Math.max(0, volume.otherBytes - 24 * 2 ** 30);
    void files.remove(version.folder, pid);
  }
  writeCatalog(machine, { ...catalog, versions: catalog.versions.filter(({ id }) => id !== version.id) });
  return machine.changes.record('backup.remove', version.id, version.folder, undefined, pid);
};

/** Adds a job to the catalog as if it had run then. */
export const recordJob = (machine: Machine, job: BackupJob): void => {
  const catalog = readCatalog(machine);
  writeCatalog(machine, { ...catalog, jobs: [...catalog.jobs, job] });
  writeJobEvent(machine, job);
};

const writeJobEvent = (machine: Machine, job: BackupJob): void => {
  const isGood = job.hresult === 0;
  machine.events.write({
    log: 'Microsoft-Windows-Backup',
    provider: 'Microsoft-Windows-Backup',
    id: isGood ? 4 : job.hresult >= 0x80042300 && job.hresult < 0x80042500 ? 521 : 517,
    level: isGood ? 4 : 2,
    timeMs: job.endedMs,
    message: isGood ? 'The backup operation has finished successfully.' : 'The backup operation has failed.',
    data: [
      ['BackupTime', new Date(job.startedMs).toISOString()],
      ['ErrorCode', isGood ? '0' : `0x${job.hresult.toString(16)}`],
    ],
  });
};
