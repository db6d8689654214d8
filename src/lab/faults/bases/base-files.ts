import { sids } from '../../windows/accounts.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import { fileAttributes } from '../../windows/machine/files/file-node.ts';
import { windowsFolder } from '../../windows/machine/files/windows-rights.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { SecurityDescriptor } from '../../windows/machine/rights/security-descriptor.ts';
import { componentsOf } from '../../windows/machine/updates/system-files.ts';
import { encodeDatabase } from '../../windows/machine/updates/update-database.ts';

const dayMs = 86_400_000;

// Files that no component protects, by path and size in KB.
const programs: readonly (readonly [path: string, kiloBytes: number])[] = [
  ['C:\\Windows\\System32\\sppsvc.exe', 4530],
  ['C:\\Windows\\System32\\config\\SOFTWARE', 92_160],
  ['C:\\Windows\\System32\\config\\SYSTEM', 21_504],
  ['C:\\ProgramData\\Microsoft\\Windows Defender\\platform\\4.18.25110.6-0\\MsMpEng.exe', 270],
  ['C:\\Program Files\\Common Files\\microsoft shared\\ink\\tabskb.dll', 380],
];

const folders = [
  'C:\\PerfLogs',
  'C:\\Program Files (x86)\\Common Files',
  'C:\\ProgramData\\Microsoft\\Windows\\WER\\ReportArchive',
  'C:\\ProgramData\\Microsoft\\Windows\\WER\\ReportQueue',
  'C:\\Users\\Default',
  'C:\\Users\\Public\\Documents',
  'C:\\Windows\\Logs\\CBS',
  'C:\\Windows\\Logs\\DISM',
  'C:\\Windows\\Logs\\WindowsUpdate',
  'C:\\Windows\\Prefetch',
  'C:\\Windows\\System32\\Tasks',
  'C:\\Windows\\System32\\spp\\store\\2.0',
  'C:\\Windows\\System32\\winevt\\Logs',
  'C:\\Windows\\Temp',
  'C:\\Windows\\ServiceProfiles\\LocalService',
  'C:\\Windows\\ServiceProfiles\\NetworkService\\AppData\\Local\\Microsoft\\Windows\\DeliveryOptimization\\Cache',
  'C:\\Windows\\System32\\config\\systemprofile\\AppData\\Local',
];

const systemOnly = (extra: SecurityDescriptor['rules'] = []): SecurityDescriptor => ({
  owner: sids.system,
  group: sids.system,
  isProtected: true,
  rules: [
    { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.system },
    { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.administrators },
    ...extra,
  ],
});

/** Writes a file of a size whose content nobody reads, with the age it has. */
export const placeFile = (
  machine: Machine,
  path: string,
  sizeBytes: number,
  ageDays: number,
  bytes?: Uint8Array,
): void => {
  const { files } = machine;
  void files.createFolder(path.slice(0, path.lastIndexOf('\\')), systemPid);
  void files.write(path, bytes ?? new Uint8Array(), systemPid);
  const node = files.get(path);
  if (!bytes) {
    node.bytes = undefined;
    files.volume(path).usedBytes += sizeBytes;
    node.sizeBytes = sizeBytes;
  }
  const at = machine.clock.wallMs() - ageDays * dayMs;
  Object.assign(node, { createdMs: at, modifiedMs: at, accessedMs: at });
};

/** Lays the files of a fresh Windows. */
export const createBaseFiles = (machine: Machine, users: readonly string[]): void => {
  const { files } = machine;
  const makeFolder = (path: string, security?: SecurityDescriptor, attributes = 0): void => {
    if (!files.exists(path))
      void files.createFolder(path, systemPid, { attributes, ...(security ? { security } : {}) });
  };
  makeFolder('C:\\Windows', windowsFolder);
  makeFolder(
    'C:\\ProgramData',
    {
      owner: sids.system,
      group: sids.system,
      isProtected: true,
      rules: [
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.system },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.administrators },
        { allow: true, flags: ['OI', 'CI', 'IO'], rights: 0x10000000, sid: sids.creatorOwner },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: sids.users },
        { allow: true, flags: ['CI'], rights: 0x116, sid: sids.users },
      ],
    },
    fileAttributes.Hidden,
  );
  makeFolder('C:\\$Recycle.Bin', undefined, fileAttributes.Hidden | fileAttributes.System);
  makeFolder('C:\\System Volume Information', systemOnly(), fileAttributes.Hidden | fileAttributes.System);
  for (const folder of folders) makeFolder(folder);
  for (const user of users) {
    makeFolder(`C:\\Users\\${user}\\AppData\\Local\\Temp`);
    makeFolder(`C:\\Users\\${user}\\Documents`);
  }
  machine.components.lay(componentsOf(machine.edition.build), machine.clock.wallMs() - 120 * dayMs);
  for (const [path, kiloBytes] of programs) placeFile(machine, path, kiloBytes * 1024, 120);
  placeFile(machine, 'C:\\pagefile.sys', 4 * 2 ** 30, 3);
  placeFile(
    machine,
    'C:\\Windows\\win.ini',
    0,
    400,
    Buffer.from('; for 16-bit app support\r\n[fonts]\r\n[extensions]\r\n'),
  );
  placeFile(
    machine,
    'C:\\Windows\\System32\\drivers\\etc\\hosts',
    0,
    400,
    Buffer.from('# Copyright (c) Microsoft Corp.\r\n'),
  );
  makeFolder('C:\\Windows\\SoftwareDistribution', systemOnly());
  makeFolder('C:\\Windows\\SoftwareDistribution\\DataStore\\Logs');
  makeFolder('C:\\Windows\\SoftwareDistribution\\Download');
  placeFile(
    machine,
    'C:\\Windows\\SoftwareDistribution\\DataStore\\DataStore.edb',
    0,
    45,
    encodeDatabase({ payloads: [], history: [] }),
  );
  placeFile(machine, 'C:\\Windows\\SoftwareDistribution\\ReportingEvents.log', 0, 1, Buffer.from('\ufeff', 'utf16le'));
  makeFolder(
    'C:\\Windows\\System32\\catroot2',
    systemOnly([
      {
        allow: true,
        flags: ['OI', 'CI'],
        rights: 0x1301bf,
        sid: 'S-1-5-80-242729624-280608522-2219052887-3187409060-2225943459',
      },
    ]),
  );
  for (const guid of ['{F750E6C3-38EE-11D1-85E5-00C04FC295EE}', '{127D0A1D-4EF2-11D1-8608-00C04FC295EE}']) {
    placeFile(machine, `C:\\Windows\\System32\\catroot2\\${guid}\\catdb`, 0, 45, Buffer.from('ESE\u0000catalog\n'));
  }
};
