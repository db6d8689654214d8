import { defineEnum } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { enumValue } from '../../../evaluator/make.ts';
import { cimObject, cimStateOf } from '../../cim/cim-instance.ts';
import { work } from '../../programs/work.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { cimCommand } from './cim-command.ts';
import { notFoundBy } from './storage-cmdlets.ts';

/** What Repair-Volume came to. */
export const repairStatusEnum = defineEnum('Microsoft.PowerShell.Cmdletization.GeneratedTypes.Volume.RepairStatus', {
  NoErrorsFound: 0,
  SpotFixNeeded: 1,
  FullRepairNeeded: 2,
  RepairedSuccessfully: 3,
  RebootNeeded: 4,
});

/** Drives that -DriveLetter, -InputObject, -FileSystemLabel or -Path name. */
const drivesOf = (context: CommandContext, bound: BoundParameters): string[] => {
  const { machine } = actorOf(context);
  const letters = [
    ...bound.list('DriveLetter').map((value) => context.text(value)),
    ...bound.list('InputObject').map((value) => context.text(cimStateOf(value)?.values.get('DriveLetter') ?? null)),
  ];
  const byOther = [...machine.files.volumes.values()].filter(
    (volume) =>
      bound.texts('FileSystemLabel').some((label) => label.toLowerCase() === volume.label.toLowerCase()) ||
      bound.texts('Path').some((path) => path.toLowerCase().includes(volume.guid.toLowerCase())),
  );
  const named = letters.flatMap((letter) => {
    const drive = `${letter.toUpperCase().slice(0, 1)}:`;
    if (machine.files.volumes.has(drive)) return [drive];
    context.writeError(notFoundBy('MSFT_Volume', 'DriveLetter', letter));
    return [];
  });
  return [...named, ...byOther.map(({ drive }) => drive)];
};

const repairVolume = cimCommand('Repair-Volume', {
  pipeline: { InputObject: 'value', DriveLetter: 'name' },
  simulated: ['DriveLetter', 'InputObject', 'FileSystemLabel', 'Path', 'OfflineScanAndFix', 'SpotFix', 'Scan'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const { disks } = machine.hardware;
    for (const drive of drivesOf(context, bound)) {
      if (!context.shouldProcess(drive, 'Repair-Volume')) continue;
      const health = disks.health(drive);
      const how = bound.flag('OfflineScanAndFix') ? 'offline' : bound.flag('SpotFix') ? 'spot' : 'scan';
      if (how === 'scan') {
        yield* work(machine, pid, disks.durations.scanMs);
        const found = disks.scan(drive, pid);
        context.write(
          enumValue(
            repairStatusEnum,
            { none: 'NoErrorsFound', spot: 'SpotFixNeeded', offline: 'FullRepairNeeded' }[found],
          ),
        );
      } else if (how === 'spot' && !health.isLogged) context.write(enumValue(repairStatusEnum, 'NoErrorsFound'));
      else if (drive === 'C:') {
        // The volume that Windows runs on is repaired at the next start.
        const before = health.planned;
        health.planned = how;
        yield machine.changes.record('volume.plan', drive, before, how, pid);
        context.write(enumValue(repairStatusEnum, 'RebootNeeded'));
      } else {
        yield* work(machine, pid, how === 'spot' ? disks.durations.fixMs : disks.durations.bootFixMs);
        context.write(
          enumValue(repairStatusEnum, disks.fix(drive, how, pid) ? 'RepairedSuccessfully' : 'FullRepairNeeded'),
        );
      }
    }
  },
});

const optimizeVolume = cimCommand('Optimize-Volume', {
  pipeline: { InputObject: 'value', DriveLetter: 'name' },
  simulated: ['DriveLetter', 'InputObject', 'FileSystemLabel', 'Path', 'ReTrim', 'Analyze', 'Defrag', 'NormalPriority'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const { disks } = machine.hardware;
    for (const drive of drivesOf(context, bound)) {
      if (!context.shouldProcess(drive, 'Optimize-Volume')) continue;
      const health = disks.health(drive);
      const isSolid = disks.diskOf(drive)?.mediaType === 'SSD';
      const how = bound.flag('Analyze')
        ? 'analyze'
        : bound.flag('Defrag') || (!bound.flag('ReTrim') && !isSolid)
          ? 'defrag'
          : 'retrim';
      if (health.isDirty) {
        context.writeError({
          id: 'StorageWMI 43022',
          message: 'The volume is dirty. Run chkdsk on the volume.',
          category: 'NotSpecified',
          target: drive,
          exception: 'Microsoft.Management.Infrastructure.CimException',
        });
        continue;
      }
      yield* work(machine, pid, disks.durations.optimizeMs);
      if (how === 'defrag' && health.fragmentPercent > 0) {
        const before = health.fragmentPercent;
        health.fragmentPercent = 0;
        yield machine.changes.record('volume.defrag', drive, before, 0, pid);
      }
      machine.events.write({
        log: 'Application',
        provider: 'Microsoft-Windows-Defrag',
        id: 258,
        message: `The storage optimizer successfully completed ${how === 'defrag' ? 'defragmentation' : how} on ${drive}`,
        data: [
          ['', how],
          ['', drive],
        ],
      });
    }
  },
});

const imageObject = (context: CommandContext, path: string) => {
  const { machine } = actorOf(context);
  const attached = machine.hardware.media.find(path);
  return cimObject(
    'MSFT_DiskImage',
    {
      Attached: attached !== undefined,
      BlockSize: { kind: 'integer', type: 'UInt32', value: 0n },
      DevicePath: attached ? `\\\\.\\CDROM${attached.drive.charCodeAt(0) - 68}` : null,
      FileSize: { kind: 'integer', type: 'UInt64', value: BigInt(machine.files.find(path)?.sizeBytes ?? 0) },
      ImagePath: path,
      LogicalSectorSize: { kind: 'integer', type: 'UInt32', value: 2048n },
      Number: null,
      Size: { kind: 'integer', type: 'UInt64', value: BigInt(machine.files.find(path)?.sizeBytes ?? 0) },
      StorageType: { kind: 'integer', type: 'UInt32', value: 1n },
    },
    { namespace: 'root/microsoft/windows/storage', keys: ['ImagePath', 'StorageType'], machine },
  );
};

const imagePaths = (context: CommandContext, bound: BoundParameters): string[] => [
  ...bound.texts('ImagePath'),
  ...bound.list('InputObject').map((value) => context.text(cimStateOf(value)?.values.get('ImagePath') ?? null)),
];

const imageError = (context: CommandContext, path: string, code: number, message: string): void =>
  context.writeError({
    id: `HRESULT 0x${code.toString(16)}`,
    message,
    category: code === 0x80070002 ? 'ObjectNotFound' : 'NotSpecified',
    target: path,
    exception: 'Microsoft.Management.Infrastructure.CimException',
  });

const mountImage = cimCommand('Mount-DiskImage', {
  pipeline: { ImagePath: 'both', InputObject: 'value' },
  simulated: ['ImagePath', 'InputObject', 'StorageType', 'Access', 'PassThru'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    for (const path of imagePaths(context, bound)) {
      if (!machine.files.exists(path)) {
        imageError(context, path, 0x80070002, 'The system cannot find the file specified. ');
        continue;
      }
      if (!context.shouldProcess(path, 'Mount-DiskImage')) continue;
      if (machine.hardware.media.mount(path, pid) === undefined)
        imageError(context, path, 0x80070570, 'The file or directory is corrupted and unreadable. ');
      else if (bound.flag('PassThru')) context.write(imageObject(context, path));
    }
  },
});

const dismountImage = cimCommand('Dismount-DiskImage', {
  pipeline: { ImagePath: 'both', InputObject: 'value' },
  simulated: ['ImagePath', 'InputObject', 'StorageType', 'PassThru'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    for (const path of imagePaths(context, bound)) {
      if (!machine.files.exists(path))
        imageError(context, path, 0x80070002, 'The system cannot find the file specified. ');
      else if (context.shouldProcess(path, 'Dismount-DiskImage')) {
        machine.hardware.media.dismount(path, pid);
        if (bound.flag('PassThru')) context.write(imageObject(context, path));
      }
    }
  },
});

const getImage = cimCommand('Get-DiskImage', {
  pipeline: { ImagePath: 'both' },
  simulated: ['ImagePath', 'StorageType'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const path of imagePaths(context, bound))
      if (machine.files.exists(path)) context.write(imageObject(context, path));
      else imageError(context, path, 0x80070002, 'The system cannot find the file specified. ');
  },
});

/** Repair-Volume, Optimize-Volume, Mount-, Dismount- and Get-DiskImage. */
export const volumeCmdlets = [repairVolume, optimizeVolume, mountImage, dismountImage, getImage];
