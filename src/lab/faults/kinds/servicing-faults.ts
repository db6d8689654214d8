import { systemPid } from '../../windows/machine/change-feed.ts';
import { damageImage } from '../../windows/machine/devices/image-file.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import type { Component } from '../../windows/machine/updates/system-files.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';
import { lockPath } from './file-faults.ts';

const hourMs = 3_600_000;

/**
 * Breaks files in the store, and with them the system files that are the same files, of components that no service and no program of the lab runs from (then of others), and marks the store as a scan does.
 * @param isRepairable whether Windows Update has good copies
 */
export const damageStore = (machine: Machine, count: number, isRepairable: boolean): readonly Component[] => {
  const { components, files } = machine;
  const broken = components.components.slice(-count);
  for (const { payload } of broken) {
    const node = files.get(payload);
    node.bytes = damageImage(files.read(node));
    if (!isRepairable) components.withoutSource.add(payload.toLowerCase());
  }
  components.isMarked = true;
  return broken;
};

const corruptStore = (machine: Machine, count: number, isRepairable: boolean): void => {
  damageStore(machine, count, isRepairable);
  const at = machine.clock.wallMs() - 5 * hourMs;
  machine.components.log('CBS', `Total Detected Corruption:\t${count}`, at);
  machine.components.log('CBS', 'Total Repaired Corruption:\t0', at);
};

/** A system file was replaced by another one than the component store has, as sfc /verifyonly has found; a program may hold it open, so that it is only exchanged at a start. */
const damageSystemFile = (machine: Machine, file: string, heldBy: string | undefined): void => {
  const { components, clock } = machine;
  if (!components.componentOf(file))
    throw lacks(`the fault system-file-damaged needs a protected file of Windows, and \`${file}\` is none`, {
      given: file,
      known: components.components.map((component) => component.file),
    });
  const { security } = machine.files.get(file);
  void machine.files.remove(file, systemPid, { force: true });
  void machine.files.write(file, Buffer.from('damaged'), systemPid);
  machine.files.get(file).security = security;
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
