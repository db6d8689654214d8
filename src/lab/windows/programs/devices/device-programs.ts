import type { WindowsProgram } from '../program.ts';
import { backupProgram, shadowProgram } from './backup-programs.ts';
import { bootProgram, powerProgram, recoveryProgram } from './boot-programs.ts';
import { driverProgram } from './driver-program.ts';
import { eventProgram } from './event-program.ts';
import { installerProgram } from './installer-program.ts';
import { setupDiagProgram, setupProgram } from './setup-programs.ts';
import { standaloneInstaller } from './update-programs.ts';
import { checkDiskProgram, encryptionProgram, fileSystemProgram } from './volume-programs.ts';

/** Programs of devices, disks, boot, setup, updates and backup. */
export const devicePrograms: readonly WindowsProgram[] = [
  driverProgram,
  bootProgram,
  recoveryProgram,
  powerProgram,
  checkDiskProgram,
  fileSystemProgram,
  encryptionProgram,
  shadowProgram,
  backupProgram,
  standaloneInstaller,
  installerProgram,
  eventProgram,
  setupProgram,
  setupDiagProgram,
];
