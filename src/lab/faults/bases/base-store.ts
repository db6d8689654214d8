import { sids } from '../../windows/accounts.ts';
import {
  freshStoreCache,
  startLicences,
  storeCacheFile,
  storeFamily,
  tokensFile,
} from '../../windows/machine/apps/app-launch.ts';
import type { PackageContent } from '../../windows/machine/apps/app-package.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from './base-registry.ts';

/** Name of the package of the Store on every client. */
export const storePackage = 'Microsoft.WindowsStore_22510.1401.2.0_x64__8wekyb3d8bbwe';

const megabyte = 2 ** 20;

/** The packages that come with a client: full name, name for people, executable with its size. */
export const inboxPackages: readonly PackageContent[] = [
  {
    fullName: storePackage,
    displayName: 'Microsoft Store',
    isFramework: false,
    executable: 'WinStore.App.exe',
    files: { 'WinStore.App.exe': megabyte, 'WinStore.App.dll': 18 * megabyte, 'resources.pri': megabyte },
  },
  {
    fullName: 'Microsoft.WindowsCalculator_11.2508.4.0_x64__8wekyb3d8bbwe',
    displayName: 'Windows Calculator',
    isFramework: false,
    executable: 'CalculatorApp.exe',
    files: { 'CalculatorApp.exe': megabyte, 'CalculatorApp.dll': 6 * megabyte },
  },
  {
    fullName: 'Microsoft.StorePurchaseApp_22507.1401.1.0_x64__8wekyb3d8bbwe',
    displayName: 'Store Experience Host',
    isFramework: false,
    executable: 'StoreExperienceHost.exe',
    files: { 'StoreExperienceHost.exe': megabyte },
  },
  {
    fullName: 'Microsoft.VCLibs.140.00_14.0.33519.0_x64__8wekyb3d8bbwe',
    displayName: 'Microsoft Visual C++ 2015 UWP Runtime Package',
    isFramework: true,
    files: { 'vcruntime140_app.dll': megabyte },
  },
];

const store = 'C:\\Program Files\\WindowsApps';

/** Lays packages, licences and the Store's settings of a fresh client. */
export const createBaseStore = (machine: Machine): void => {
  const { files, apps, services, events } = machine;
  for (const name of [
    'Microsoft-Windows-AppXDeploymentServer/Operational',
    'Microsoft-Windows-Store/Operational',
    'Microsoft-Windows-TWinUI/Operational',
  ])
    events.add(name);
  if (!apps.exists) return;
  void files.createFolder(store, systemPid, {
    security: {
      owner: sids.trustedInstaller,
      group: sids.trustedInstaller,
      isProtected: true,
      rules: [
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.trustedInstaller },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1f01ff, sid: sids.system },
        { allow: true, flags: ['CI'], rights: 0x1200a9, sid: sids.administrators },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-19' },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: 'S-1-5-20' },
        { allow: true, flags: ['OI', 'CI'], rights: 0x1200a9, sid: sids.users },
      ],
    },
  });
  const { guid } = files.volume('C:');
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Appx', { PackageRoot: store });
  void apps.addVolume(guid, store, systemPid);
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Appx\\PackageVolumes', { Default: guid });
  for (const content of inboxPackages) {
    void apps.stage(content, systemPid);
    if (!content.isFramework) void apps.provision(content.fullName, systemPid);
  }
  services.setRoutine('ClipSVC', {
    started: ({ pid }) => {
      startLicences(machine);
      const node = files.find(tokensFile);
      if (node) files.handles.open({ node, access: 1, share: 1, pid }, tokensFile);
    },
  });
  startLicences(machine);
  for (const { sid } of machine.accounts) useStore(machine, sid);
};

/** An account has the packages of this Windows and has opened the Store once. */
export const useStore = (machine: Machine, sid: string): void => {
  const { apps, files, users } = machine;
  const profile = users.profileOf(sid);
  if (!apps.exists || profile === undefined) return;
  apps.signedIn(sid);
  const folder = `${profile}\\AppData\\Local\\Packages\\${storeFamily}\\LocalCache`;
  if (!files.exists(`${folder}\\${storeCacheFile}`))
    void files.write(`${folder}\\${storeCacheFile}`, freshStoreCache(), systemPid);
};
