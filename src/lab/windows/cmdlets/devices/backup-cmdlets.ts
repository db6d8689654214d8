import type { CommandContext } from '../../../evaluator/host.ts';
import { customObject, localFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { type BackupJob, backupJobs, backupVersions } from '../../machine/devices/backups.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { roleCommand } from '../role-command.ts';
import { withModule } from '../roles/require-module.ts';
import { roleModules } from '../roles/role-modules.ts';

const local = (context: CommandContext, ms: number | undefined): Value =>
  ms === undefined ? null : localFromUnixMs(ms, actorOf(context).machine.timeZone.offsetMinutes);

const jobObject = (context: CommandContext, job: BackupJob): Value =>
  customObject(
    {
      JobType: 'Backup',
      StartTime: local(context, job.startedMs),
      EndTime: local(context, job.endedMs),
      JobState: job.hresult === 0 ? 'Completed' : 'Failed',
      CurrentOperation: '',
      HResult: job.hresult | 0,
      DetailedHResult: job.hresult | 0,
      ErrorDescription: job.hresult === 0 ? '' : 'The operation ended before completion.',
      VersionId: job.version ?? null,
      SuccessLogPath: 'C:\\Windows\\Logs\\WindowsServerBackup\\Backup.log',
      FailureLogPath: 'C:\\Windows\\Logs\\WindowsServerBackup\\Backup_Error.log',
    },
    ['Microsoft.Windows.ServerBackup.Commands.WBJob'],
  );

const getSummary = roleCommand('Get-WBSummary', {
  simulated: [],
  process: (context) => {
    const { machine } = actorOf(context);
    const [jobs, versions] = [backupJobs(machine), backupVersions(machine)];
    const last = jobs.at(-1);
    const good = jobs.findLast(({ hresult }) => hresult === 0);
    context.write(
      customObject(
        {
          NextBackupTime: null,
          NumberOfVersions: versions.length,
          LastSuccessfulBackupTime: local(context, good?.endedMs ?? versions.at(-1)?.atMs),
          LastSuccessfulBackupTargetPath: versions.at(-1)?.target ?? null,
          LastSuccessfulBackupTargetLabel: null,
          LastBackupTime: local(context, last?.endedMs ?? versions.at(-1)?.atMs),
          LastBackupTarget: versions.at(-1)?.target ?? null,
          DetailedMessage: '',
          LastBackupResultHR: (last?.hresult ?? 0) | 0,
          LastBackupResultDetailedHR: (last?.hresult ?? 0) | 0,
          CurrentOperationStatus: 'NoOperationInProgress',
        },
        ['Microsoft.Windows.ServerBackup.Commands.WBSummary'],
      ),
    );
  },
});

const getBackupSet = roleCommand('Get-WBBackupSet', {
  simulated: ['MachineName'],
  process: (context) => {
    for (const version of backupVersions(actorOf(context).machine))
      context.write(
        customObject(
          {
            VersionId: version.id,
            BackupTime: local(context, version.atMs),
            BackupTarget: version.target,
            RecoverableItems:
              version.items === 'full' ? 'Volumes, SystemState, Applications, Files, BareMetalRecovery' : 'SystemState',
            Volume: [],
            Application: [],
            VssBackupOption: 'VssFullBackup',
            SnapshotId: '00000000-0000-0000-0000-000000000000',
            BackupSetId: '00000000-0000-0000-0000-000000000000',
          },
          ['Microsoft.Windows.ServerBackup.Commands.WBBackupSet'],
        ),
      );
  },
});

const getJob = roleCommand('Get-WBJob', {
  simulated: ['Previous'],
  process: (context, bound) => {
    const count = bound.number('Previous') ?? 0;
    for (const job of backupJobs(actorOf(context).machine)
      .slice(-count || Number.MAX_SAFE_INTEGER)
      .toReversed())
      context.write(jobObject(context, job));
  },
});

const getPolicy = roleCommand('Get-WBPolicy', {
  simulated: [],
  // No host of the lab has a schedule.
  process: () => undefined,
});

/** Get-WBSummary, Get-WBBackupSet, Get-WBJob, Get-WBPolicy: of the feature Windows Server Backup. */
export const backupCmdlets = withModule([getSummary, getBackupSet, getJob, getPolicy], roleModules.serverBackup);
