import type { Machine } from '../windows/machine/machine.ts';
import {
  driveRows,
  firmwareRows,
  link,
  logRows,
  memoryRows,
  powerOf,
  type Resource,
  root,
  status,
  worstOf,
} from './redfish-parts.ts';

const gigabyte = 2 ** 30;

const systemOf = (machine: Machine): Resource => {
  const { firmware, serviceProcessor } = machine.hardware;
  return {
    '@odata.type': '#ComputerSystem.v1_11_0.ComputerSystem',
    Id: '1',
    Name: 'ComputerSystem',
    SystemType: 'Physical',
    Manufacturer: 'Lenovo',
    Model: 'ThinkSystem SR650 V2',
    SKU: '7Z73CTO1WW',
    SerialNumber: machine.machineId.slice(0, 8).toUpperCase(),
    UUID: machine.machineId.toUpperCase(),
    HostName: machine.name,
    BiosVersion: firmware.state.bios.version,
    PowerState: machine.power.state === 'up' ? 'On' : 'Off',
    MemorySummary: {
      TotalSystemMemoryGiB: machine.memoryBytes / gigabyte,
      Status: status(worstOf(serviceProcessor.state.memory)),
    },
    ProcessorSummary: { Count: 2, Model: 'Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz', Status: status('OK') },
    Status: status(serviceProcessor.health),
    Memory: link('/Systems/1/Memory'),
    Storage: link('/Systems/1/Storage'),
    LogServices: link('/Systems/1/LogServices'),
    Links: { Chassis: [link('/Chassis/1')], ManagedBy: [link('/Managers/1')] },
  };
};

const single = (machine: Machine): readonly (readonly [string, Resource])[] => {
  const { serviceProcessor } = machine.hardware;
  const primary = serviceProcessor.state.firmware.find(({ id }) => id === 'BMC-Primary');
  return [
    ['/Systems/1', systemOf(machine)],
    [
      '/Systems/1/Storage/RAID_Slot7',
      {
        '@odata.type': '#Storage.v1_8_1.Storage',
        Id: 'RAID_Slot7',
        Name: 'RAID Storage',
        StorageControllers: [
          {
            MemberId: '0',
            Name: 'ThinkSystem RAID 940-8i 4GB Flash PCIe Gen4 12Gb Adapter',
            Manufacturer: 'Broadcom',
            FirmwareVersion: serviceProcessor.state.firmware.find(({ id }) => id === 'Slot_7.Bundle')?.version ?? null,
            Status: status('OK'),
          },
        ],
        Drives: driveRows(machine).map(([path]) => link(path)),
        'Drives@odata.count': serviceProcessor.state.drives.length,
        Status: status('OK', worstOf(serviceProcessor.state.drives)),
      },
    ],
    [
      '/Systems/1/LogServices/PlatformLog',
      {
        '@odata.type': '#LogService.v1_1_3.LogService',
        Id: 'PlatformLog',
        Name: 'LogService',
        OverWritePolicy: 'WrapsWhenFull',
        Entries: link('/Systems/1/LogServices/PlatformLog/Entries'),
        Status: status('OK'),
      },
    ],
    [
      '/Chassis/1',
      {
        '@odata.type': '#Chassis.v1_12_0.Chassis',
        Id: '1',
        Name: 'Chassis',
        ChassisType: 'RackMount',
        Manufacturer: 'Lenovo',
        Model: '7Z73CTO1WW',
        SerialNumber: machine.machineId.slice(0, 8).toUpperCase(),
        PowerState: machine.power.state === 'up' ? 'On' : 'Off',
        Status: status(serviceProcessor.health),
        Power: link('/Chassis/1/Power'),
        Links: { ComputerSystems: [link('/Systems/1')], ManagedBy: [link('/Managers/1')] },
      },
    ],
    ['/Chassis/1/Power', powerOf(machine)],
    [
      '/Managers/1',
      {
        '@odata.type': '#Manager.v1_8_0.Manager',
        Id: '1',
        Name: 'Manager',
        ManagerType: 'BMC',
        Model: 'Lenovo XClarity Controller',
        FirmwareVersion: `${primary?.version} ${new Date(primary?.releasedMs ?? 0).toISOString().slice(0, 10)}`,
        PowerState: 'On',
        DateTime: new Date(machine.clock.wallMs()).toISOString(),
        Status: status('OK'),
        Links: { ManagerForServers: [link('/Systems/1')], ManagerForChassis: [link('/Chassis/1')] },
      },
    ],
    [
      '/UpdateService',
      {
        '@odata.type': '#UpdateService.v1_8_0.UpdateService',
        Id: 'UpdateService',
        Name: 'Update Service',
        ServiceEnabled: true,
        FirmwareInventory: link('/UpdateService/FirmwareInventory'),
        Status: status('OK'),
      },
    ],
    [
      '/SessionService',
      {
        '@odata.type': '#SessionService.v1_1_6.SessionService',
        Id: 'SessionService',
        Name: 'Session Service',
        ServiceEnabled: true,
        SessionTimeout: 3600,
        Sessions: link('/SessionService/Sessions'),
      },
    ],
  ];
};

/** Collections: where they lie and what type they have. */
const collections: readonly (readonly [path: string, type: string])[] = [
  ['/Systems', 'ComputerSystem'],
  ['/Systems/1/Memory', 'Memory'],
  ['/Systems/1/Storage', 'Storage'],
  ['/Systems/1/LogServices', 'LogService'],
  ['/Systems/1/LogServices/PlatformLog/Entries', 'LogEntry'],
  ['/Chassis', 'Chassis'],
  ['/Managers', 'Manager'],
  ['/UpdateService/FirmwareInventory', 'SoftwareInventory'],
  ['/SessionService/Sessions', 'Session'],
];

/** The service root, which anybody may read (DSP0266, "Service root"). */
const serviceRoot = (machine: Machine): Resource => ({
  '@odata.type': '#ServiceRoot.v1_8_0.ServiceRoot',
  Id: 'RootService',
  Name: 'Root Service',
  Vendor: 'Lenovo',
  RedfishVersion: '1.11.1',
  UUID: machine.machineId.toUpperCase(),
  Systems: link('/Systems'),
  Chassis: link('/Chassis'),
  Managers: link('/Managers'),
  UpdateService: link('/UpdateService'),
  SessionService: link('/SessionService'),
  Links: { Sessions: link('/SessionService/Sessions') },
  ProtocolFeaturesSupported: {
    ExpandQuery: { ExpandAll: false, Levels: false, Links: false, NoLinks: false },
    FilterQuery: false,
    SelectQuery: false,
  },
});

/** All resources of a machine's service processor by path: what a Redfish client reads (DSP0266; properties as Lenovo's guide lists them). */
export const redfishResources = (machine: Machine): ReadonlyMap<string, Resource> => {
  const rows = [
    ...single(machine),
    ...firmwareRows(machine),
    ...memoryRows(machine),
    ...driveRows(machine),
    ...logRows(machine),
  ];
  const gathered = collections.map(([path, type]): readonly [string, Resource] => {
    const members = rows.filter(([each]) => each.slice(0, each.lastIndexOf('/')) === path);
    return [
      path,
      {
        '@odata.type': `#${type}Collection.${type}Collection`,
        Name: `${type}Collection`,
        'Members@odata.count': members.length,
        Members: members.map(([each]) => link(each)),
      },
    ];
  });
  const all = [...rows, ...gathered].map(([path, resource]): readonly [string, Resource] => [
    `${root}${path}`,
    { '@odata.id': `${root}${path}`, ...resource },
  ]);
  return new Map([
    ['/redfish', { v1: `${root}/` }],
    [root, { '@odata.id': `${root}/`, ...serviceRoot(machine) }],
    ...all,
  ]);
};
