import { systemPid } from '../../windows/machine/change-feed.ts';
import { backupVersions, placeBackup, recordJob } from '../../windows/machine/devices/backups.ts';
import {
  chromePackage,
  edgePackage,
  edgeUpdaterPath,
  updaterPath,
} from '../../windows/machine/devices/chrome-updater.ts';
import { diskInOrder, laidOut } from '../../windows/machine/devices/disk.ts';
import { damageImage } from '../../windows/machine/devices/image-file.ts';
import {
  encodeInstaller,
  type InstallerContent,
  installPackage,
} from '../../windows/machine/devices/installer-package.ts';
import { appendLines } from '../../windows/machine/devices/setupapi-log.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import { bringRole } from '../bases/roles.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

const dayMs = 86_400_000;
const gigabyte = 2 ** 30;

/** A disk for backups under E:, and on servers the feature that makes them. */
export const addBackupDisk = (machine: Machine): void => {
  if (machine.edition.productType !== 1) bringRole(machine, 'server-backup');
  if (machine.files.volumes.has('E:')) return;
  const { disks } = machine.hardware;
  const size = 931 * gigabyte;
  disks.plug(
    {
      number: disks.disks.length,
      name: 'Contoso Backup 1000',
      serial: 'BKLAB1000',
      busType: 'SATA',
      mediaType: 'HDD',
      sizeBytes: size,
      style: 'GPT',
      ...diskInOrder,
      counters: {
        wear: 0,
        temperature: 33,
        powerOnHours: 9000,
        readErrorsTotal: 0,
        readErrorsUncorrected: 0,
        writeErrorsTotal: 0,
      },
      partitions: laidOut([{ type: 'basic', sizeBytes: size - 2 ** 21, letter: 'E:' }]),
      instanceId: 'SCSI\\DISK&VEN_CONTOSO&PROD_BACKUP_1000\\4&3C4D5E6F&0&020000',
    },
    'Backup',
  );
};

const failWriter = (machine: Machine, writer: string, error: 'Timed out' | 'Non-retryable error'): void => {
  const known = machine.hardware.writers.all().map(({ writer: one }) => one.name);
  if (!known.some((name) => name.toLowerCase() === writer.toLowerCase()))
    throw lacks(`it has no VSS writer \`${writer}\``, { given: writer, known });
  addBackupDisk(machine);
  const now = machine.clock.wallMs();
  placeBackup(machine, 'E:', now - 9 * dayMs, 'full');
  machine.hardware.writers.fail(writer, { state: error === 'Timed out' ? 9 : 7, error });
  machine.events.write({
    log: 'Application',
    provider: 'VSS',
    id: error === 'Timed out' ? 12_298 : 8193,
    level: 2,
    timeMs: now - dayMs,
    message: `Volume Shadow Copy Service error: the writer ${writer} failed.`,
    data: [['', writer]],
  });
  recordJob(machine, {
    startedMs: now - dayMs - 600_000,
    endedMs: now - dayMs,
    hresult: error === 'Timed out' ? 0x800423f2 : 0x800423f4,
  });
};

const damageBackup = (machine: Machine, cause: 'image' | 'path'): void => {
  addBackupDisk(machine);
  const now = machine.clock.wallMs();
  const version = placeBackup(machine, 'E:', now - 3 * dayMs, 'full');
  recordJob(machine, { startedMs: version.atMs - 1_800_000, endedMs: version.atMs, hresult: 0, version: version.id });
  const { files } = machine;
  if (cause === 'path') {
    void files.move(version.folder, `${version.folder.replace(/\\Backup [^\\]*$/, '')}\\moved`, systemPid);
    return;
  }
  for (const node of files.find(version.folder)?.children.values() ?? [])
    if (node.bytes && /\.vhdx$/i.test(node.name)) node.bytes = damageImage(node.bytes);
};

const updaters = {
  chrome: {
    content: chromePackage,
    newer: '131.0.6778.109',
    program: updaterPath,
    log: 'C:\\Program Files (x86)\\Google\\GoogleUpdater\\updater.log',
    policy: 'Google\\Update',
    file: 'GoogleChromeStandaloneEnterprise64.msi',
  },
  edge: {
    content: edgePackage,
    newer: '131.0.2903.86',
    program: edgeUpdaterPath,
    log: 'C:\\ProgramData\\Microsoft\\EdgeUpdate\\Log\\MicrosoftEdgeUpdate.log',
    policy: 'Microsoft\\EdgeUpdate',
    file: 'MicrosoftEdgeEnterpriseX64.msi',
  },
} as const;

/** The same package with a later version of the product; its updater stays. */
const atVersion = (content: InstallerContent, version: string): InstallerContent => ({
  ...content,
  version,
  keys: content.keys.map(({ key, values }) => ({
    key,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === content.version ? version : value]),
    ),
  })),
});

const breakUpdater = (
  machine: Machine,
  product: keyof typeof updaters,
  cause: 'program-missing' | 'policy',
  given: string | undefined,
): void => {
  const { content, newer, program, log, policy, file } = updaters[product];
  const path = given ?? `C:\\Packages\\${file}`;
  installPackage(machine, content, systemPid);
  void machine.files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void machine.files.write(path, encodeInstaller(atVersion(content, newer)), systemPid);
  if (cause === 'policy') placeValues(machine, `HKLM\\SOFTWARE\\Policies\\${policy}`, { UpdateDefault: 0 });
  else void machine.files.remove(program, systemPid, { force: true });
  appendLines(machine, log, [
    cause === 'policy'
      ? '[1126/101502.113:ERROR:update_service_impl.cc] Update blocked by policy: error code 9'
      : '[1126/101502.113:ERROR:on_demand.cc] CoCreateInstance failed: error code 3: 0x80070002 -- system level',
  ]);
};

/** Backup, shadow copies, and the updater of Chrome. */
export type BackupFault =
  | {
      readonly kind: 'vss-writer-failed';
      readonly writer?: string;
      readonly error?: 'Timed out' | 'Non-retryable error';
    }
  | { readonly kind: 'shadow-storage-small'; readonly sizeMB?: number }
  | { readonly kind: 'backup-image-damaged'; readonly cause?: 'image' | 'path' }
  | { readonly kind: 'backup-old'; readonly days?: number }
  | {
      readonly kind: 'chrome-updater-broken';
      readonly product?: 'chrome' | 'edge';
      readonly cause?: 'program-missing' | 'policy';
      readonly package?: string;
    };

/** States of backup and of updaters of others. */
export const backupFaults: FaultKinds<BackupFault> = {
  'vss-writer-failed': (machine, { writer, error }) =>
    failWriter(machine, writer ?? 'WMI Writer', error ?? 'Timed out'),
  'shadow-storage-small': (machine, { sizeMB }) => {
    void machine.hardware.writers.setLimit('C:', (sizeMB ?? 200) * 2 ** 20, systemPid);
    machine.events.write({
      log: 'System',
      provider: 'volsnap',
      id: 36,
      level: 2,
      timeMs: machine.clock.wallMs() - dayMs,
      message:
        'The shadow copies of volume C: were aborted because the shadow copy storage could not grow due to a user imposed limit.',
      data: [['', 'C:']],
    });
  },
  'backup-image-damaged': (machine, { cause }) => damageBackup(machine, cause ?? 'image'),
  'backup-old': (machine, { days }) => {
    addBackupDisk(machine);
    const atMs = machine.clock.wallMs() - (days ?? 45) * dayMs;
    const version = placeBackup(machine, 'E:', atMs, 'full');
    recordJob(machine, {
      startedMs: atMs - 1_800_000,
      endedMs: atMs,
      hresult: 0,
      version: backupVersions(machine).at(-1)?.id ?? version.id,
    });
  },
  'chrome-updater-broken': (machine, fault) =>
    breakUpdater(machine, fault.product ?? 'chrome', fault.cause ?? 'program-missing', fault.package),
};
