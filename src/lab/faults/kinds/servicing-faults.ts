import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lockPath } from './file-faults.ts';

const hourMs = 3_600_000;

const corruptStore = (machine: Machine, count: number, repairable: boolean): void => {
  machine.components.damage = Array.from({ length: count }, (_, index) => ({
    file: `C:\\Windows\\WinSxS\\amd64_microsoft-windows-example_31bf3856ad364e35_${index}\\example${index}.dll`,
    hasSource: repairable,
  }));
  machine.components.isMarked = true;
  machine.components.systemFiles = [{ file: 'C:\\Windows\\System32\\example0.dll' }];
  const at = machine.clock.wallMs() - 5 * hourMs;
  machine.components.log('CBS', `Total Detected Corruption:\t${count}`, at);
  machine.components.log('CBS', 'Total Repaired Corruption:\t0', at);
};

/** A system file is not as the component store has it, as sfc /verifyonly has found; a program may hold it open, so that it is only exchanged at a start. */
const damageSystemFile = (machine: Machine, file: string, heldBy: string | undefined): void => {
  void machine.files.write(file, Buffer.from('damaged'), systemPid);
  const { components, clock } = machine;
  components.systemFiles.push({ file });
  const at = clock.wallMs() - hourMs;
  components.logUnrepaired(file, at);
  components.log('CSI', '00000123 [SR] Verify complete', at);
  if (heldBy !== undefined) lockPath(machine, file, heldBy);
};

/** Damage or unfinished work of servicing. */
export type ServicingFault =
  | { readonly kind: 'component-store-corrupt'; readonly repairable?: boolean; readonly files?: number }
  | { readonly kind: 'system-file-damaged'; readonly path?: string; readonly process?: string }
  | { readonly kind: 'reboot-pending' };

/** States of the component store and of servicing. */
export const servicingFaults: FaultKinds<ServicingFault> = {
  'component-store-corrupt': (machine, { files, repairable }) => corruptStore(machine, files ?? 3, repairable ?? true),
  'system-file-damaged': (machine, { path, process }) =>
    damageSystemFile(machine, path ?? 'C:\\Windows\\System32\\usermgr.dll', process),
  'reboot-pending': (machine) =>
    placeValues(
      machine,
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
      {},
    ),
};
