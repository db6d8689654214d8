import { char } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { type Disk, gptTypes, type Partition } from '../machine/devices/disk.ts';
import type { Machine } from '../machine/machine.ts';
import type { CimClass } from './cim-class.ts';
import { uint16, uint32, uint64 } from './cim-instance.ts';

/** Namespace of the storage classes. */
export const storageNamespace = 'root/microsoft/windows/storage';

const busTypes = { SATA: 11, RAID: 8, USB: 7, NVMe: 17 } as const;
const healths = { Healthy: 0, Warning: 1, Unhealthy: 2 } as const;
const operational = { OK: 2, Degraded: 3, 'Predictive Failure': 5 } as const;
const mediaTypes = { Unspecified: 0, HDD: 3, SSD: 4 } as const;
const mbrTypes: Readonly<Record<Partition['type'], number>> = { system: 7, reserved: 7, basic: 7, recovery: 39 };

/** Devices that the storage classes show: a disk whose device is off is not there. */
export const visibleDisks = (machine: Machine): Disk[] =>
  machine.hardware.disks.disks.filter(({ instanceId }) => {
    const device = machine.hardware.pnp.find(instanceId);
    return !device || (device.isPresent && !device.isDisabled);
  });

const isSystemDisk = (disk: Disk): boolean => disk.partitions.some(({ letter }) => letter === 'C:');

const diskPath = (disk: Disk): string =>
  `\\\\?\\${disk.instanceId.replaceAll('\\', '#').toLowerCase()}#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}`;

/** Values of MSFT_Disk, numbers as the class has them. */
export const diskValues = (disk: Disk): Readonly<Record<string, Value>> => {
  const used = disk.partitions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    AllocatedSize: uint64(Math.min(disk.sizeBytes, used + 2 ** 20)),
    BootFromDisk: isSystemDisk(disk),
    BusType: uint16(busTypes[disk.busType]),
    FriendlyName: disk.name,
    Guid: disk.style === 'GPT' ? `{9d4f3a1${disk.number}-2c5b-4f6e-8a7d-1b2c3d4e5f60}` : null,
    HealthStatus: uint16(healths[disk.health]),
    IsBoot: isSystemDisk(disk),
    IsClustered: false,
    IsHighlyAvailable: false,
    IsOffline: disk.isOffline,
    IsReadOnly: disk.isReadOnly,
    IsScaleOut: false,
    IsSystem: isSystemDisk(disk),
    LargestFreeExtent: uint64(Math.max(0, disk.sizeBytes - used - 2 ** 20)),
    LogicalSectorSize: uint32(512),
    Manufacturer: null,
    Model: disk.name,
    Number: uint32(disk.number),
    NumberOfPartitions: uint32(disk.partitions.length),
    ObjectId: `{1}\\\\LAB\\root/Microsoft/Windows/Storage/Providers_v2\\WSP_Disk.ObjectId="DI:${disk.number}"`,
    OfflineReason: disk.isOffline ? uint16(1) : null,
    OperationalStatus: [uint16(disk.isOffline ? 0xd013 : 0xd010)],
    PartitionStyle: uint16(disk.style === 'GPT' ? 2 : 1),
    Path: diskPath(disk),
    PhysicalSectorSize: uint32(4096),
    SerialNumber: disk.serial,
    Signature: disk.style === 'MBR' ? uint32(0x1a2b3c4d + disk.number) : null,
    Size: uint64(disk.sizeBytes),
    UniqueId: `LAB.${disk.serial}.${disk.number}`,
  };
};

const accessPaths = (machine: Machine, part: Partition): Value => {
  const volume = part.letter === undefined ? undefined : machine.files.volumes.get(part.letter);
  return volume
    ? [`${volume.drive}\\`, `\\\\?\\Volume${volume.guid}\\`]
    : [`\\\\?\\Volume{00000000-0000-0000-0000-${String(part.offsetBytes).padStart(12, '0')}}\\`];
};

/** Values of MSFT_Partition. */
export const partitionValues = (machine: Machine, disk: Disk, part: Partition): Readonly<Record<string, Value>> => ({
  AccessPaths: accessPaths(machine, part),
  DiskId: diskPath(disk),
  DiskNumber: uint32(disk.number),
  DriveLetter: char(part.letter === undefined ? 0 : part.letter.charCodeAt(0)),
  GptType: disk.style === 'GPT' ? gptTypes[part.type] : null,
  Guid:
    disk.style === 'GPT'
      ? `{3c1f0a2e-${String(disk.number).padStart(4, '0')}-4a6b-9c8d-${String(part.number).padStart(12, '0')}}`
      : null,
  IsActive: disk.style === 'MBR' ? part.isActive === true : false,
  IsBoot: part.letter === 'C:',
  IsHidden: part.type !== 'basic',
  IsOffline: disk.isOffline,
  IsReadOnly: disk.isReadOnly,
  IsShadowCopy: false,
  IsSystem:
    disk.style === 'GPT' ? part.type === 'system' && isSystemDisk(disk) : part.isActive === true && isSystemDisk(disk),
  MbrType: disk.style === 'MBR' ? uint16(mbrTypes[part.type]) : null,
  NoDefaultDriveLetter: part.type !== 'basic',
  Offset: uint64(part.offsetBytes),
  OperationalStatus: uint16(disk.isOffline ? 5 : 1),
  PartitionNumber: uint32(part.number),
  Size: uint64(part.sizeBytes),
  TransitionState: uint16(1),
});

/** Values of MSFT_Volume of volumes with a drive letter. */
export const volumeValues = (machine: Machine): readonly Readonly<Record<string, Value>>[] =>
  [...machine.files.volumes.values()].map((volume) => {
    const health = machine.hardware.disks.health(volume.drive);
    const hasProblem = health.isDirty || health.isLogged;
    return {
      AllocationUnitSize: uint32(4096),
      DedupMode: uint32(4),
      DriveLetter: char(volume.drive.charCodeAt(0)),
      DriveType: uint32(volume.driveType ?? 3),
      FileSystem: volume.fileSystem ?? 'NTFS',
      FileSystemLabel: volume.label,
      FileSystemType: uint16(fileSystems[volume.fileSystem ?? 'NTFS'] ?? 0),
      HealthStatus: uint16(hasProblem ? 1 : 0),
      // 0xd00d scan needed, 0xd00e spot fix needed, 0xd00f full repair needed.
      OperationalStatus: [
        uint16(health.isLogged ? (health.damage === 'offline' ? 0xd00f : 0xd00e) : health.isDirty ? 0xd00d : 2),
      ],
      Path: `\\\\?\\Volume${volume.guid}\\`,
      Size: uint64(volume.sizeBytes),
      SizeRemaining: uint64(machine.files.freeBytes(volume.drive)),
      UniqueId: `\\\\?\\Volume${volume.guid}\\`,
    };
  });

const fileSystems: Readonly<Record<string, number>> = { NTFS: 14, FAT32: 6, exFAT: 7, ReFS: 15, UDF: 0 };

/** Values of MSFT_PhysicalDisk. */
export const physicalDiskValues = (disk: Disk): Readonly<Record<string, Value>> => ({
  BusType: uint16(busTypes[disk.busType]),
  CanPool: false,
  Description: null,
  DeviceId: String(disk.number),
  FirmwareVersion: '1B2QEXM7',
  FriendlyName: disk.name,
  HealthStatus: uint16(healths[disk.health]),
  Manufacturer: null,
  MediaType: uint16(mediaTypes[disk.mediaType]),
  Model: disk.name,
  ObjectId: `{1}\\\\LAB\\root/Microsoft/Windows/Storage/Providers_v2\\SPACES_PhysicalDisk.ObjectId="PD:${disk.number}"`,
  OperationalStatus: [uint16(operational[disk.operational])],
  SerialNumber: disk.serial,
  Size: uint64(disk.sizeBytes),
  SpindleSpeed: uint32(disk.mediaType === 'HDD' ? 7200 : 0),
  UniqueId: `LAB.${disk.serial}.${disk.number}`,
  Usage: uint16(1),
});

const storage = (name: string, keys: readonly string[], instances: CimClass['instances']): CimClass => ({
  name,
  namespace: storageNamespace,
  keys,
  instances,
});

const msDisk = storage('MSFT_Disk', ['ObjectId'], (machine) => visibleDisks(machine).map((disk) => diskValues(disk)));
const msPartition = storage('MSFT_Partition', ['DiskId', 'Offset'], (machine) =>
  visibleDisks(machine).flatMap((disk) => disk.partitions.map((part) => partitionValues(machine, disk, part))),
);
const msVolume = storage('MSFT_Volume', ['UniqueId'], volumeValues);
const msPhysicalDisk = storage('MSFT_PhysicalDisk', ['ObjectId'], (machine) =>
  visibleDisks(machine).map((disk) => physicalDiskValues(disk)),
);

const diskDrive: CimClass = {
  name: 'Win32_DiskDrive',
  outside:
    'Availability Capabilities CapabilityDescriptions CompressionMethod ConfigManagerUserConfig CreationClassName DefaultBlockSize Description ErrorCleared ErrorDescription ErrorMethodology InstallDate LastErrorCode MaxBlockSize MaxMediaSize MediaLoaded MinBlockSize NeedsCleaning NumberOfMediaSupported PowerManagementCapabilities PowerManagementSupported SCSIBus SCSILogicalUnit SCSIPort SCSITargetId SectorsPerTrack Signature StatusInfo SystemCreationClassName TotalCylinders TotalHeads TotalSectors TotalTracks TracksPerCylinder',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  instances: (machine) =>
    visibleDisks(machine).map((disk) => ({
      BytesPerSector: uint32(512),
      Caption: disk.name,
      ConfigManagerErrorCode: uint32(0),
      DeviceID: `\\\\.\\PHYSICALDRIVE${disk.number}`,
      FirmwareRevision: '1B2QEXM7',
      Index: uint32(disk.number),
      InterfaceType: disk.busType === 'USB' ? 'USB' : 'SCSI',
      Manufacturer: '(Standard disk drives)',
      MediaType: disk.busType === 'USB' ? 'External hard disk media' : 'Fixed hard disk media',
      Model: disk.name,
      Name: `\\\\.\\PHYSICALDRIVE${disk.number}`,
      Partitions: uint32(disk.partitions.length),
      PNPDeviceID: disk.instanceId,
      SerialNumber: disk.serial,
      Size: uint64(disk.sizeBytes),
      Status: disk.operational === 'Predictive Failure' ? 'Pred Fail' : 'OK',
      SystemName: machine.name,
    })),
};

const diskPartition: CimClass = {
  name: 'Win32_DiskPartition',
  outside:
    'Access AdditionalAvailability Availability ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName ErrorCleared ErrorDescription ErrorMethodology HiddenSectors IdentifyingDescriptions InstallDate LastErrorCode MaxQuiesceTime OtherIdentifyingInfo PNPDeviceID PowerManagementCapabilities PowerManagementSupported PowerOnHours Purpose RewritePartition Status StatusInfo SystemCreationClassName TotalPowerOnHours',
  namespace: 'root/cimv2',
  keys: ['DeviceID'],
  // This class leaves out what Windows keeps for itself (the reserved partition).
  instances: (machine) =>
    visibleDisks(machine).flatMap((disk) =>
      disk.partitions
        .filter(({ type }) => type !== 'reserved')
        .map((part, index) => ({
          BlockSize: uint64(512),
          Bootable: part.type === 'system' || part.isActive === true,
          BootPartition: part.type === 'system' || part.isActive === true,
          Caption: `Disk #${disk.number}, Partition #${index}`,
          Description: disk.style === 'GPT' ? `GPT: ${gptNames[part.type]}` : 'Installable File System',
          DeviceID: `Disk #${disk.number}, Partition #${index}`,
          DiskIndex: uint32(disk.number),
          Index: uint32(index),
          Name: `Disk #${disk.number}, Partition #${index}`,
          NumberOfBlocks: uint64(Math.floor(part.sizeBytes / 512)),
          PrimaryPartition: part.type === 'basic',
          Size: uint64(part.sizeBytes),
          StartingOffset: uint64(part.offsetBytes),
          SystemName: machine.name,
          Type: disk.style === 'GPT' ? `GPT: ${gptNames[part.type]}` : 'Installable File System',
        })),
    ),
};
const gptNames: Readonly<Record<Partition['type'], string>> = {
  system: 'System',
  reserved: 'Reserved',
  basic: 'Basic Data',
  recovery: 'Unknown',
};

const failurePrediction: CimClass = {
  name: 'MSStorageDriver_FailurePredictStatus',
  namespace: 'root/wmi',
  keys: ['InstanceName'],
  instances: (machine) =>
    visibleDisks(machine)
      .filter(({ busType }) => busType !== 'USB')
      .map((disk) => ({
        Active: true,
        InstanceName: `${disk.instanceId}_0`,
        PredictFailure: disk.operational === 'Predictive Failure',
        Reason: uint32(0),
      })),
};

/** Disks, partitions and volumes, in the old and the new classes. */
export const diskClasses = [msDisk, msPartition, msVolume, msPhysicalDisk, diskDrive, diskPartition, failurePrediction];
