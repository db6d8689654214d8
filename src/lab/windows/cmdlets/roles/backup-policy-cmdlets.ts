import { defineType } from '../../../evaluator/define.ts';
import type { CommandContext, Task } from '../../../evaluator/host.ts';
import { newObject, stateOf } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import { backupMs, backupVersions, forgetBackup, makeBackup } from '../../machine/devices/backups.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { roleCommand } from '../role-command.ts';
import { withModule } from './require-module.ts';
import { roleModules } from './role-modules.ts';

const space = 'Microsoft.Windows.ServerBackup.Cmdlets';

/** A volume as the backup sees it. */
export type BackupVolume = {
  readonly drive: string;
  readonly label: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
};
/** WBVolume. */
export const backupVolumeType = defineType<BackupVolume>({
  name: `${space}.WBVolume`,
  properties: {
    VolumeLabel: { get: ({ label }) => label },
    MountPath: { get: ({ drive }) => drive },
    MountPoint: { get: ({ drive }) => `${drive}\\` },
    FileSystem: { get: () => 'NTFS' },
    FreeSpace: { get: ({ freeBytes }) => freeBytes },
    TotalSpace: { get: ({ sizeBytes }) => sizeBytes },
  },
  toText: ({ drive }) => drive,
});

type Target = { readonly path: string };
/** WBBackupTarget. */
export const backupTargetType = defineType<Target>({
  name: `${space}.WBBackupTarget`,
  properties: {
    TargetPath: { get: ({ path }) => path },
    TargetType: { get: () => 'Volume' },
    WBDisk: { get: () => null },
  },
  toText: ({ path }) => path,
});

type Policy = { targets: Target[]; volumes: string[]; hasSystemState: boolean; hasBareMetal: boolean };
/** WBPolicy: what is to be backed up, and where to. */
export const backupPolicyType: TypeDefinition<Policy> = defineType<Policy>({
  name: `${space}.WBPolicy`,
  properties: {
    Schedule: { get: () => [] },
    BackupTargets: { get: ({ targets }) => targets.map((one) => newObject(backupTargetType, one)) },
    VolumesToBackup: { get: ({ volumes }) => [...volumes] },
    SystemState: { get: ({ hasSystemState }) => hasSystemState },
    BMR: { get: ({ hasBareMetal }) => hasBareMetal },
    VssBackupOptions: { get: () => 'VssCopyBackup' },
  },
});

const policyOf = (context: CommandContext, value: Value): Policy =>
  stateOf(value, backupPolicyType) ??
  context.fail({
    id: 'InvalidPolicy',
    message: 'The policy is not a backup policy.',
    category: 'InvalidArgument',
    exception: 'System.ArgumentException',
  });

const volumesOf = (context: CommandContext): BackupVolume[] => {
  const { machine } = actorOf(context);
  return [...machine.files.volumes.values()].map(({ drive, label, sizeBytes }) => ({
    drive,
    label,
    sizeBytes,
    freeBytes: machine.files.freeBytes(drive),
  }));
};

const newPolicy = roleCommand('New-WBPolicy', {
  simulated: [],
  process: (context) =>
    context.write(
      newObject(backupPolicyType, { targets: [], volumes: [], hasSystemState: false, hasBareMetal: false }),
    ),
});

const newTarget = roleCommand('New-WBBackupTarget', {
  defaultSet: 'VolumePath',
  simulated: ['VolumePath', 'Volume'],
  process(context, bound) {
    const { machine } = actorOf(context);
    const volume = stateOf(bound.get('Volume'), backupVolumeType);
    const path = volume?.drive ?? (bound.text('VolumePath') ?? '').slice(0, 2).toUpperCase();
    if (!machine.files.volumes.has(path))
      return context.fail({
        id: 'VolumeNotFound',
        message: `The volume '${path}' was not found.`,
        category: 'ObjectNotFound',
        target: path,
        exception: 'System.ArgumentException',
        hresult: 0x80070003,
      });
    context.write(newObject(backupTargetType, { path }));
    return undefined;
  },
});

const adder = (
  name: string,
  parameters: readonly string[],
  add: (policy: Policy, value: (name: string) => Value) => void,
) =>
  roleCommand(name, {
    simulated: ['Policy', ...parameters],
    process(context, bound) {
      const policy = policyOf(context, bound.get('Policy'));
      add(policy, (parameter) => bound.get(parameter));
    },
  });

const getVolume = roleCommand('Get-WBVolume', {
  simulated: ['AllVolumes', 'CriticalVolumes', 'VolumePath'],
  process(context, bound) {
    const wanted = bound.texts('VolumePath').map((path) => path.slice(0, 2).toUpperCase());
    for (const volume of volumesOf(context)) {
      if (bound.flag('CriticalVolumes') && volume.drive !== 'C:') continue;
      if (wanted.length > 0 && !wanted.includes(volume.drive)) continue;
      context.write(newObject(backupVolumeType, volume));
    }
  },
});

const failed = (context: CommandContext, hresult: number, message: string): never =>
  context.fail({
    id: 'BackupFailed',
    message: `${message} (0x${hresult.toString(16).toUpperCase()})`,
    category: 'InvalidOperation',
    exception: 'System.Runtime.InteropServices.COMException',
    hresult,
  });

const startBackup = roleCommand('Start-WBBackup', {
  simulated: ['Policy', 'Force', 'AllowDeleteOldBackups', 'DoNotVerifyMedia'],
  *process(context, bound): Task<void> {
    const { machine, pid } = actorOf(context);
    const policy = policyOf(context, bound.get('Policy'));
    const [target] = policy.targets;
    if (!target || (!policy.hasSystemState && !policy.hasBareMetal && policy.volumes.length === 0))
      return failed(context, 0x80070057, 'The policy has no target or nothing to back up.');
    const startedMs = machine.clock.wallMs();
    yield machine.clock.wait(pid, backupMs);
    const isSystemState = policy.hasSystemState && !policy.hasBareMetal && policy.volumes.length === 0;
    const job = makeBackup(machine, target.path, isSystemState ? 'system-state' : 'full', startedMs);
    if (job.hresult !== 0) failed(context, job.hresult, 'The backup operation to the target has failed.');
    return undefined;
  },
});

const removeSet = roleCommand('Remove-WBBackupSet', {
  simulated: ['KeepVersions', 'DeleteOldest', 'Force', 'BackupSet'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const all = backupVersions(machine);
    const named = bound.list('BackupSet').map((one) => context.text(context.property(one, 'VersionId')));
    const gone = bound.has('KeepVersions')
      ? all.slice(0, Math.max(0, all.length - (bound.number('KeepVersions') ?? 0)))
      : bound.flag('DeleteOldest')
        ? all.slice(0, 1)
        : all.filter(({ id }) => named.includes(id));
    for (const version of gone) yield forgetBackup(machine, version, pid);
  },
});

/** Policies of Windows Server Backup, and backups by them. */
export const backupPolicyCmdlets = withModule(
  [
    newPolicy,
    newTarget,
    adder('Add-WBBackupTarget', ['Target', 'Force'], (policy, value) => {
      const target = stateOf(value('Target'), backupTargetType);
      if (target) policy.targets = [target];
    }),
    adder('Add-WBSystemState', [], (policy) => {
      policy.hasSystemState = true;
    }),
    adder('Add-WBBareMetalRecovery', [], (policy) => {
      policy.hasBareMetal = true;
      policy.hasSystemState = true;
    }),
    adder('Add-WBVolume', ['Volume'], (policy, value) => {
      const given = value('Volume');
      for (const one of Array.isArray(given) ? given : [given]) {
        const volume = stateOf(one, backupVolumeType);
        if (volume) policy.volumes = [...policy.volumes, volume.drive];
      }
    }),
    getVolume,
    startBackup,
    removeSet,
  ],
  roleModules.serverBackup,
);
