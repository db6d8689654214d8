import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Lies beside the inventory of a lab: how that is started. */
const fileName = 'command';

/** Notes how the lab of a folder was started. @param file the lab file as one writes it; null for that of the demo */
export const noteLabCommand = (folder: string, file: string | null): void =>
  writeFileSync(join(folder, fileName), file === null ? 'kintsugi lab' : `kintsugi lab ${file}`, { mode: 0o600 });

/** The command that starts the lab of an inventory; null where it is none of a lab. */
export function labCommandOf(inventory: string): string | null {
  const file = join(dirname(inventory), fileName);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
