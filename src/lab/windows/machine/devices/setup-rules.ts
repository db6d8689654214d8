import type { Machine } from '../machine.ts';
import { gptTypes } from './disk.ts';
import { readImageContent } from './image-file.ts';
import { type Resident, startupEntries } from './resident-programs.ts';
import { isWim, readWim, type WindowsImage } from './setup-media.ts';

/** Why setup does not begin, or with what it rolls back. Codes are unsigned; `extend` is absent where setup stops before its phases. */
export type SetupStop = {
  readonly result: number;
  readonly extend?: number;
  /** Lines of setuperr.log. */
  readonly lines: readonly string[];
  /** What SetupDiag names as the cause. */
  readonly rule: string;
  /** The driver package that CompatData names. */
  readonly inf?: string;
};

const profileList = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const indicators =
  'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AppCompatFlags\\TargetVersionUpgradeExperienceIndicators';

const stop = (result: number, rule: string, lines: readonly string[] = [], extend?: number): SetupStop => ({
  result,
  rule,
  lines,
  ...(extend === undefined ? {} : { extend }),
});

/** The image of media that setup takes for this machine; `undefined` where there is none or it cannot be read. */
export const imageFor = (machine: Machine, root: string): WindowsImage | undefined => {
  const images = readWim(machine.files.find(`${root}\\sources\\install.wim`)?.bytes);
  return images?.find(({ edition }) => edition === machine.edition.editionId);
};

const safeguard = (machine: Machine): string | undefined => {
  for (const key of machine.registry.find(indicators)?.keys.values() ?? []) {
    const ids = key.values.get('gatedblockid')?.data;
    const text = Array.isArray(ids) ? ids.join(',') : String(ids ?? 'None');
    if (text !== '' && !/^none$/i.test(text)) return text;
  }
  return undefined;
};

/** What setup looks at before it changes anything. */
export const compatibilityStop = (machine: Machine, root: string): SetupStop | undefined => {
  const { edition, files, hardware } = machine;
  const media = files.find(`${root}\\sources\\install.wim`);
  if (!media) return stop(0xc190010b, 'FindImage', ['MOUPG  Install image not found']);
  const image = imageFor(machine, root);
  if (!isWim(media.bytes)) return stop(0xc190010b, 'FindImage', ['MOUPG  Install image not found']);
  if (image && (image.build < edition.build || image.language !== machine.uiLanguage))
    return stop(0xc1900204, 'CompatScan', ['CONX   Migration choice is not available: MigChoice 1']);
  if (image && image.build >= 22_000 && edition.productType === 1 && !hardware.firmware.fitsWindows11)
    return stop(0xc1900200, 'CompatScan', ['CONX   System requirements are not met']);
  if (files.freeBytes('C:') < 20 * 2 ** 30)
    return stop(0xc190020e, 'DiskSpaceBlockInSetup', ['CONX   Insufficient disk space for the installation']);
  const held = image && image.build > edition.build ? safeguard(machine) : undefined;
  if (held !== undefined)
    return stop(0xc1900208, 'CompatBlockedApplicationDismissable', [`CONX   Compatibility hold: ${held}`]);
  return undefined;
};

const driverStop = (machine: Machine, from: number, to: number): SetupStop | undefined => {
  const { pnp } = machine.hardware;
  for (const device of pnp.devices) {
    if (!device.isPresent || device.isDisabled) continue;
    const driver = pnp.driverOf(device);
    const extend = device.setupExtend ?? driver?.flaw.setupExtend;
    if (extend === undefined || extend < from || extend > to) continue;
    const lines = driver
      ? [`SP     pSetupInstallDriver: inf: ${driver.published} (${driver.original}) failed. Error: 0x00000002`]
      : [`SP     Device ${device.instanceId} failed to start`];
    return {
      ...stop(extend === 0x20007 ? 0x80070002 : 0xc1900101, 'FindSPFatalError', lines, extend),
      ...(driver ? { inf: driver.published } : {}),
    };
  }
  return undefined;
};

const systemPartitions = (machine: Machine): SetupStop | undefined => {
  const parts = machine.hardware.disks.disks
    .filter((disk) => !disk.isOffline && disk.busType !== 'USB')
    .flatMap(({ partitions, style }) =>
      partitions.filter((part) => (style === 'GPT' ? part.type === 'system' : part.isActive === true)),
    );
  if (parts.length === 1) return undefined;
  return stop(
    0x80070002,
    'FindRollbackFailure',
    [
      `SP     Found ${parts.length} system partitions of type ${gptTypes.system}`,
      'SP     Operation execution failed: 9. hr = 0x80070002',
    ],
    0x20009,
  );
};

const unreadable = (machine: Machine): SetupStop | undefined => {
  const [path] = machine.hardware.disks.health('C:').unreadable;
  if (path === undefined || !machine.files.exists(path)) return undefined;
  const slash = path.lastIndexOf('\\');
  return stop(
    0x80070017,
    'FindMigrationGatherAndApplyFailures',
    [
      `MIG    Error READ, 0x00000017 while gathering/applying object: File, ${path.slice(0, slash)} [${path.slice(slash + 1)}]. Will return 0`,
      'MIG    Operation execution failed: 13. hr = 0x80070017',
    ],
    0x2000d,
  );
};

/** Profiles of ProfileList whose folder is missing, or that two entries name. */
export const brokenProfiles = (
  machine: Machine,
): readonly { readonly sid: string; readonly path: string; readonly isTwin: boolean }[] => {
  const seen = new Map<string, string>();
  const broken: { sid: string; path: string; isTwin: boolean }[] = [];
  for (const key of machine.registry.find(profileList)?.keys.values() ?? []) {
    const data = key.values.get('profileimagepath')?.data;
    if (typeof data !== 'string' || !/^S-1-5-21-[\d-]+(?:\.bak)?$/i.test(key.name)) continue;
    const path = data.replace(/%SystemDrive%/i, 'C:');
    if (!machine.files.exists(path)) broken.push({ sid: key.name, path, isTwin: false });
    else if (seen.has(path.toLowerCase())) broken.push({ sid: key.name, path, isTwin: true });
    seen.set(path.toLowerCase(), key.name);
  }
  return broken;
};

const profiles = (machine: Machine): SetupStop | undefined => {
  const [first] = brokenProfiles(machine);
  if (!first) return undefined;
  return stop(
    0x80070002,
    'FindMigrationGatherAndApplyFailures',
    [
      `MIG    Abandoning apply due to error for object: ${first.path} (${first.sid})`,
      'MIG    Operation execution failed: 13. hr = 0x80070002',
    ],
    first.isTwin ? 0x4000d : 0x3000d,
  );
};

/** A resident program of somebody else that starts by itself is there at the first start of the new Windows, too. */
const residents = (machine: Machine): SetupStop | undefined => {
  const paths = [
    ...machine.services.all().flatMap(({ start, path }) => (start === 'Automatic' ? [path] : [])),
    ...startupEntries(machine).flatMap(({ isOn, command }) => (isOn ? [command] : [])),
  ].map((command) => /[a-z]:\\[^"]*?\.exe/i.exec(command)?.[0] ?? '');
  const found = paths.find(
    (path) =>
      path !== '' && (readImageContent<Resident>(machine.files.find(path)?.bytes, 'resident')?.holds.length ?? 0) > 0,
  );
  if (found === undefined) return undefined;
  return stop(0xc1900101, 'FindAbruptDownlevelFailure', [`SP     ${found}: 0x80070020`], 0x3001a);
};

/** What makes setup roll back in its phases, the first that it comes to. */
export const rollbackStop = (machine: Machine, root: string): SetupStop | undefined => {
  const { files, registry } = machine;
  if (!registry.find('HKLM\\SYSTEM\\CurrentControlSet\\Services\\WIMMount'))
    return stop(0x80070002, 'FindSPFatalError', ['DISM   Failed to get WimMount ImagePath, 0x80070002'], 0x20004);
  return (
    driverStop(machine, 0x20000, 0x20008) ??
    systemPartitions(machine) ??
    (imageFor(machine, root)
      ? undefined
      : stop(
          0x80070570,
          'FindSPFatalError',
          [
            `SP     Error applying image ${files.exists(root) ? root : ''}\\sources\\install.wim: 0x80070570`,
            'SP     Operation execution failed: 12. hr = 0x80070570',
          ],
          0x2000c,
        )) ??
    unreadable(machine) ??
    driverStop(machine, 0x20009, 0x2ffff) ??
    profiles(machine) ??
    residents(machine) ??
    driverStop(machine, 0x30000, 0x5ffff)
  );
};
