import type { Machine } from '../machine.ts';
import { win32 } from '../win32-fault.ts';

/** The program that the update agent and BITS run in. */
const updateHost = 'C:\\Windows\\System32\\svchost.exe';

/**
 * Why security software keeps the update services from writing a file: a Win32 code, 0 where it does not. Filters of other vendors hold new
 * files of the folders they watch; Defender refuses programs it does not know in folders of controlled folder access.
 */
export const refusalOfWrite = (machine: Machine, path: string): number => {
  if (machine.filters.holderOf(path)) return win32.sharingViolation;
  return machine.defender.refusesWrite(path, updateHost) ? win32.accessDenied : 0;
};
