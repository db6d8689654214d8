import { systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import type { UserSession } from '../users/users.ts';

/** Family of the Store's own package. */
export const storeFamily = 'Microsoft.WindowsStore_8wekyb3d8bbwe';
/** Database of the Store's cache below the user's LocalCache. */
export const storeCacheFile = 'catalog.db';
/** What Client License Service keeps. */
export const tokensFile = 'C:\\ProgramData\\Microsoft\\Windows\\ClipSVC\\tokens.dat';

const tokensMagic = 'CLIPTOKENS\n';
const cacheMagic = 'SQLite format 3\u0000';

/** Results of starting an app (winerror.h; 0x803F8001 and 0x80131500 are those that the Store shows people). */
export const launchResults = {
  notRegistered: 0x80073cf1,
  fileMissing: 0x80070002,
  accessDenied: 0x80070005,
  volumeOffline: 0x80073d0d,
  licence: 0x803f8001,
  blockedByPolicy: 0x800704ec,
  storeCache: 0x80131500,
  /** What the Xbox app says without Gaming Services, and where its services do not run (Xbox support names both). */
  gamingMissing: 0x80073d26,
  gamingStopped: 0x8007139f,
} as const;

/** The licence service has come up: without its store it makes a new one. */
export const startLicences = ({ files, services }: Machine): void => {
  if (services.find('ClipSVC') === undefined || files.exists(tokensFile)) return;
  void files.createFolder('C:\\ProgramData\\Microsoft\\Windows\\ClipSVC', systemPid);
  void files.write(tokensFile, Buffer.from(tokensMagic), systemPid);
};

/** Whether apps get their licences: the service can run and its store is whole. */
export const hasLicences = (machine: Machine): boolean => {
  const service = machine.services.find('ClipSVC');
  if (!service || service.start === 'Disabled') return false;
  if (service.state === 'Stopped') void machine.services.start('ClipSVC', systemPid);
  const node = machine.files.find(tokensFile);
  return node !== undefined && Buffer.from(machine.files.read(node)).toString('latin1').startsWith(tokensMagic);
};

const policy = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsStore';

/** What keeps Gaming Services from serving the Xbox app; its services start when they may. */
const gamingFault = (machine: Machine, sid: string): number | undefined => {
  const { apps, services } = machine;
  const found = apps.of(sid).find(({ fullName }) => fullName.startsWith('Microsoft.GamingServices_'));
  if (!found || apps.stateOf(found.fullName) !== 'Ok') return launchResults.gamingMissing;
  const service = services.find('GamingServices');
  return service && service.start !== 'Disabled' ? undefined : launchResults.gamingStopped;
};

/** A fresh database of the Store's cache. */
export const freshStoreCache = (): Uint8Array => new Uint8Array(Buffer.from(cacheMagic, 'latin1'));

/** Whether the Store can read the cache of a profile; one that is not there it makes anew. */
const readsCache = (machine: Machine, profile: string): boolean => {
  const { files } = machine;
  const folder = `${profile}\\AppData\\Local\\Packages\\${storeFamily}\\LocalCache`;
  const node = files.find(`${folder}\\${storeCacheFile}`);
  if (!node) {
    void files.createFolder(folder, systemPid);
    void files.write(`${folder}\\${storeCacheFile}`, freshStoreCache(), systemPid);
    return true;
  }
  return Buffer.from(files.read(node)).toString('latin1').startsWith(cacheMagic);
};

const findFault = (machine: Machine, session: UserSession, family: string): number | undefined => {
  const { apps, registry } = machine;
  const app = apps.of(session.account.sid).find((one) => one.familyName.toLowerCase() === family.toLowerCase());
  if (!app) return launchResults.notRegistered;
  const isStore = app.familyName === storeFamily;
  if (registry.data(policy, 'DisableStoreApps') === 1) return launchResults.blockedByPolicy;
  if (isStore && registry.data(policy, 'RemoveWindowsStore') === 1) return launchResults.blockedByPolicy;
  const state = apps.stateOf(app.fullName);
  if (state === 'PackageOffline') return launchResults.volumeOffline;
  if (!apps.isReadable(app.fullName)) return launchResults.accessDenied;
  if (state !== 'Ok') return launchResults.fileMissing;
  if (!hasLicences(machine)) return launchResults.licence;
  const gaming = app.fullName.startsWith('Microsoft.GamingApp_')
    ? gamingFault(machine, session.account.sid)
    : undefined;
  if (gaming !== undefined) return gaming;
  const profile = machine.users.profileOf(session.account.sid) ?? '';
  return isStore && !readsCache(machine, profile) ? launchResults.storeCache : undefined;
};

const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;

/** Tells in the event log that an app did not start for a user. */
export const tellLaunchFailure = (
  machine: Machine,
  sid: string,
  family: string,
  code: number,
  timeMs = machine.clock.wallMs(),
): void => {
  const appId = `${family}!App`;
  machine.events.write({
    log: 'Application',
    provider: 'Microsoft-Windows-Immersive-Shell',
    id: 5973,
    level: 2,
    timeMs,
    userSid: sid,
    message: `Activation of app ${appId} failed with error: ${hex(code)} See the Microsoft-Windows-TWinUI/Operational log for additional information.`,
    data: [
      ['AppId', appId],
      ['ErrorCode', String(code | 0)],
    ],
  });
  if (family.toLowerCase() !== storeFamily.toLowerCase()) return;
  machine.events.write({
    log: 'Microsoft-Windows-Store/Operational',
    provider: 'Microsoft-Windows-Install-Agent',
    id: 2002,
    level: 2,
    timeMs,
    userSid: sid,
    message: `Error: ${hex(code)}`,
    data: [['HRESULT', hex(code)]],
  });
};

/**
 * Starts the app of a package in the session of a user, as the shell does. What keeps it from running is told in the event log.
 * @returns 0, or the HRESULT of the refusal (unsigned)
 */
export const launchApp = (machine: Machine, session: UserSession, family: string): number => {
  const fault = findFault(machine, session, family);
  if (fault !== undefined) {
    tellLaunchFailure(machine, session.account.sid, family, fault);
    return fault;
  }
  const { apps, processes, files } = machine;
  const app = apps.of(session.account.sid).find((one) => one.familyName.toLowerCase() === family.toLowerCase());
  const fullName = app?.fullName ?? '';
  const executable = apps.manifestOf(fullName)?.executable;
  if (executable === undefined) return launchResults.notRegistered;
  const path = `${apps.folderOf(fullName)}\\${executable}`;
  const there = appProcesses(machine, fullName).find(({ sessionId }) => sessionId === session.id);
  if (there) return 0;
  const process = processes.start({
    name: executable.replace(/^.*\\/, '').replace(/\.exe$/i, ''),
    path,
    sessionId: session.id,
    account: session.account,
    environment: machine.users.environmentOf(session),
  });
  files.handles.open({ node: files.get(path), access: 1, share: 5, pid: process.pid }, path);
  return 0;
};

/** Processes that run from the folder of a package. */
export const appProcesses = (machine: Machine, fullName: string): ReturnType<Machine['processes']['all']> => {
  const folder = `${machine.apps.folderOf(fullName)}\\`.toLowerCase();
  return machine.processes.all().filter(({ path }) => path.toLowerCase().startsWith(folder));
};
