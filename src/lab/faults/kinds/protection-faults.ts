import { Failure } from '../../../kernel/failure.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

/** @throws Failure `bad-input` on a server */
const disableRestore = (machine: Machine): void => {
  if (!machine.restore.exists)
    throw new Failure(
      'bad-input',
      `the fault restore-disabled needs a client: ${machine.edition.caption} has no System Restore`,
      { facts: { fault: 'restore-disabled' } },
    );
  machine.restore.protectedDrives.clear();
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
