import type { CommandContext } from '../../../evaluator/host.ts';
import { customObject, localFromUnixMs } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { type BackupJob, backupJobs, backupVersions } from '../../machine/devices/backups.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

/** The module is there once the feature is installed; before, PowerShell does not know the command. */
const requireFeature = (context: CommandContext): void => {
  if (actorOf(context).machine.features.get('Windows-Server-Backup') === true) return;
  context.fail({
    id: 'CommandNotFoundException',
    message: `The term '${context.commandName}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
    category: 'ObjectNotFound',
    target: context.commandName,
    exception: 'System.Management.Automation.CommandNotFoundException',
  });
};

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

const getSummary = command('Get-WBSummary', {
  simulated: [],
  process: (context) => {
    requireFeature(context);
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

const getBackupSet = command('Get-WBBackupSet', {
  simulated: ['MachineName'],
  process: (context) => {
    requireFeature(context);
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

const getJob = command('Get-WBJob', {
  simulated: ['Previous'],
  process: (context, bound) => {
    requireFeature(context);
    const count = bound.number('Previous') ?? 0;
    for (const job of backupJobs(actorOf(context).machine)
      .slice(-count || Number.MAX_SAFE_INTEGER)
      .toReversed())
      context.write(jobObject(context, job));
  },
});

const getPolicy = command('Get-WBPolicy', {
  simulated: [],
  // No host of the lab has a schedule.
  process: (context) => requireFeature(context),
});

/** Get-WBSummary, Get-WBBackupSet, Get-WBJob, Get-WBPolicy: of the feature Windows Server Backup. */
export const backupCmdlets = [getSummary, getBackupSet, getJob, getPolicy];
