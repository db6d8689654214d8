import type { WindowsProgram } from './program.ts';
import { appcmdProgram } from './web/appcmd-program.ts';
import { iisresetProgram } from './web/iisreset-program.ts';
import { wsusutilProgram } from './wsus/wsusutil-program.ts';

/** Programs that come with roles and features of servers. */
export const rolePrograms: readonly WindowsProgram[] = [appcmdProgram, iisresetProgram, wsusutilProgram];
