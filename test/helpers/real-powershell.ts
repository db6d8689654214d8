import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A PowerShell of this machine: that of `KINTSUGI_PWSH`, else the `pwsh` of the PATH; null where there is none. */
export const realPowerShell: string | null =
  process.env['KINTSUGI_PWSH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'pwsh'))
    .find(existsSync) ??
  null;
