import type { Machine } from '../windows/machine/machine.ts';
import type { FaultKinds } from './fault-kinds.ts';
import { type CloudFault, cloudFaults } from './kinds/cloud-faults.ts';
import { type DiskFault, diskFaults } from './kinds/disk-faults.ts';
import { type FileFault, fileFaults } from './kinds/file-faults.ts';
import { type OutlookFault, outlookFaults } from './kinds/outlook-faults.ts';
import { type ProtectionFault, protectionFaults } from './kinds/protection-faults.ts';
import { type ServiceFault, serviceFaults } from './kinds/service-faults.ts';
import { type ServicingFault, servicingFaults } from './kinds/servicing-faults.ts';
import { type SessionFault, sessionFaults } from './kinds/session-faults.ts';
import { type StoreFault, storeFaultKinds, storeFaults } from './kinds/store-faults.ts';
import { type TimeFault, timeFaults } from './kinds/time-faults.ts';
import { type UpdateFault, updateFaults } from './kinds/update-faults.ts';
import { type UserFault, userFaults } from './kinds/user-faults.ts';

/** A state that a Windows can be in and that keeps something from working. */
export type FaultSpec =
  | CloudFault
  | DiskFault
  | FileFault
  | OutlookFault
  | ProtectionFault
  | ServiceFault
  | ServicingFault
  | SessionFault
  | StoreFault
  | TimeFault
  | UpdateFault
  | UserFault;

const kinds: FaultKinds<FaultSpec> = {
  ...cloudFaults,
  ...diskFaults,
  ...fileFaults,
  ...outlookFaults,
  ...protectionFaults,
  ...serviceFaults,
  ...servicingFaults,
  ...sessionFaults,
  ...storeFaults,
  ...timeFaults,
  ...updateFaults,
  ...userFaults,
};

/** The names of all kinds of faults. */
export const faultKinds: readonly string[] = Object.keys(kinds);

/** Kinds that need a client; `createMachine` refuses them on a server. */
export const clientFaultKinds: readonly string[] = storeFaultKinds;

/** Puts a machine into the state that a fault describes. */
export const applyFault = <Kind extends FaultSpec['kind']>(
  machine: Machine,
  fault: Extract<FaultSpec, { readonly kind: Kind }>,
): void => {
  const kind: Kind = fault.kind as Kind;
  kinds[kind](machine, fault);
};
