import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that no other running process uses, until it is given back. */
export type ClaimedFolder = Disposable & { readonly folder: string };

/** Name of the file that tells which process uses a folder. */
const ownerName = 'process';

/** The claims of this process: its id may have been another process's, as in a container that is started anew. */
const ours = new Set<string>();

/**
 * A folder of this process's own: `base`, or `base-2`, `base-3`, … where another running process has it. What a process that has ended left
 * in it is overwritten.
 */
export function claimFolder(base: string): ClaimedFolder {
  const claim = `${process.pid} ${randomUUID()}`;
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const owner = join(folder, ownerName);
    if (!take(owner, claim) && !(setAsideEnded(owner) && take(owner, claim))) continue;
    ours.add(claim);
    return {
      folder,
      [Symbol.dispose]() {
        if (ours.delete(claim) && textOf(owner) === claim) rmSync(owner, { force: true });
      },
    };
  }
}

/** Puts a claim there in one step, unless there is one. */
function take(owner: string, claim: string): boolean {
  const written = `${owner}.${randomUUID()}`;
  writeFileSync(written, claim, { mode: 0o600 });
  try {
    linkSync(written, owner);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
}

/** Takes away the claim of a process that has ended. A claim that another process has put there meanwhile is put back. */
function setAsideEnded(owner: string): boolean {
  const seen = textOf(owner);
  if (seen === null) return true;
  if (isHeld(seen)) return false;
  const aside = `${owner}.${randomUUID()}`;
  try {
    renameSync(owner, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  try {
    return textOf(aside) === seen || !take(owner, textOf(aside) ?? '');
  } finally {
    rmSync(aside, { force: true });
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isHeld(claim: string): boolean {
  const id = Number(claim.split(' ')[0]);
  if (!Number.isInteger(id) || id < 1) return false;
  if (id === process.pid) return ours.has(claim);
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
