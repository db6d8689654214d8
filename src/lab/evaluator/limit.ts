import { getHeapStatistics } from 'node:v8';

/** Most bytes that one operation may ask for at once. */
const largestBytes = 256 * 1024 * 1024;

/** A script has reached a limit of the lab: it ends at once, past every catch, as what the lab does not know does. */
export class LimitReached extends Error {
  /** Fixed id of the error record. */
  readonly id: 'LabStepLimit' | 'LabMemoryLimit';

  constructor(id: LimitReached['id'], limit: string) {
    super(`The lab ends the script: ${limit}.`);
    this.id = id;
  }
}

/** Bytes that this program holds in JavaScript values. */
export const heldBytes = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
};

/** A size as people read it. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

/**
 * Gives the count back if so many items may be made at once.
 * @param eachBytes about how much each takes: 2 for characters, 8 for values
 * @throws LimitReached before anything is made
 */
export const affordable = (count: number, eachBytes: number): number => {
  if (count * eachBytes <= largestBytes) return count;
  throw new LimitReached('LabMemoryLimit', `${count} items at once are more than ${megabytes(largestBytes)} of memory`);
};
