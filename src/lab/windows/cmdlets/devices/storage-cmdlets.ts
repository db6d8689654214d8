import type { BoundParameters, CommandContext, ErrorSpec } from '../../../evaluator/host.ts';
import type { Value } from '../../../evaluator/value.ts';
import { cimObject, cimStateOf } from '../../cim/cim-instance.ts';
import { diskValues, partitionValues, storageNamespace, visibleDisks, volumeValues } from '../../cim/disk-classes.ts';
import type { Disk } from '../../machine/devices/disk.ts';
import type { Machine } from '../../machine/machine.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { cimCommand } from './cim-command.ts';

/** The error of a command over CIM that finds nothing of that name. */
export const notFoundBy = (className: string, property: string, wanted: string): ErrorSpec => ({
  id: `CmdletizationQuery_NotFound_${property}`,
  message: `No ${className} objects found with property '${property}' equal to '${wanted}'.  Verify the value of the property and retry.`,
  category: 'ObjectNotFound',
  target: wanted,
  exception: 'Microsoft.PowerShell.Cmdletization.CimJobException',
});

const numberIn = (value: Value): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'integer'
      ? Number(value.value)
      : 0;

/** Numbers that the Storage module shows as words. */
const words: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  BusType: { 7: 'USB', 8: 'RAID', 11: 'SATA', 17: 'NVMe' },
  MediaType: { 0: 'Unspecified', 3: 'HDD', 4: 'SSD' },
  HealthStatus: { 0: 'Healthy', 1: 'Warning', 2: 'Unhealthy' },
  PartitionStyle: { 0: 'RAW', 1: 'MBR', 2: 'GPT' },
  OfflineReason: { 1: 'Policy' },
  DriveType: { 2: 'Removable', 3: 'Fixed', 5: 'CD-ROM' },
  FileSystemType: { 0: 'Unknown', 6: 'FAT32', 7: 'exFAT', 14: 'NTFS', 15: 'ReFS' },
  DedupMode: { 4: 'NotAvailable' },
  Usage: { 1: 'Auto-Select' },
  OperationalStatus: {
    1: 'Online',
    2: 'OK',
    3: 'Degraded',
    5: 'Predictive Failure',
    0xd00d: 'Scan Needed',
    0xd00e: 'Spot Fix Needed',
    0xd00f: 'Full Repair Needed',
    0xd010: 'Online',
    0xd013: 'Offline',
  },
};

/** An object as the Storage module shows it: words for numbers. */
export const storageObject = (machine: Machine, className: string, values: Readonly<Record<string, Value>>): Value =>
  cimObject(
    className,
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const table = words[name];
        if (!table || value === null) return [name, value];
        const number = numberIn(Array.isArray(value) ? value[0] : value);
        // A partition is online or offline by another numbering.
        if (className === 'MSFT_Partition' && number === 5) return [name, 'Offline'];
        return [name, table[number] ?? value];
      }),
    ),
    { namespace: storageNamespace, keys: ['ObjectId'], machine },
  );

/** Disks that -Number, -FriendlyName, -SerialNumber, -UniqueId, -Partition or an object name; all without them. */
export const disksOf = (context: CommandContext, bound: BoundParameters): Disk[] => {
  const { machine } = actorOf(context);
  const all = visibleDisks(machine);
  if (bound.has('InputObject') || bound.has('Disk')) {
    const given = [...bound.list('InputObject'), ...bound.list('Disk')];
    return given.flatMap((value) => {
      const number = numberIn(cimStateOf(value)?.values.get('Number') ?? null);
      return all.filter((disk) => disk.number === number);
    });
  }
  if (bound.has('Partition')) {
    const number = numberIn(cimStateOf(bound.get('Partition'))?.values.get('DiskNumber') ?? null);
    return all.filter((disk) => disk.number === number);
  }
  for (const [parameter, property, read] of [
    ['Number', 'Number', (disk: Disk) => String(disk.number)],
    ['FriendlyName', 'FriendlyName', (disk: Disk) => disk.name],
    ['SerialNumber', 'SerialNumber', (disk: Disk) => disk.serial],
    ['UniqueId', 'UniqueId', (disk: Disk) => `LAB.${disk.serial}.${disk.number}`],
  ] as const) {
    if (!bound.has(parameter)) continue;
    return bound.list(parameter).flatMap((value) => {
      const text = context.text(value);
      const found = all.filter((disk) => context.like(read(disk), text));
      if (found.length === 0) context.writeError(notFoundBy('MSFT_Disk', property, text));
      return found;
    });
  }
  return all;
};

const getDisk = cimCommand('Get-Disk', {
  pipeline: { Number: 'name', Partition: 'value', FriendlyName: 'name' },
  simulated: ['Number', 'FriendlyName', 'SerialNumber', 'UniqueId', 'Partition'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const disk of disksOf(context, bound)) context.write(storageObject(machine, 'MSFT_Disk', diskValues(disk)));
  },
});

const setDisk = cimCommand('Set-Disk', {
  pipeline: { Number: 'name', InputObject: 'value' },
  simulated: ['Number', 'InputObject', 'UniqueId', 'IsOffline', 'IsReadOnly'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const disk of disksOf(context, bound)) {
      if (bound.has('IsOffline')) {
        const isOffline = context.isTrue(bound.get('IsOffline'));
        if (isOffline && disk.partitions.some(({ letter }) => letter === 'C:'))
          return context.writeError({
            id: 'StorageWMI 42007',
            message: 'Not Supported',
            category: 'NotSpecified',
            exception: 'Microsoft.Management.Infrastructure.CimException',
          });
        yield machine.hardware.disks.setOffline(disk, isOffline, pid);
      }
      if (bound.has('IsReadOnly')) {
        const before = disk.isReadOnly;
        disk.isReadOnly = context.isTrue(bound.get('IsReadOnly'));
        yield machine.changes.record('disk.readOnly', `disk ${disk.number}`, before, disk.isReadOnly, pid);
      }
    }
    return undefined;
  },
});

const typeNames = { system: 'System', reserved: 'Reserved', basic: 'Basic', recovery: 'Recovery' } as const;

const getPartition = cimCommand('Get-Partition', {
  defaultSet: 'Set3',
  pipeline: { Disk: 'value', Volume: 'value', DiskNumber: 'name', PartitionNumber: 'name', DriveLetter: 'name' },
  simulated: ['DiskNumber', 'PartitionNumber', 'DriveLetter', 'Disk', 'Volume'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const letterOf = (value: Value): string => `${context.text(value).toUpperCase()}:`;
    const letters = [
      ...bound.list('DriveLetter').map(letterOf),
      ...bound.list('Volume').map((value) => letterOf(cimStateOf(value)?.values.get('DriveLetter') ?? null)),
    ];
    const byDisk = bound.has('Disk')
      ? disksOf(context, bound).map(({ number }) => number)
      : bound.list('DiskNumber').map(numberIn);
    const numbers = bound.list('PartitionNumber').map(numberIn);
    let count = 0;
    for (const disk of visibleDisks(machine)) {
      if (byDisk.length > 0 && !byDisk.includes(disk.number)) continue;
      for (const part of disk.partitions) {
        if (letters.length > 0 && !letters.includes(part.letter ?? '')) continue;
        if (numbers.length > 0 && !numbers.includes(part.number)) continue;
        count++;
        context.write(
          storageObject(machine, 'MSFT_Partition', {
            ...partitionValues(machine, disk, part),
            Type: disk.style === 'GPT' ? typeNames[part.type] : 'IFS',
          }),
        );
      }
    }
    if (count > 0) return;
    const [property, wanted] =
      letters[0] === undefined ? ['DiskNumber', String(byDisk[0] ?? '')] : ['DriveLetter', letters[0].slice(0, 1)];
    context.writeError(notFoundBy('MSFT_Partition', property, wanted));
  },
});

const getVolume = cimCommand('Get-Volume', {
  pipeline: { Partition: 'value', DriveLetter: 'name', FileSystemLabel: 'name', DiskImage: 'value' },
  simulated: ['DriveLetter', 'FileSystemLabel', 'Partition', 'Path', 'UniqueId', 'DiskImage'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const all = volumeValues(machine);
    const write = (values: Readonly<Record<string, Value>>): void =>
      context.write(storageObject(machine, 'MSFT_Volume', values));
    const same = (property: string, wanted: string) => (values: Readonly<Record<string, Value>>) =>
      context.like(context.text(values[property]), wanted);
    const image = cimStateOf(bound.get('DiskImage'))?.values.get('ImagePath');
    if (image !== undefined) {
      const drive = machine.hardware.media.find(context.text(image))?.drive;
      for (const one of all.filter(same('DriveLetter', drive?.slice(0, 1) ?? ' '))) write(one);
      return;
    }
    const wanted: readonly (readonly [string, Value])[] = [
      ...(['DriveLetter', 'FileSystemLabel', 'Path', 'UniqueId'] as const).flatMap((name) =>
        bound.list(name).map((value) => [name, value] as const),
      ),
      ...bound
        .list('Partition')
        .map((value) => ['DriveLetter', cimStateOf(value)?.values.get('DriveLetter') ?? null] as const),
    ];
    if (wanted.length === 0) for (const one of all) write(one);
    for (const [property, value] of wanted) {
      const found = all.filter(same(property, context.text(value)));
      for (const one of found) write(one);
      if (found.length === 0) context.writeError(notFoundBy('MSFT_Volume', property, context.text(value)));
    }
  },
});

/** Get-Disk, Set-Disk, Get-Partition, Get-Volume. */
export const storageCmdlets = [getDisk, setDisk, getPartition, getVolume];
