import { systemPid } from '../../windows/machine/change-feed.ts';
import { deviceClasses } from '../../windows/machine/devices/driver-package.ts';
import { inboxDriverServices, shellFolder } from '../../windows/machine/devices/servicing-block.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from './base-files.ts';
import { placeValues } from './base-registry.ts';

/** One row of the table of devices: with the INF of Windows that drives it. */
type Row = {
  readonly id: string;
  readonly name: string;
  readonly kind: keyof typeof deviceClasses;
  readonly maker: string;
  readonly inf: string;
  readonly service: string;
  readonly boot?: boolean;
  readonly serverOnly?: boolean;
  readonly clientOnly?: boolean;
};

// biome-ignore format: a table
const rows: readonly Row[] = [
  { id: 'PCI\\VEN_8086&DEV_9A49&SUBSYS_00000000&REV_01\\3&11583659&0&10', name: 'Microsoft Basic Display Adapter', kind: 'Display', maker: '(Standard display types)', inf: 'display.inf', service: 'BasicDisplay' },
  { id: 'PCI\\VEN_8086&DEV_15F9&SUBSYS_00000000&REV_03\\3&11583659&0&FE', name: 'Intel(R) Ethernet Controller (3) I225-LM', kind: 'Net', maker: 'Intel', inf: 'net1e.inf', service: 'e2fnexpress', clientOnly: true },
  { id: 'PCI\\VEN_8086&DEV_1572&SUBSYS_00000000&REV_02\\4&2F1A3C5E&0&00', name: 'Intel(R) Ethernet Converged Network Adapter X710', kind: 'Net', maker: 'Intel', inf: 'neti40e.inf', service: 'i40ea', serverOnly: true },
  { id: 'PCI\\VEN_144D&DEV_A80A&SUBSYS_00000000&REV_00\\4&1B2C3D4E&0&00', name: 'Standard NVM Express Controller', kind: 'SCSIAdapter', maker: 'Standard NVM Express Controller', inf: 'stornvme.inf', service: 'stornvme', boot: true, clientOnly: true },
  { id: 'PCI\\VEN_1000&DEV_10E2&SUBSYS_00000000&REV_00\\4&1B2C3D4E&0&00', name: 'Lenovo RAID 940-8i SAS Adapter', kind: 'SCSIAdapter', maker: 'Broadcom Inc.', inf: 'megasas35i.inf', service: 'megasas35i', boot: true, serverOnly: true },
  { id: 'PCI\\VEN_8086&DEV_A0ED&SUBSYS_00000000&REV_20\\3&11583659&0&A0', name: 'Intel(R) USB 3.10 eXtensible Host Controller - 1.20 (Microsoft)', kind: 'USB', maker: 'Generic USB xHCI Host Controller', inf: 'usbxhci.inf', service: 'USBXHCI' },
  { id: 'USB\\ROOT_HUB30\\4&2A5B6C7D&0&0', name: 'USB Root Hub (USB 3.0)', kind: 'USB', maker: '(Standard USB HUBs)', inf: 'usbhub3.inf', service: 'USBHUB3' },
  { id: 'HID\\VID_046D&PID_C31C\\7&3B1C2D4E&0&0000', name: 'HID Keyboard Device', kind: 'Keyboard', maker: '(Standard keyboards)', inf: 'keyboard.inf', service: 'kbdhid' },
  { id: 'HID\\VID_046D&PID_C077\\7&2C1D3E4F&0&0000', name: 'HID-compliant mouse', kind: 'Mouse', maker: 'Microsoft', inf: 'msmouse.inf', service: 'mouhid' },
  { id: 'HDAUDIO\\FUNC_01&VEN_10EC&DEV_0257\\4&2D3E4F50&0&0001', name: 'High Definition Audio Device', kind: 'MEDIA', maker: 'Microsoft', inf: 'hdaudio.inf', service: 'HdAudAddService', clientOnly: true },
];

const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';

/** Adds a device and says so in the registry. */
export const addDevice = (
  machine: Machine,
  device: Omit<Machine['hardware']['pnp']['devices'][number], 'classGuid' | 'isDisabled' | 'isPresent'>,
): Machine['hardware']['pnp']['devices'][number] => {
  const classGuid = deviceClasses[device.className] ?? '';
  const added = { ...device, classGuid, isDisabled: false, isPresent: true };
  machine.hardware.pnp.devices.push(added);
  placeValues(machine, `HKLM\\SYSTEM\\CurrentControlSet\\Enum\\${device.instanceId}`, {
    DeviceDesc: device.name,
    HardwareID: device.hardwareIds,
    Class: device.className,
    ClassGUID: classGuid,
    Mfg: device.manufacturer,
    ConfigFlags: 0,
  });
  return added;
};

/** Hardware, disks, devices with their drivers, boot settings, updates, and the profiles of the users. */
export const createBaseDevices = (machine: Machine): void => {
  const { hardware, edition, files } = machine;
  void files.createFolder(shellFolder, systemPid);
  void files.createFolder('C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp', systemPid);
  for (const [, name] of inboxDriverServices) {
    placeFile(machine, `C:\\Windows\\System32\\drivers\\${name}.sys`, 96 * 1024, 400);
    placeValues(machine, `${services}\\${name}`, {
      ImagePath: `System32\\drivers\\${name}.sys`,
      Start: 3,
      Type: 1,
      ErrorControl: 1,
    });
  }
  placeValues(machine, `${services}\\WIMMount`, { ImagePath: 'system32\\drivers\\wimmount.sys', Start: 3, Type: 2 });
  hardware.attach();
  const isClient = edition.productType === 1;
  for (const row of rows) {
    if (isClient ? row.serverOnly : row.clientOnly) continue;
    const hardwareIds = [row.id.split('\\').slice(0, 2).join('\\')];
    const classGuid = deviceClasses[row.kind] ?? '';
    hardware.pnp.store.addInbox({
      original: row.inf,
      className: row.kind,
      classGuid,
      date: '06/21/2006',
      version: `10.0.${edition.build}.1`,
      hardwareIds,
      description: row.name,
      service: row.service,
      isBootCritical: row.boot ?? false,
    });
    addDevice(machine, {
      instanceId: row.id,
      name: row.name,
      className: row.kind,
      manufacturer: row.maker,
      hardwareIds,
      driver: row.inf,
    });
    placeValues(machine, `${services}\\${row.service}`, {
      ImagePath: `\\SystemRoot\\System32\\drivers\\${row.service}.sys`,
      Start: row.boot ? 0 : 3,
      Type: 1,
    });
  }
  hardware.pnp.store.addInbox({
    original: 'disk.inf',
    className: 'DiskDrive',
    classGuid: deviceClasses['DiskDrive'] ?? '',
    date: '06/21/2006',
    version: `10.0.${edition.build}.1`,
    hardwareIds: ['GenDisk'],
    description: 'Disk drive',
    service: 'disk',
    isBootCritical: true,
  });
  const [disk] = hardware.disks.disks;
  if (disk)
    addDevice(machine, {
      instanceId: disk.instanceId,
      name: disk.name,
      className: 'DiskDrive',
      manufacturer: '(Standard disk drives)',
      hardwareIds: ['GenDisk'],
      driver: 'disk.inf',
    });
  for (const account of machine.accounts)
    placeValues(machine, `HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\${account.sid}`, {
      ProfileImagePath: `C:\\Users\\${account.name.slice(account.name.lastIndexOf('\\') + 1)}`,
      State: 0,
      Flags: 0,
    });
};
