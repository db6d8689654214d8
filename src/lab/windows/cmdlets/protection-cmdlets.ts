import { defineEnum } from '../../evaluator/define.ts';
import type { ParameterDefinition } from '../../evaluator/host.ts';
import { customObject, enumValue } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { cimObject } from '../cim/cim-instance.ts';
import type { PreferenceValue } from '../machine/defender.ts';
import { work } from '../programs/servicing-programs.ts';
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
      yield* work(machine, pid, store.durations.restoreMs);
      const code = store.restore({
        hasGoodSource: bound.texts('Source').some((source) => machine.files.exists(source)),
        limitAccess: bound.flag('LimitAccess'),
      });
      if (code !== 0) {
        context.fail({
          id: 'Microsoft.Dism.Commands.RepairWindowsImageCommand',
          message: 'The source files could not be found.',
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

const toValue = (value: PreferenceValue): Value =>
  typeof value === 'object' ? (value.length === 0 ? null : [...value]) : value;

const getPreference = command('Get-MpPreference', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    context.write(
      cimObject(
        'MSFT_MpPreference',
        Object.fromEntries([...machine.defender.preferences].map(([name, value]) => [name, toValue(value)])),
        { namespace: 'ROOT/Microsoft/Windows/Defender', machine },
      ),
    );
  },
});

const getStatus = command('Get-MpComputerStatus', {
  commandType: 'Function',
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    context.write(
      cimObject(
        'MSFT_MpComputerStatus',
        {
          AMProductVersion: '4.18.25110.6',
          AMRunningMode: machine.defender.isActive ? 'Normal' : 'Not running',
          AMServiceEnabled: machine.defender.isActive,
          AntispywareEnabled: machine.defender.isActive,
          AntivirusEnabled: machine.defender.isActive,
          AntivirusSignatureAge: 0,
          AntivirusSignatureVersion: machine.defender.signatureVersion,
          BehaviorMonitorEnabled:
            machine.defender.isWatching && machine.defender.preferences.get('DisableBehaviorMonitoring') !== true,
          IoavProtectionEnabled:
            machine.defender.isWatching && machine.defender.preferences.get('DisableIOAVProtection') !== true,
          IsTamperProtected: machine.defender.isTamperProtected,
          IsVirtualMachine: machine.edition.productType === 1,
          NISEnabled: machine.defender.isActive,
          OnAccessProtectionEnabled: machine.defender.isWatching,
          RealTimeProtectionEnabled: machine.defender.isWatching,
        },
        { namespace: 'ROOT/Microsoft/Windows/Defender', machine },
      ),
    );
  },
});

/** What a feature of Defender does; newer builds know more than off and on. */
export const featureStateEnum = defineEnum(
  'Microsoft.PowerShell.Cmdletization.GeneratedTypes.MpPreference.ControlledFolderAccessType',
  { Disabled: 0, Enabled: 1, AuditMode: 2, BlockDiskModificationOnly: 3, AuditDiskModificationOnly: 4 },
);
/** What a rule against attacks does. */
export const ruleActionEnum = defineEnum(
  'Microsoft.PowerShell.Cmdletization.GeneratedTypes.MpPreference.ASRRuleActionType',
  { Disabled: 0, Enabled: 1, AuditMode: 2, NotConfigured: 5, Warn: 6 },
);

/** Parameters that came after the build whose list the lab is held to. */
const newer = (isSet: boolean): Readonly<Record<string, ParameterDefinition>> => ({
  ControlledFolderAccessProtectedFolders: { type: 'string[]' },
  ControlledFolderAccessAllowedApplications: { type: 'string[]' },
  AttackSurfaceReductionOnlyExclusions: { type: 'string[]' },
  AttackSurfaceReductionRules_Ids: { type: 'string[]' },
  AttackSurfaceReductionRules_Actions: { type: `${ruleActionEnum.name}[]` },
  ...(isSet
    ? {
        EnableControlledFolderAccess: { type: featureStateEnum.name },
        EnableNetworkProtection: { type: featureStateEnum.name },
      }
    : {}),
});

const numberOf = (value: Value, text: string): number =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'enum' ? value.value : Number(text);

const changePreference = (
  name: string,
  change: (old: readonly string[], given: readonly string[]) => readonly string[],
) =>
  command(name, {
    commandType: 'Function',
    simulated: [
      'DisableRealtimeMonitoring',
      'DisableBehaviorMonitoring',
      'DisableIOAVProtection',
      'DisableScriptScanning',
      'ExclusionPath',
      'ExclusionProcess',
      'ExclusionExtension',
      'Force',
    ],
    dynamic: newer(name.startsWith('Set')),
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      for (const [parameter, value] of bound.entries()) {
        const old = machine.defender.preferences.get(parameter);
        if (old === undefined) continue;
        if (typeof old === 'object') {
          const given = context.enumerate(value).map((item) => context.text(item));
          yield machine.defender.set(parameter, change(old, given), pid);
        } else if (typeof old === 'boolean') yield machine.defender.set(parameter, context.isTrue(value), pid);
        else yield machine.defender.set(parameter, numberOf(value, context.text(value)), pid);
      }
    },
  });

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const without = (old: readonly string[], given: readonly string[]): readonly string[] =>
  old.filter((one) => !given.some((other) => same(one, other)));

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

/** Restore points, component store, Defender, delivery cache. */
export const protectionCmdlets = [
  checkpointComputer,
  switchRestore('Enable-ComputerRestore', 'Microsoft.PowerShell.Commands.EnableComputerRestoreCommand', true),
  switchRestore('Disable-ComputerRestore', 'Microsoft.PowerShell.Commands.DisableComputerRestoreCommand', false),
  getRestorePoint,
  repairImage,
  getPreference,
  getStatus,
  changePreference('Set-MpPreference', (_old, given) => given),
  changePreference('Add-MpPreference', (old, given) => [
    ...old,
    ...given.filter((one) => !old.some((other) => same(one, other))),
  ]),
  changePreference('Remove-MpPreference', without),
  deleteDeliveryCache,
];
