import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const disableRestore = (machine: Machine): void => {
  machine.restore.protectedDrives.clear();
  if (machine.restore.exists)
    placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore', {
      RPSessionInterval: 0,
    });
};

/** Protection that is off, or that keeps changes out. */
export type ProtectionFault = { readonly kind: 'restore-disabled' } | { readonly kind: 'tamper-protection' };

/** States of what protects the host. */
export const protectionFaults: FaultKinds<ProtectionFault> = {
  'restore-disabled': disableRestore,
  'tamper-protection': (machine) => {
    machine.defender.isTamperProtected = true;
  },
};
