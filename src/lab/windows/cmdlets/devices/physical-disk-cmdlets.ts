import type { Value } from '../../../evaluator/value.ts';
import { cimObject, cimStateOf, uint16, uint32 } from '../../cim/cim-instance.ts';
import { physicalDiskValues, storageNamespace, visibleDisks } from '../../cim/disk-classes.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { cimCommand } from './cim-command.ts';
import { disksOf, storageObject } from './storage-cmdlets.ts';

const getPhysicalDisk = cimCommand('Get-PhysicalDisk', {
  pipeline: { InputObject: 'value' },
  simulated: ['FriendlyName', 'SerialNumber', 'UniqueId', 'HealthStatus', 'InputObject'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const health = bound.has('HealthStatus') ? context.text(bound.get('HealthStatus')) : undefined;
    for (const disk of disksOf(context, bound))
      if (health === undefined || disk.health.toLowerCase() === health.toLowerCase())
        context.write(storageObject(machine, 'MSFT_PhysicalDisk', physicalDiskValues(disk)));
  },
});

const getCounter = cimCommand('Get-StorageReliabilityCounter', {
  pipeline: { PhysicalDisk: 'value', Disk: 'value' },
  simulated: ['PhysicalDisk', 'Disk'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const given = cimStateOf(bound.get('PhysicalDisk') ?? bound.get('Disk'));
    const number = Number(context.text(given?.values.get('DeviceId') ?? given?.values.get('Number') ?? null));
    const disk = visibleDisks(machine).find((one) => one.number === number);
    if (!disk) return;
    const { counters } = disk;
    // What the disk behind a RAID controller counts is not told to Windows.
    const told = (value: number): Value => (disk.busType === 'RAID' ? null : uint32(value));
    context.write(
      cimObject(
        'MSFT_StorageReliabilityCounter',
        {
          DeviceId: String(disk.number),
          FlushLatencyMax: null,
          LoadUnloadCycleCount: null,
          ManufactureDate: null,
          PowerOnHours: told(counters.powerOnHours),
          ReadErrorsCorrected: told(0),
          ReadErrorsTotal: told(counters.readErrorsTotal),
          ReadErrorsUncorrected: told(counters.readErrorsUncorrected),
          StartStopCycleCount: null,
          Temperature: disk.busType === 'RAID' ? null : uint16(counters.temperature),
          TemperatureMax: disk.busType === 'RAID' ? null : uint16(80),
          Wear: disk.busType === 'RAID' ? null : uint16(counters.wear),
          WriteErrorsCorrected: told(0),
          WriteErrorsTotal: told(counters.writeErrorsTotal),
          WriteErrorsUncorrected: told(counters.writeErrorsTotal),
        },
        { namespace: storageNamespace, keys: ['DeviceId'], machine },
      ),
    );
  },
});

/** Get-PhysicalDisk, Get-StorageReliabilityCounter. */
export const physicalDiskCmdlets = [getPhysicalDisk, getCounter];
