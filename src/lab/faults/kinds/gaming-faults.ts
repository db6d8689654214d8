import { launchResults, tellLaunchFailure } from '../../windows/machine/apps/app-launch.ts';
import type { PackageContent } from '../../windows/machine/apps/app-package.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import { ownService } from '../../windows/machine/devices/installer-package.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { userOf } from '../bases/base-users.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { needStore } from './store-faults.ts';
import { usualUser } from './user-faults.ts';

const megabyte = 2 ** 20;

const services: PackageContent = {
  fullName: 'Microsoft.GamingServices_31.106.13001.0_x64__8wekyb3d8bbwe',
  displayName: 'Gaming Services',
  isFramework: false,
  executable: 'GamingServices.exe',
  files: { 'GamingServices.exe': 4 * megabyte, 'GamingServicesNet.exe': megabyte },
};
const xbox: PackageContent = {
  fullName: 'Microsoft.GamingApp_2511.1001.7.0_x64__8wekyb3d8bbwe',
  displayName: 'Xbox',
  isFramework: false,
  executable: 'XboxPcApp.exe',
  files: { 'XboxPcApp.exe': 2 * megabyte },
};

/** Lays the Xbox app and Gaming Services, which a client of the base has not; both of its services run. */
const addGaming = (machine: Machine, sid: string): void => {
  const { apps } = machine;
  for (const content of [services, xbox]) {
    void apps.stage(content, systemPid);
    void apps.provision(content.fullName, systemPid);
  }
  for (const account of machine.accounts) apps.signedIn(account.sid);
  apps.signedIn(sid);
  for (const name of ['GamingServices', 'GamingServicesNet']) {
    const path = `"${apps.folderOf(services.fullName)}\\${name}.exe"`;
    machine.services.add(ownService(name, name, path, 'Automatic'));
    void machine.services.start(name, systemPid);
  }
};

/** Apps of games do not start; clients only. */
export type GamingFault = {
  readonly kind: 'gaming-services-broken';
  readonly user?: string;
  readonly cause?: 'registration-lost' | 'service-disabled' | 'files-missing';
};

/** States of Gaming Services, which the Xbox app and its games need. */
export const gamingFaults: FaultKinds<GamingFault> = {
  'gaming-services-broken': (machine, { kind, user, cause }) => {
    needStore(machine, kind);
    const { sid } = userOf(machine, user ?? usualUser);
    addGaming(machine, sid);
    const code = cause === 'service-disabled' ? launchResults.gamingStopped : launchResults.gamingMissing;
    tellLaunchFailure(machine, sid, 'Microsoft.GamingApp_8wekyb3d8bbwe', code, machine.clock.wallMs() - 10_800_000);
    if (cause === 'service-disabled')
      for (const name of ['GamingServices', 'GamingServicesNet']) {
        void machine.services.stop(name, systemPid);
        void machine.services.configure(name, { start: 'Disabled' }, systemPid);
      }
    else if (cause === 'files-missing')
      void machine.files.remove(`${machine.apps.folderOf(services.fullName)}\\GamingServices.exe`, systemPid, {
        force: true,
      });
    else void machine.apps.unregister(sid, services.fullName, systemPid, true);
  },
};
