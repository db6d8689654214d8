import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeFile } from '../bases/base-files.ts';
import type { FaultKinds } from '../fault-kinds.ts';
import { lacks } from '../host-flaw.ts';

const gigabyte = 2 ** 30;

/** Little is free; of what fills the disk, `reclaimableGB` lies in caches and old temporary files, the rest belongs to the user. */
const fillDisk = (machine: Machine, freeGB: number, reclaimableGB: number): void => {
  const volume = machine.files.volume('C:');
  const most = machine.files.freeBytes('C:') / gigabyte;
  if (freeGB + reclaimableGB > most)
    throw lacks(`its system drive has only ${Math.floor(most)} GB free`, { given: String(freeGB), known: [] });
  const cache =
    'C:\\Windows\\ServiceProfiles\\NetworkService\\AppData\\Local\\Microsoft\\Windows\\DeliveryOptimization\\Cache';
  const reclaimable = Math.round(reclaimableGB * gigabyte);
  const parts: readonly (readonly [string, number, number])[] = [
    [`${cache}\\a1f0c9d2.dat`, 0.5, 12],
    ['C:\\Windows\\Temp\\msedge_installer.tmp', 0.2, 30],
    ['C:\\Windows\\Temp\\wct1F2A.tmp', 0.1, 21],
    ['C:\\Windows\\Logs\\CBS\\CbsPersist_20260801103000.cab', 0.1, 110],
    ['C:\\ProgramData\\Microsoft\\Windows\\WER\\ReportArchive\\AppCrash_example\\memory.hdmp', 0.1, 45],
  ];
  for (const [path, share, ageDays] of parts) {
    const folder = path.slice(0, path.lastIndexOf('\\'));
    if (!machine.files.exists(folder)) void machine.files.createFolder(folder, systemPid);
    if (reclaimable > 0) placeFile(machine, path, Math.floor(reclaimable * share), ageDays);
  }
  placeFile(machine, 'C:\\Windows\\Temp\\today.tmp', 24 * 2 ** 20, 0.1);
  volume.otherBytes = volume.sizeBytes - volume.usedBytes - Math.round(freeGB * gigabyte);
};

/** A full system drive. */
export type DiskFault = { readonly kind: 'disk-low'; readonly freeGB: number; readonly reclaimableGB?: number };

/** States of the system drive. */
export const diskFaults: FaultKinds<DiskFault> = {
  'disk-low': (machine, { freeGB, reclaimableGB }) => fillDisk(machine, freeGB, reclaimableGB ?? 0),
};
