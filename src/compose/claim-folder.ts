import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that no other running process uses, until it is given back. */
export type ClaimedFolder = Disposable & { readonly folder: string };

/** Name of the file that tells which process uses a folder. */
const ownerName = 'process';

/**
 * A folder of this process's own: `base`, or `base-2`, `base-3`, … where another running process has it. What a process that has ended left
 * in it is overwritten.
 */
export function claimFolder(base: string): ClaimedFolder {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const owner = join(folder, ownerName);
    if (!take(owner) && (runs(readFileSync(owner, 'utf8')) || !retake(owner))) continue;
    return { folder, [Symbol.dispose]: () => rmSync(owner, { force: true }) };
  }
}

/** Whether the file was not there and is ours now. */
function take(owner: string): boolean {
  try {
    writeFileSync(owner, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function retake(owner: string): boolean {
  rmSync(owner, { force: true });
  return take(owner);
}

function runs(pid: string): boolean {
  const id = Number(pid);
  if (!Number.isInteger(id) || id < 1) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
