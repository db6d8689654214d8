import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openActionLibrary } from '../../../src/input/action/action-library.ts';
import type { Loaded } from '../../../src/input/document/fault.ts';
import { formatFaults } from '../../../src/input/document/report-faults.ts';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A small library of playbooks and actions, as if it were shipped; the project folder is empty. */
export const places = {
  projectDir: folder('../../fixtures/input/project'),
  shippedDir: folder('../../fixtures/input/playbooks'),
};

/** The actions of the small library. */
export const library = openActionLibrary(places);

/** The text of `demo/small.yaml`. */
export const smallPlaybook = readFileSync(`${places.shippedDir}/demo/small.yaml`, 'utf8');

/** The value of a good result. @throws Error with all faults otherwise */
export function valueOf<T>(loaded: Loaded<T>): T {
  if (loaded.ok) return loaded.value;
  throw new Error(formatFaults(loaded.faults));
}

/** Faults as `line:column message`, without the file. */
export function faultLines(loaded: Loaded<unknown>): readonly string[] {
  return loaded.ok
    ? []
    : loaded.faults.map(({ line, column, message }) => `${line ?? '-'}:${column ?? '-'} ${message}`);
}
