import { isDeepStrictEqual } from 'node:util';

const withBigInt = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value, withBigInt) ?? 'nothing');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

/** Where two texts part, and what stands there. */
function parting(found: string, expected: string): string {
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at++;
  const around = (text: string): string => shown(text.slice(Math.max(0, at - 20), at + 60));
  return `from character ${at} on ${around(found)} instead of ${around(expected)}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));

/** Goes down to the first place in which two values of lists and records differ. */
function descend(path: string, found: unknown, expected: unknown): readonly [string, unknown, unknown] {
  if (!isRecord(found) || !isRecord(expected)) return [path, found, expected];
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  const name = [...names].find((each) => !isDeepStrictEqual(found[each], expected[each]));
  if (name === undefined) return [path, found, expected];
  return descend(Array.isArray(found) ? `${path}[${name}]` : `${path}.${name}`, found[name], expected[name]);
}

/** Collects what differs. */
export class Differences {
  readonly found: string[] = [];

  /** Notes a difference. */
  add(text: string): void {
    this.found.push(text);
  }

  /** Notes values that are not deeply equal. */
  same(what: string, found: unknown, expected: unknown): void {
    if (isDeepStrictEqual(found, expected)) return;
    const [path, ours, theirs] = descend(what, found, expected);
    if (typeof ours === 'string' && typeof theirs === 'string') this.add(`${path}: ${parting(ours, theirs)}`);
    else this.add(`${path}: ${shown(ours)} instead of ${shown(theirs)}`);
  }

  /** Does something that must not fail; undefined, and a difference noted, if it does. */
  try<Result>(what: string, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.add(`${what}: ${String(error)}`);
      return undefined;
    }
  }
}
