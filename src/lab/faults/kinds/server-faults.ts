import { systemPid } from '../../windows/machine/change-feed.ts';
import { backupCodes, placeBackup, recordJob } from '../../windows/machine/devices/backups.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { featureRow } from '../../windows/machine/roles/feature-table.ts';
import { placeValues } from '../bases/base-registry.ts';
import { bringRole } from '../bases/roles.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';
import { addBackupDisk } from './backup-faults.ts';

const dayMs = 86_400_000;

/** The last backup that went well is twelve days old; since then each has failed, for a reason that is still there. */
const failBackups = (machine: Machine, cause: 'target-gone' | 'target-full' | 'shadow-service-disabled'): void => {
  bringRole(machine, 'server-backup');
  addBackupDisk(machine);
  const now = machine.clock.wallMs();
  for (const days of [40, 26, 12]) {
    const version = placeBackup(machine, 'E:', now - days * dayMs, 'full');
    recordJob(machine, { startedMs: version.atMs - 1_800_000, endedMs: version.atMs, hresult: 0, version: version.id });
  }
  if (cause === 'target-full') {
    const volume = machine.files.volume('E:');
    volume.otherBytes = volume.sizeBytes - volume.usedBytes - 2 ** 30;
  } else if (cause === 'target-gone') machine.files.volumes.delete('E:');
  else void machine.services.configure('VSS', { start: 'Disabled' }, systemPid);
  const hresult = {
    'target-gone': backupCodes.pathMissing,
    'target-full': backupCodes.diskFull,
    'shadow-service-disabled': 0x80070422,
  }[cause];
  for (const days of [5, 1])
    recordJob(machine, { startedMs: now - days * dayMs - 60_000, endedMs: now - days * dayMs, hresult });
};

/** The files of a feature are in no store of the host, and where to get them is set so that nothing is found. */
const removePayload = (machine: Machine, feature: string): void => {
  const row = featureRow(feature);
  if (!row || machine.roles.stateOf(row.name) === undefined)
    throw lacks(`${machine.edition.caption} has no feature \`${feature}\``, {
      given: feature,
      known: [...machine.roles.states().keys()],
    });
  machine.roles.put(row.name, 'Removed');
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Servicing', {
    LocalSourcePath: '\\\\old-server\\sources\\sxs',
    UseWindowsUpdate: 2,
  });
};

/** What is wrong with the roles of a server. */
export type ServerFault =
  | {
      readonly kind: 'server-backup-failed';
      readonly cause?: 'target-gone' | 'target-full' | 'shadow-service-disabled';
    }
  | { readonly kind: 'feature-payload-removed'; readonly feature?: string };

/** States of server backup and of features. */
export const serverFaults: FaultKinds<ServerFault> = {
  'server-backup-failed': (machine, { cause }) => failBackups(machine, cause ?? 'target-full'),
  'feature-payload-removed': (machine, { feature }) => removePayload(machine, feature ?? 'Web-Asp-Net45'),
};
