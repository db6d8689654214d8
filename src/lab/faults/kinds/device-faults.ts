import { systemPid } from '../../windows/machine/change-feed.ts';
import { diskInOrder, laidOut } from '../../windows/machine/devices/disk.ts';
import { type DriverFlaw, type DriverPackage, deviceClasses } from '../../windows/machine/devices/driver-package.ts';
import { writeDeviceLog } from '../../windows/machine/devices/setupapi-log.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { OfferedUpdate } from '../../windows/machine/updates/update-database.ts';
import { installFailed } from '../../windows/machine/updates/update-events.ts';
import { addDevice } from '../bases/base-devices.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

const dayMs = 86_400_000;
const gigabyte = 2 ** 30;

/** Classes of devices that a fault can give a driver of somebody else. */
type DriverClass = 'Display' | 'Net' | 'SCSIAdapter';

const vendors: Readonly<
  Record<DriverClass, { readonly provider: string; readonly base: string; readonly description: string }>
> = {
  Display: { provider: 'Fabrikam Graphics', base: 'fbgfx', description: 'Fabrikam Graphics 7' },
  Net: { provider: 'Fabrikam Networks', base: 'fbnet', description: 'Fabrikam Ethernet Adapter' },
  SCSIAdapter: { provider: 'Fabrikam Storage', base: 'fbstor', description: 'Fabrikam Storage Controller' },
};

/** Gives the device of a class a new driver of its maker with a flaw; its predecessor stays in the store unless told otherwise. */
const installFlawed = (machine: Machine, className: DriverClass, flaw: DriverFlaw, hasPrevious: boolean): void => {
  const { pnp } = machine.hardware;
  const device = pnp.devices.find((one) => one.className === className);
  if (!device) throw lacks(`it has no device of the class \`${className}\``, { given: className, known: [] });
  const vendor = vendors[className];
  const make = (date: string, version: string, own: DriverFlaw): DriverPackage =>
    pnp.store.add(
      {
        original: `${vendor.base}.inf`,
        provider: vendor.provider,
        className,
        classGuid: deviceClasses[className] ?? '',
        date,
        version,
        hardwareIds: [...device.hardwareIds],
        description: vendor.description,
        service: vendor.base,
        signer: 'Microsoft Windows Hardware Compatibility Publisher',
        isBootCritical: className === 'SCSIAdapter',
        flaw: own,
      },
      systemPid,
    );
  if (hasPrevious) make('03/11/2026', '31.0.101.4502', {});
  const bad = make('11/20/2026', '31.0.101.5590', flaw);
  device.driver = bad.published;
  pnp.store.placeBinary(bad, systemPid);
  writeDeviceLog(machine, device.instanceId, bad, pnp.problemOf(device), machine.clock.wallMs() - 3 * dayMs);
};

/** Windows Update offers a driver for a device that has a newer one already, so that it never installs. */
const offerOlder = (machine: Machine, className: DriverClass): void => {
  installFlawed(machine, className, {}, false);
  const { pnp } = machine.hardware;
  const driver = pnp.store.packages.findLast((one) => one.className === className);
  if (!driver) return;
  const update: OfferedUpdate = {
    title: `${driver.provider} - ${className} - 31.0.101.4502`,
    updateId: '3d0a6c52-9f5e-4c1b-8a77-2b1f5e9d6c04',
    kb: '',
    kind: 'driver',
    driver: { ...driver, original: `${driver.service}.inf`, date: '03/11/2026', version: '31.0.101.4502' },
  };
  machine.update.offered = [...machine.update.offered, update];
  installFailed(machine.events, update, 0x80070103);
};

/** Number of an extend code as lab files write it (`0x20007`). */
export const extendOf = (text: string): number => Number.parseInt(text.replace(/^0x/i, ''), 16);

/** Puts a disk with one volume on a USB port. */
const attachUsb = (machine: Machine, sizeGB: number, fileSystem: string, setupExtend: number | undefined): void => {
  const { disks } = machine.hardware;
  const instanceId = 'USBSTOR\\DISK&VEN_CONTOSO&PROD_PORTABLE&REV_1.00\\AA010203040506070809&0';
  const letter = Array.from('EFGHIJKLMN').find((one) => !machine.files.volumes.has(`${one}:`)) ?? 'N';
  addDevice(machine, {
    instanceId,
    name: 'Contoso Portable USB Device',
    className: 'DiskDrive',
    manufacturer: '(Standard disk drives)',
    hardwareIds: ['GenDisk'],
    driver: 'disk.inf',
    ...(setupExtend === undefined ? {} : { setupExtend }),
  });
  disks.plug(
    {
      number: disks.disks.length,
      name: 'Contoso Portable USB Device',
      serial: 'AA010203040506070809',
      busType: 'USB',
      mediaType: 'Unspecified',
      sizeBytes: sizeGB * gigabyte,
      style: 'MBR',
      ...diskInOrder,
      counters: {
        wear: 0,
        temperature: 30,
        powerOnHours: 40,
        readErrorsTotal: 0,
        readErrorsUncorrected: 0,
        writeErrorsTotal: 0,
      },
      partitions: laidOut([{ type: 'basic', sizeBytes: sizeGB * gigabyte - 2 ** 21, letter: `${letter}:` }]),
      instanceId,
    },
    'PORTABLE',
    fileSystem,
  );
};

/** The hardware reports errors, corrected or fatal ones. */
const reportErrors = (machine: Machine, isFatal: boolean): void => {
  for (const [index, id] of (isFatal ? [18, 18, 46] : [17, 19, 47]).entries())
    machine.events.write({
      log: 'System',
      provider: 'Microsoft-Windows-WHEA-Logger',
      id,
      level: isFatal ? 2 : 3,
      timeMs: machine.clock.wallMs() - (index * 2 + 1) * dayMs,
      message: isFatal ? 'A fatal hardware error has occurred.' : 'A corrected hardware error has occurred.',
      data: [
        ['ErrorSource', isFatal ? 3 : 0],
        ['ErrorType', isFatal ? 10 : 9],
        ['ApicId', 4],
      ],
    });
};

/** Devices and drivers that trouble Windows or its setup. */
export type DeviceFault =
  | {
      readonly kind: 'driver-bad';
      readonly class?: DriverClass;
      readonly problem?: number;
      readonly previous?: boolean;
    }
  | {
      readonly kind: 'driver-blocks-setup';
      readonly class?: DriverClass;
      readonly extend?: string;
      readonly previous?: boolean;
    }
  | {
      readonly kind: 'usb-device-attached';
      readonly sizeGB?: number;
      readonly fileSystem?: 'NTFS' | 'FAT32' | 'exFAT';
      readonly extend?: string;
    }
  | { readonly kind: 'driver-update-not-newer'; readonly class?: DriverClass }
  | { readonly kind: 'on-battery'; readonly percent?: number }
  | { readonly kind: 'firmware-old'; readonly version?: string }
  | { readonly kind: 'hardware-errors'; readonly fatal?: boolean };

/** States of devices and drivers. */
export const deviceFaults: FaultKinds<DeviceFault> = {
  'driver-bad': (machine, fault) =>
    installFlawed(machine, fault.class ?? 'Display', { problem: fault.problem ?? 43 }, fault.previous ?? true),
  'driver-blocks-setup': (machine, fault) =>
    installFlawed(
      machine,
      fault.class ?? 'Display',
      { setupExtend: extendOf(fault.extend ?? '0x20007') },
      fault.previous ?? true,
    ),
  'usb-device-attached': (machine, { sizeGB, fileSystem, extend }) =>
    attachUsb(machine, sizeGB ?? 32, fileSystem ?? 'FAT32', extend === undefined ? undefined : extendOf(extend)),
  'driver-update-not-newer': (machine, fault) => offerOlder(machine, fault.class ?? 'Net'),
  'on-battery': (machine, { percent }) => {
    machine.hardware.firmware.state.battery = { percent: percent ?? 18, isOnMains: false };
  },
  'firmware-old': (machine, { version }) => {
    machine.hardware.firmware.state.bios = { version: version ?? '1.10', releasedMs: Date.UTC(2021, 5, 2) };
  },
  'hardware-errors': (machine, { fatal }) => reportErrors(machine, fatal ?? false),
};
