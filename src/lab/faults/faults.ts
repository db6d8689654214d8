import type { Machine } from '../windows/machine/machine.ts';
import type { FaultKinds } from './fault-kinds.ts';
import { type AccessFault, accessFaults } from './kinds/access-faults.ts';
import { type BackupFault, backupFaults } from './kinds/backup-faults.ts';
import { type CloudFault, cloudFaults } from './kinds/cloud-faults.ts';
import { type DeviceFault, deviceFaults } from './kinds/device-faults.ts';
import { type DiskFault, diskFaults } from './kinds/disk-faults.ts';
import { type FileFault, fileFaults } from './kinds/file-faults.ts';
import { type GamingFault, gamingFaults } from './kinds/gaming-faults.ts';
import { type NetworkFault, networkFaults } from './kinds/network-faults.ts';
import { type OutlookFault, outlookFaults } from './kinds/outlook-faults.ts';
import { type PackageFault, packageFaults } from './kinds/package-faults.ts';
import { type PolicyFault, policyFaults } from './kinds/policy-faults.ts';
import { type ProtectionFault, protectionFaults } from './kinds/protection-faults.ts';
import { type ReleaseFault, releaseFaults } from './kinds/release-faults.ts';
import { type SecurityFault, securityFaults } from './kinds/security-faults.ts';
import { type ServerFault, serverFaults } from './kinds/server-faults.ts';
import { type ServiceFault, serviceFaults } from './kinds/service-faults.ts';
import { type ServiceProcessorFault, serviceProcessorFaults } from './kinds/service-processor-faults.ts';
import { type ServicingFault, servicingFaults } from './kinds/servicing-faults.ts';
import { type SessionFault, sessionFaults } from './kinds/session-faults.ts';
import { type SetupFault, setupFaults } from './kinds/setup-faults.ts';
import { type StartupFault, startupFaults } from './kinds/startup-faults.ts';
import { type StoreFault, storeFaultKinds, storeFaults } from './kinds/store-faults.ts';
import { type TimeFault, timeFaults } from './kinds/time-faults.ts';
import { type UpdateFault, updateFaults } from './kinds/update-faults.ts';
import { type UserFault, userFaults } from './kinds/user-faults.ts';
import { type VolumeFault, volumeFaults } from './kinds/volume-faults.ts';
import { type WebFault, webFaults } from './kinds/web-faults.ts';
import { type WsusFault, wsusFaults } from './kinds/wsus-faults.ts';

/** A state that a Windows can be in and that keeps something from working. */
export type FaultSpec =
  | VolumeFault
  | StartupFault
  | SetupFault
  | PackageFault
  | DeviceFault
  | BackupFault
  | AccessFault
  | DiskFault
  | FileFault
  | NetworkFault
  | PolicyFault
  | CloudFault
  | GamingFault
  | OutlookFault
  | ProtectionFault
  | ReleaseFault
  | SecurityFault
  | ServiceFault
  | ServerFault
  | ServiceProcessorFault
  | ServicingFault
  | SessionFault
  | StoreFault
  | TimeFault
  | UpdateFault
  | UserFault
  | WebFault
  | WsusFault;

const kinds: FaultKinds<FaultSpec> = {
  ...volumeFaults,
  ...startupFaults,
  ...setupFaults,
  ...packageFaults,
  ...deviceFaults,
  ...backupFaults,
  ...accessFaults,
  ...diskFaults,
  ...fileFaults,
  ...networkFaults,
  ...policyFaults,
  ...cloudFaults,
  ...gamingFaults,
  ...outlookFaults,
  ...protectionFaults,
  ...serverFaults,
  ...serviceProcessorFaults,
  ...releaseFaults,
  ...securityFaults,
  ...serviceFaults,
  ...servicingFaults,
  ...sessionFaults,
  ...storeFaults,
  ...timeFaults,
  ...updateFaults,
  ...webFaults,
  ...wsusFaults,
  ...userFaults,
};

/** The names of all kinds of faults. */
export const faultKinds: readonly string[] = Object.keys(kinds);

/** Kinds of faults that a service processor shows or has; a host with one of them has it answer, too. */
export const serviceProcessorFaultKinds: readonly string[] = Object.keys(serviceProcessorFaults);

/** Kinds of faults of roles and parts that only a server has; on a client they are refused. */
export const serverFaultKinds: readonly string[] = [
  ...Object.keys(wsusFaults),
  ...serviceProcessorFaultKinds,
  'server-backup-failed',
];
/** Kinds that need a client; `createMachine` refuses them on a server. */
export const clientFaultKinds: readonly string[] = [
  ...storeFaultKinds,
  ...Object.keys(gamingFaults),
  ...Object.keys(releaseFaults),
  'restore-disabled',
];

/** Puts a machine into the state that a fault describes. */
export const applyFault = <Kind extends FaultSpec['kind']>(
  machine: Machine,
  fault: Extract<FaultSpec, { readonly kind: Kind }>,
): void => {
  const kind: Kind = fault.kind as Kind;
  kinds[kind](machine, fault);
};
