import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that stands in for `pwsh`: the lab's own, on a simulated Windows. */
export type PwshStandIn = { readonly executable: string; readonly remove: () => void };

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes the program, a file of its own so that it can be started by name. */
export function makePwshStandIn(): PwshStandIn {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-pwsh-'));
  const executable = join(folder, 'pwsh');
  const quoted = [process.execPath, join(root, 'src/lab/pwsh.ts')].map((word) => `'${word}'`).join(' ');
  // Hundreds of modules are compiled at each start unless Node keeps what it made of them.
  const cache = join(root, 'node_modules/.cache/compile');
  writeFileSync(executable, `#!/bin/sh\nNODE_COMPILE_CACHE='${cache}' exec ${quoted} "$@"\n`, { mode: 0o755 });
  return { executable, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A real PowerShell: `KINTSUGI_PWSH`, or `pwsh` on the PATH; undefined where there is none. */
export function findRealPwsh(): string | undefined {
  const given = process.env['KINTSUGI_PWSH'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'pwsh')).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
