import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../kernel/failure.ts';

/**
 * The PowerShell 7 of this machine: `KINTSUGI_PWSH`, or `pwsh` on the PATH.
 * @throws Failure `bad-input` where there is none
 */
export function findPowerShell(environment: NodeJS.ProcessEnv): string {
  const given = environment['KINTSUGI_PWSH'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = given ? [given].find(isProgram) : folders.map((folder) => join(folder, 'pwsh')).find(isProgram);
  if (found !== undefined) return found;
  throw new Failure(
    'bad-input',
    `The engine pwsh needs a PowerShell 7.5 or later, but ${given ? `KINTSUGI_PWSH names ${given}, which cannot be run` : 'there is no pwsh on the PATH'}. Install PowerShell, set KINTSUGI_PWSH to its path, or leave --engine out.`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
