import { defineEnum } from '../../evaluator/define.ts';
import { customObject, enumValue } from '../../evaluator/make.ts';
import { dismMessages } from '../machine/updates/component-store.ts';
import { work } from '../programs/work.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';

/** Microsoft.Dism.Commands.ImageHealthState. */
export const imageHealthEnum = defineEnum('Microsoft.Dism.Commands.ImageHealthState', {
  Healthy: 0,
  Repairable: 1,
  NonRepairable: 2,
});

const points: Readonly<Record<string, number>> = {
  APPLICATION_INSTALL: 0,
  APPLICATION_UNINSTALL: 1,
  DEVICE_DRIVER_INSTALL: 10,
  MODIFY_SETTINGS: 12,
  CANCELLED_OPERATION: 13,
};

const notOnServer = (command_: string) =>
  ({
    id: `${command_}NotSupported`,
    message: 'This functionality is not supported on this operating system.',
    category: 'InvalidOperation',
    exception: 'System.InvalidOperationException',
  }) as const;

const checkpointComputer = command('Checkpoint-Computer', {
  className: 'Microsoft.PowerShell.Commands.CheckpointComputerCommand',
  validateSets: { RestorePointType: Object.keys(points) },
  parameterAliases: { RestorePointType: ['RPT'] },
  simulated: ['Description', 'RestorePointType'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    if (!machine.restore.exists) context.fail(notOnServer('CheckpointComputer'));
    yield machine.clock.wait(pid, machine.restore.createMs);
    if (machine.restore.isThrottled()) {
      const minutes = machine.restore.frequencyMinutes();
      context.writeWarning(
        `A new system restore point cannot be created because one has already been created within the past ${minutes} minutes. The frequency of restore point creation can be changed by creating the DWORD value 'SystemRestorePointCreationFrequency' under the registry key 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore'. The value of this registry key indicates the necessary time interval (in minutes) between two restore point creation. The default value is 1440 minutes (24 hours).`,
      );
      return;
    }
    const type = points[(bound.text('RestorePointType') ?? 'APPLICATION_INSTALL').toUpperCase()] ?? 0;
    const code = machine.restore.create(bound.text('Description') ?? '', type, 100, pid);
    if (code === 0) return;
    context.fail({
      id: code === 1058 ? 'ServiceDisabled' : 'CreateRestorePointFailed',
      message: 'The command cannot be run because System Restore is disabled or could not create the point.',
      category: 'InvalidOperation',
      exception: 'System.ArgumentException',
    });
  },
});

const switchRestore = (name: string, className: string, isOn: boolean) =>
  command(name, {
    className,
    simulated: ['Drive'],
    process: (context, bound) => {
      const { machine, pid } = actorOf(context);
      if (!machine.restore.exists) context.fail(notOnServer(className));
      for (const drive of bound.texts('Drive')) {
        if (!context.shouldProcess(drive, name)) continue;
        const code = isOn ? machine.restore.enable(drive, pid) : machine.restore.disable(drive, pid);
        if (code !== 0) {
          context.writeError({
            id: 'EnableDisableRestoreFailed',
            message: `System Restore could not be changed for ${drive} (${code}).`,
            category: 'InvalidOperation',
            target: drive,
            exception: 'System.ArgumentException',
          });
        }
      }
    },
  });

const getRestorePoint = command('Get-ComputerRestorePoint', {
  className: 'Microsoft.PowerShell.Commands.GetComputerRestorePointCommand',
  sets: ['ID', 'LastStatus'],
  simulated: ['RestorePoint'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const wanted = bound.list('RestorePoint').map((value) => Number(context.text(value)));
    for (const point of machine.restore.points) {
      if (wanted.length > 0 && !wanted.includes(point.sequence)) continue;
      context.write(
        customObject(
          {
            Description: point.description,
            SequenceNumber: point.sequence,
            RestorePointType: point.type,
            EventType: point.eventType,
            CreationTime: new Date(point.createdMs).toISOString(),
          },
          ['System.Management.ManagementObject#root\\default\\SystemRestore'],
        ),
      );
    }
  },
});

const repairImage = command('Repair-WindowsImage', {
  className: 'Microsoft.Dism.Commands.RepairWindowsImageCommand',
  sets: ['Offline', 'Online'],
  simulated: ['Online', 'CheckHealth', 'ScanHealth', 'RestoreHealth', 'LimitAccess', 'Source', 'NoRestart'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const store = machine.components;
    let health = store.markedHealth;
    if (bound.flag('ScanHealth')) {
      yield* work(machine, pid, store.durations.scanMs);
      health = store.scan();
    } else if (bound.flag('RestoreHealth')) {
      if (!store.isPending) yield* work(machine, pid, store.durations.restoreMs);
      const code = yield* store.restore(
        { sources: bound.texts('Source'), limitAccess: bound.flag('LimitAccess') },
        pid,
      );
      if (code !== 0) {
        context.fail({
          id: 'Microsoft.Dism.Commands.RepairWindowsImageCommand',
          message: dismMessages[code] ?? 'The source files could not be found.',
          category: 'NotSpecified',
          exception: 'System.Runtime.InteropServices.COMException',
          hresult: code,
        });
      }
      health = store.markedHealth;
    }
    context.write(
      customObject(
        {
          ImageHealthState: enumValue(imageHealthEnum, health),
          Path: '',
          Online: true,
          RestartNeeded: false,
          LogPath: 'C:\\Windows\\Logs\\DISM\\dism.log',
          ScratchDirectory: '',
          LogLevel: 'WarningsInfo',
        },
        ['Microsoft.Dism.Commands.ImageObject'],
      ),
    );
  },
});

const deleteDeliveryCache = command('Delete-DeliveryOptimizationCache', {
  commandType: 'Function',
  simulated: ['Force', 'IncludePinnedFiles'],
  *process(context) {
    const { machine, pid } = actorOf(context);
    const folder =
      'C:\\Windows\\ServiceProfiles\\NetworkService\\AppData\\Local\\Microsoft\\Windows\\DeliveryOptimization\\Cache';
    for (const child of Array.from(machine.files.find(folder)?.children.values() ?? [])) {
      if (!child.isFolder) yield machine.files.remove(`${folder}\\${child.name}`, pid, { force: true });
    }
  },
});

/** Restore points, component store, delivery cache. */
export const protectionCmdlets = [
  checkpointComputer,
  switchRestore('Enable-ComputerRestore', 'Microsoft.PowerShell.Commands.EnableComputerRestoreCommand', true),
  switchRestore('Disable-ComputerRestore', 'Microsoft.PowerShell.Commands.DisableComputerRestoreCommand', false),
  getRestorePoint,
  repairImage,
  deleteDeliveryCache,
];
