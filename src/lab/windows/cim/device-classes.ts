import { localFromUnixMs } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import type { Device } from '../machine/devices/pnp-devices.ts';
import { startupEntries } from '../machine/devices/resident-programs.ts';
import type { Machine } from '../machine/machine.ts';
import type { CimClass, CimMethod } from './cim-class.ts';
import { uint16, uint32 } from './cim-instance.ts';

const statusOf = (problem: number, device: Device): string =>
  problem === 0 ? 'OK' : device.isPresent ? 'Error' : 'Unknown';

/** Values of Win32_PnPEntity; Get-PnpDevice shows the same. */
export const pnpEntityValues = (machine: Machine, device: Device): Readonly<Record<string, Value>> => {
  const { pnp } = machine.hardware;
  const problem = pnp.problemOf(device);
  return {
    Caption: device.name,
    ClassGuid: device.classGuid,
    CompatibleID: [],
    ConfigManagerErrorCode: uint32(problem),
    ConfigManagerUserConfig: false,
    CreationClassName: 'Win32_PnPEntity',
    Description: pnp.driverOf(device)?.description ?? device.name,
    DeviceID: device.instanceId,
    HardwareID: [...device.hardwareIds],
    Manufacturer: device.manufacturer,
    Name: device.name,
    PNPClass: device.className,
    PNPDeviceID: device.instanceId,
    Present: device.isPresent,
    Service: pnp.driverOf(device)?.service ?? null,
    Status: statusOf(problem, device),
    SystemCreationClassName: 'Win32_ComputerSystem',
    SystemName: machine.name,
  };
};

const switchDevice = (isEnabled: boolean): CimMethod =>
  function* ({ machine, self, context, pid }) {
    const device = machine.hardware.pnp.find(context.text(self?.values.get('DeviceID') ?? ''));
    if (!device) return { ReturnValue: uint32(0x80041002), RebootNeeded: false };
    yield machine.hardware.pnp.setEnabled(device, isEnabled, pid);
    return { ReturnValue: uint32(0), RebootNeeded: false };
  };

const pnpEntity: CimClass = {
  name: 'Win32_PnPEntity',
  outside:
    'Availability ErrorCleared ErrorDescription InstallDate LastErrorCode PowerManagementCapabilities PowerManagementSupported StatusInfo',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  // WMI shows devices that are there; phantoms only Get-PnpDevice does.
  instances: (machine) =>
    machine.hardware.pnp.devices.filter(({ isPresent }) => isPresent).map((device) => pnpEntityValues(machine, device)),
  methods: { Enable: switchDevice(true), Disable: switchDevice(false) },
};

const driverDate = (date: string): Value => {
  const [month, day, year] = date.split('/').map(Number);
  return localFromUnixMs(Date.UTC(year ?? 1601, (month ?? 1) - 1, day ?? 1), 0);
};

const signedDriver: CimClass = {
  name: 'Win32_PnPSignedDriver',
  outside:
    'CompatID CreationClassName DevLoader InstallDate Location PDO Started StartMode Status SystemCreationClassName SystemName Caption Name',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  instances: (machine) => {
    const { pnp } = machine.hardware;
    return pnp.devices.flatMap((device) => {
      const driver = pnp.driverOf(device);
      if (!device.isPresent) return [];
      return [
        {
          ClassGuid: device.classGuid,
          Description: driver?.description ?? device.name,
          DeviceClass: device.className.toUpperCase(),
          DeviceID: device.instanceId,
          DeviceName: device.name,
          DriverDate: driver ? driverDate(driver.date) : null,
          DriverName: null,
          DriverProviderName: driver?.provider ?? null,
          DriverVersion: driver?.version ?? null,
          FriendlyName: device.name,
          HardWareID: device.hardwareIds[0] ?? null,
          InfName: driver?.published ?? null,
          IsSigned: driver !== undefined,
          Manufacturer: device.manufacturer,
          Signer: driver?.signer ?? null,
        },
      ];
    });
  },
};

const startModes: Readonly<Record<number, string>> = { 0: 'Boot', 1: 'System', 2: 'Auto', 3: 'Manual', 4: 'Disabled' };

const systemDriver: CimClass = {
  name: 'Win32_SystemDriver',
  outside:
    'AcceptPause AcceptStop CreationClassName Description DesktopInteract ErrorControl ExitCode InstallDate ServiceSpecificExitCode StartName SystemCreationClassName SystemName TagId',
  namespace: 'root/cimv2',
  keys: ['Name'],
  instances: (machine) => {
    const { registry, hardware, filters } = machine;
    const used = new Set(
      hardware.pnp.devices.flatMap((device) =>
        hardware.pnp.problemOf(device) === 0 ? [(hardware.pnp.driverOf(device)?.service ?? '').toLowerCase()] : [],
      ),
    );
    for (const { name } of filters.loaded()) used.add(name.toLowerCase());
    const keys = registry.find('HKLM\\SYSTEM\\CurrentControlSet\\Services')?.keys.values() ?? [];
    return Array.from(keys).flatMap((key) => {
      const type = key.values.get('type')?.data;
      if (type !== 1 && type !== 2) return [];
      const start = Number(key.values.get('start')?.data ?? 3);
      const isRunning = start < 2 || used.has(key.name.toLowerCase());
      const path = String(key.values.get('imagepath')?.data ?? '');
      return [
        {
          Caption: key.name,
          DisplayName: key.name,
          Name: key.name,
          PathName: path
            .replace(/^\\SystemRoot\\/i, 'C:\\Windows\\')
            .replace(/^system32\\/i, 'C:\\Windows\\system32\\'),
          ServiceType: type === 1 ? 'Kernel Driver' : 'File System Driver',
          Started: isRunning,
          StartMode: startModes[start] ?? 'Manual',
          State: isRunning ? 'Running' : 'Stopped',
          Status: 'OK',
        },
      ];
    });
  },
};

const startupCommand: CimClass = {
  name: 'Win32_StartupCommand',
  namespace: 'root/cimv2',
  keys: ['Name', 'Location'],
  instances: (machine) =>
    startupEntries(machine).map(({ name, command, location }) => ({
      Caption: name,
      Command: command,
      Description: name,
      Location: location.replace('HKLM\\SOFTWARE\\WOW6432Node', 'HKLM\\SOFTWARE\\Wow6432Node'),
      Name: name,
      SettingID: null,
      User: 'Public',
      UserSID: null,
    })),
};

const tpm: CimClass = {
  name: 'Win32_Tpm',
  outside: 'ManufacturerId ManufacturerVersion ManufacturerVersionInfo PhysicalPresenceVersionInfo',
  namespace: 'root/cimv2/Security/MicrosoftTpm',
  keys: [],
  instances: (machine) => {
    const { tpm: chip } = machine.hardware.firmware.state;
    if (!chip.isPresent) return [];
    return [
      {
        IsActivated_InitialValue: chip.isActivated,
        IsEnabled_InitialValue: chip.isEnabled,
        IsOwned_InitialValue: chip.isOwned,
        SpecVersion: chip.version === '2.0' ? '2.0, 0, 1.59' : '1.2, 2, 3',
      },
    ];
  },
};

const battery: CimClass = {
  name: 'Win32_Battery',
  outside:
    'BatteryRechargeTime Caption Chemistry ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName Description DesignCapacity DesignVoltage ErrorCleared ErrorDescription EstimatedRunTime ExpectedBatteryLife ExpectedLife FullChargeCapacity InstallDate LastErrorCode MaxRechargeTime PNPDeviceID PowerManagementCapabilities PowerManagementSupported SmartBatteryVersion Status StatusInfo SystemCreationClassName SystemName TimeOnBattery TimeToFullCharge',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  instances: (machine) => {
    const { battery: one } = machine.hardware.firmware.state;
    if (!one) return [];
    return [
      {
        Availability: uint16(one.isOnMains ? 2 : 3),
        // 1 it discharges, 2 it is on mains.
        BatteryStatus: uint16(one.isOnMains ? 2 : 1),
        DeviceID: 'LAB Battery 1',
        EstimatedChargeRemaining: uint16(one.percent),
        Name: 'LAB Battery 1',
      },
    ];
  },
};

/** Devices, drivers, what starts at sign-in, the trusted platform module. */
export const deviceClasses = [pnpEntity, signedDriver, systemDriver, startupCommand, tpm, battery];
