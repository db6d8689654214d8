import { createHash } from 'node:crypto';
import type { Account } from '../../accounts.ts';
import { systemPid } from '../change-feed.ts';
import { walkNodes } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { Win32Fault } from '../win32-fault.ts';
import { appProcesses } from './app-launch.ts';
import type { PackageContent } from './app-package.ts';

/** A deployment that Windows refused: the HRESULT that people see, and the one below it. */
export class DeploymentFault extends Error {
  readonly code: number;
  readonly inner: number | undefined;
  readonly activityId: string;

  /**
   * @param code HRESULT of the operation (unsigned)
   * @param inner HRESULT of what failed in it
   * @param activityId by which the events of the operation are found
   */
  constructor(code: number, inner: number | undefined, activityId: string) {
    super(`deployment failed: ${code.toString(16)}`);
    this.name = 'DeploymentFault';
    this.code = code;
    this.inner = inner;
    this.activityId = activityId;
  }
}

/** HRESULTs of deployment (winerror.h) with the text of each. */
export const deploymentTexts: Readonly<Record<number, string>> = {
  0x80073cf0: 'Package could not be opened.',
  0x80073cf1: 'Package was not found.',
  0x80073cf3: 'Package failed updates, dependency or conflict validation.',
  0x80073cf4: 'There is not enough disk space.',
  0x80073cf6: 'Package could not be registered.',
  0x80073cf9: 'Install failed. Please contact your software vendor.',
  0x80073cfa: 'Removal failed. Please contact your software vendor.',
  0x80073cff:
    'To install this application you need either a Windows developer license or a sideloading-enabled system.',
  0x80073d02: 'The package could not be installed because resources it modifies are currently in use.',
  0x80073d05: "Error while deleting the package's previously existing application data.",
  0x80073d0d: 'The package volume is offline.',
  0x80070002: 'The system cannot find the file specified.',
  0x80070005: 'Access is denied.',
  0x80070020: 'The process cannot access the file because it is being used by another process.',
  0x80070422:
    'The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.',
};

const hex = (code: number): string => `0x${(code >>> 0).toString(16).toUpperCase()}`;

/** Text of a deployment's HRESULT. */
export const deploymentText = (code: number): string => deploymentTexts[code] ?? 'Unspecified error';

/** What asks for a deployment. */
export type Deployment = {
  readonly verb: 'Add' | 'Register' | 'Remove' | 'Provision';
  readonly fullName: string;
  readonly from: string;
  readonly account: Account;
  readonly sessionId: number;
  /** Ends the processes of the package instead of giving up. */
  readonly closesApps: boolean;
};

const log = 'Microsoft-Windows-AppXDeploymentServer/Operational';

/** Id of an operation: the same operations in the same order have the same ids. */
const newActivity = (machine: Machine, { verb, fullName }: Deployment): string => {
  const count = machine.events.records(log)?.length ?? 0;
  const digest = createHash('sha256').update(`${machine.machineId} ${verb} ${fullName} ${count}`).digest('hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`;
};

const writeEvent = (machine: Machine, id: number, activityId: string, message: string, code = 0): void => {
  machine.events.write({
    log,
    provider: 'Microsoft-Windows-AppXDeployment-Server',
    id,
    level: code === 0 ? 4 : 2,
    message,
    data: [
      ['ActivityId', `{${activityId}}`],
      ['ErrorCode', hex(code)],
    ],
  });
};

/** Runs one deployment: its service, its events, its refusals. @throws DeploymentFault */
export const deploy = <T>(
  machine: Machine,
  deployment: Deployment,
  run: (refuse: (code: number, inner?: number) => never) => T,
): T => {
  const activityId = newActivity(machine, deployment);
  const { verb, fullName, from } = deployment;
  const where = `with target volume C: on Package ${fullName} from:  (${from.replace(/^.*\\/, '')})`;
  const refuse = (code: number, inner?: number): never => {
    writeEvent(
      machine,
      401,
      activityId,
      `Deployment ${verb} operation ${where}  failed with error ${hex(code)}. See http://go.microsoft.com/fwlink/?LinkId=235160 for help diagnosing app deployment issues.`,
      code,
    );
    writeEvent(
      machine,
      404,
      activityId,
      `AppX Deployment operation failed for package ${fullName} with error ${hex(inner ?? code)}. The specific error text for this failure is: error ${hex(inner ?? code)}: ${deploymentText(inner ?? code)}`,
      inner ?? code,
    );
    throw new DeploymentFault(code, inner, activityId);
  };
  const service = machine.services.find('AppXSvc');
  try {
    if (service?.state !== 'Running') void machine.services.start('AppXSvc', systemPid);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    return refuse(0x80073cf9, 0x80070422);
  }
  const busy = appProcesses(machine, fullName);
  if (busy.length > 0 && verb !== 'Provision') {
    if (!deployment.closesApps) return refuse(0x80073d02);
    for (const process of busy) void machine.processes.end(process.pid, 0, systemPid);
  }
  const result = run(refuse);
  writeEvent(machine, 400, activityId, `Deployment ${verb} operation ${where} finished successfully.`);
  return result;
};

/** Refuses what only a user who is signed in may do: SYSTEM has no apps, and a remote shell has no session for them. */
export const checkSession = (
  { account, sessionId }: Deployment,
  refuse: (code: number, inner?: number) => never,
): void => {
  if (account.sid === 'S-1-5-18') refuse(0x80073cf9, 0x80070005);
  if (sessionId === 0) refuse(0x80070005);
};

/** Refuses a package that cannot be registered: a file of it is missing, or may not be read. */
export const checkPackage = (
  machine: Machine,
  fullName: string,
  refuse: (code: number, inner?: number) => never,
): void => {
  const { apps } = machine;
  const state = apps.stateOf(fullName);
  if (state === 'PackageOffline') refuse(0x80073d0d);
  if (!apps.isReadable(fullName)) refuse(0x80073cf6, 0x80070005);
  if (state !== 'Ok') refuse(0x80073cf6, 0x80070002);
};

/** Lays a package from a package file on the default volume. @throws through `refuse` */
export const stagePackage = (
  machine: Machine,
  content: PackageContent,
  pid: number,
  refuse: (code: number, inner?: number) => never,
): void => {
  const volume = machine.apps.defaultVolume();
  if (!volume || volume.isOffline) return refuse(0x80073d0d);
  const size = Object.values(content.files).reduce((sum, one) => sum + one, 0);
  if (size > machine.files.freeBytes(volume.path)) return refuse(0x80073cf4);
  void machine.apps.stage(content, pid, volume.path);
  return undefined;
};

/** Refuses to delete an account's data of an app while somebody holds a file of it. */
export const checkData = (
  machine: Machine,
  sid: string,
  fullName: string,
  refuse: (code: number, inner?: number) => never,
): void => {
  const profile = machine.users.profileOf(sid);
  const folder = profile === undefined ? undefined : machine.files.find(machine.apps.dataFolder(profile, fullName));
  if (!folder) return;
  for (const node of walkNodes(folder)) if (machine.files.handles.of(node).length > 0) refuse(0x80073d05, 0x80070020);
};
