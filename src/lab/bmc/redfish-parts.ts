import type { Health } from '../windows/machine/devices/service-processor.ts';
import type { Machine } from '../windows/machine/machine.ts';

/** A resource of the service, without its own address. */
export type Resource = Readonly<Record<string, unknown>>;

/** Path of the service root (DSP0266). */
export const root = '/redfish/v1';
/** A reference to another resource, by its path below the root. */
export const link = (path: string): { readonly '@odata.id': string } => ({ '@odata.id': `${root}${path}` });

/** The status of a part, and of what hangs below it. */
export const status = (health: Health, rollup: Health = health): Resource => ({
  State: 'Enabled',
  Health: health,
  HealthRollup: rollup,
});

/** A serial number that follows from the machine and the part. */
const serialOf = (machine: Machine, part: string): string => `${machine.machineId.slice(0, 6)}${part}`.toUpperCase();

/** The firmware inventory by path. */
export const firmwareRows = (machine: Machine): readonly (readonly [string, Resource])[] => {
  const { firmware, serviceProcessor } = machine.hardware;
  const uefi = {
    id: 'UEFI',
    name: 'Firmware:UEFI',
    softwareId: 'UEFI-AFE1-1',
    manufacturer: 'Lenovo',
    version: firmware.state.bios.version,
    releasedMs: firmware.state.bios.releasedMs,
    state: 'Enabled',
  };
  return [...serviceProcessor.state.firmware, uefi].map((one) => [
    `/UpdateService/FirmwareInventory/${one.id}`,
    {
      '@odata.type': '#SoftwareInventory.v1_2_3.SoftwareInventory',
      Id: one.id,
      Name: one.name,
      Description: 'The information of a firmware.',
      Manufacturer: one.manufacturer,
      SoftwareId: one.softwareId,
      Version: one.version,
      LowestSupportedVersion: null,
      ReleaseDate: new Date(one.releasedMs).toISOString().replace(/\.\d+Z$/u, 'Z'),
      Updateable: true,
      WriteProtected: false,
      Status: { ...status('OK'), State: one.state },
    },
  ]);
};

/** The memory modules by path. */
export const memoryRows = (machine: Machine): readonly (readonly [string, Resource])[] => {
  const { memory } = machine.hardware.serviceProcessor.state;
  return memory.map(({ slot, health }) => [
    `/Systems/1/Memory/${slot}`,
    {
      '@odata.type': '#Memory.v1_9_0.Memory',
      Id: String(slot),
      Name: `DIMM ${slot}`,
      MemoryDeviceType: 'DDR4',
      MemoryType: 'DRAM',
      CapacityMiB: Math.round(machine.memoryBytes / memory.length / 2 ** 20),
      OperatingSpeedMhz: 3200,
      ErrorCorrection: 'MultiBitECC',
      Manufacturer: 'Samsung',
      SerialNumber: serialOf(machine, `M${slot}`),
      Location: { PartLocation: { ServiceLabel: `DIMM ${slot}`, LocationType: 'Slot', LocationOrdinalValue: slot } },
      Status: status(health),
    },
  ]);
};

/** The drives behind the RAID adapter by path. */
export const driveRows = (machine: Machine): readonly (readonly [string, Resource])[] => {
  const [disk] = machine.hardware.disks.disks;
  return machine.hardware.serviceProcessor.state.drives.map(({ bay, health, failurePredicted }) => [
    `/Systems/1/Storage/RAID_Slot7/Drives/Disk.${bay}`,
    {
      '@odata.type': '#Drive.v1_11_0.Drive',
      Id: `Disk.${bay}`,
      Name: `Drive ${bay}`,
      Protocol: 'SAS',
      MediaType: 'SSD',
      CapacityBytes: disk?.sizeBytes ?? 0,
      FailurePredicted: failurePredicted,
      PredictedMediaLifeLeftPercent: failurePredicted ? 3 : 96,
      SerialNumber: serialOf(machine, `D${bay}`),
      PhysicalLocation: {
        PartLocation: { ServiceLabel: `Drive ${bay}`, LocationType: 'Bay', LocationOrdinalValue: bay },
      },
      Status: status(health),
    },
  ]);
};

/** The lines of the platform log by path. */
export const logRows = (machine: Machine): readonly (readonly [string, Resource])[] =>
  machine.hardware.serviceProcessor.state.log.map((line, index) => [
    `/Systems/1/LogServices/PlatformLog/Entries/${index + 1}`,
    {
      '@odata.type': '#LogEntry.v1_6_1.LogEntry',
      Id: String(index + 1),
      Name: 'LogEntry',
      EntryType: 'Event',
      Severity: line.severity,
      EventId: line.id,
      MessageId: line.id,
      Message: line.message,
      Created: new Date(line.atMs).toISOString(),
    },
  ]);

/** The worst health of parts. */
export const worstOf = (parts: readonly { readonly health: Health }[]): Health =>
  parts.some(({ health }) => health === 'Critical')
    ? 'Critical'
    : parts.some(({ health }) => health === 'Warning')
      ? 'Warning'
      : 'OK';

/** The power supplies and their redundancy. */
export const powerOf = (machine: Machine): Resource => ({
  '@odata.type': '#Power.v1_6_1.Power',
  Id: 'Power',
  Name: 'Power',
  PowerSupplies: machine.hardware.serviceProcessor.state.powerSupplies.map(({ slot, health }) => ({
    '@odata.id': `${root}/Chassis/1/Power#/PowerSupplies/${slot - 1}`,
    MemberId: String(slot - 1),
    Name: `PSU${slot}`,
    Manufacturer: 'ACBE',
    Model: 'SP57A02023',
    PowerSupplyType: 'AC',
    PowerCapacityWatts: 1100,
    SerialNumber: serialOf(machine, `P${slot}`),
    FirmwareVersion: machine.hardware.serviceProcessor.state.firmware.find(({ id }) => id === 'PSU1')?.version ?? null,
    Status: status(health),
  })),
  Redundancy: [
    {
      Name: 'PSU Redundancy',
      Mode: 'N+m',
      Status: status(worstOf(machine.hardware.serviceProcessor.state.powerSupplies)),
    },
  ],
});
