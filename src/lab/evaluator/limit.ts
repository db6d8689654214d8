import { getHeapStatistics } from 'node:v8';

/** Most bytes that one operation may ask for at once. */
export const largestBytes = 256 * 1024 * 1024;

/** Most bytes of one text: what works on a text goes through it without a pause. */
export const largestTextBytes = 16 * 1024 * 1024;

/** Bytes of a character. */
const characterBytes = 2;

/** Most units of work that a script may take without a pause: some 0.4 s. Less would refuse what scripts do with texts of some megabytes. */
const mostUnits = 20_000_000;

const remedies = {
  LabStepLimit: 'Give its loop a limit of its own, or have it do less work.',
  LabMemoryLimit: 'Have it work through less at once.',
} as const;

/** A count as people read it: `50,000,000`. */
export const withSeparators = (count: number): string => count.toLocaleString('en-US');

/** Up to so many items are copied in young memory; fresh pages for more cost about twenty times as much for each. */
const itemsInYoungMemory = 65_536;

/** A script has reached a limit of the lab: it ends at once, past every catch, as what the lab does not know does. */
export class LimitReached extends Error {
  /** Fixed id of the error record. */
  readonly id: keyof typeof remedies;

  constructor(id: LimitReached['id'], limit: string) {
    super(`The lab ends the script: ${limit}. ${remedies[id]}`);
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

// One for the whole thread: between two pauses one script runs, and much of what works has no session at hand.
let units = 0;

/**
 * Counts work inside one operation: a unit is an item or a step of a matcher, some 20 ns.
 * @throws LimitReached if one operation takes so much that a stop would not be heard
 */
export const spend = (count: number): void => {
  units += count;
  if (units <= mostUnits) return;
  units = 0;
  throw new LimitReached(
    'LabStepLimit',
    `one operation has taken ${withSeparators(mostUnits)} steps, so it may never end`,
  );
};

/** Units that copying so many items takes. */
export const unitsOfCopy = (count: number): number => (count <= itemsInYoungMemory ? count / 8 : count * 6);

/** Units that putting an entry into a table takes. */
export const unitsOfEntry = 72;

/** How many units have been counted since the last call. */
export const takeSpent = (): number => {
  const taken = units;
  units = 0;
  return taken;
};

/**
 * Gives the count back if so many items may be made at once, and counts them as work.
 * @param eachBytes about how much each takes: 2 for characters, 8 for values
 * @param work units to count; by default by the bytes
 * @throws LimitReached before anything is made
 */
export const affordable = (count: number, eachBytes: number, work = (count * eachBytes) / 64): number => {
  const most = eachBytes === characterBytes ? largestTextBytes : largestBytes;
  if (count * eachBytes > most)
    throw new LimitReached(
      'LabMemoryLimit',
      `${withSeparators(count)} items at once are more than ${megabytes(most)} of memory`,
    );
  if (work >= 1) spend(work);
  return count;
};

/**
 * Counts the work that making or reading a value of this size is; characters are cheaper than items.
 * @throws LimitReached also if it is larger than one operation may make it
 */
export const spendOn = (value: unknown): void => {
  if (typeof value === 'string') {
    if (value.length > 64) affordable(value.length, characterBytes, value.length / 64);
  } else if (Array.isArray(value)) {
    if (value.length > 8) affordable(value.length, 8, unitsOfCopy(value.length));
  } else if (value instanceof Uint8Array) affordable(value.length, 1, value.length / 64);
};
