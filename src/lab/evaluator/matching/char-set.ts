/** Which UTF-16 units one place of an expression takes. */
export type CharSet = {
  /** As written: `\d`, `[^"]`, `a`. */
  readonly source: string;
  readonly ignoreCase: boolean;
  /** 1 for each of the first 256 units that it takes. */
  readonly low: Uint8Array;
  /** Whether it may take units beyond these. */
  readonly wide: boolean;
  /** Decides for units beyond the first 256. */
  readonly test: (unit: number) => boolean;
};

const known = new Map<string, CharSet>();
const narrow =
  /^(?:[\x00-\x7f]|\[(?!\^)(?:\\[dwnrt.\\/$^*+?()[\]{}|-]|[^\\\]\u0080-\uffff])*\]|\\[dwnrtvf]|\\[^a-zA-Z0-9])$/;

/**
 * The set of a piece of JavaScript expression that takes one unit.
 * @param flags `i` or `u` or both or none
 */
export const charSet = (source: string, flags: string): CharSet => {
  const key = `${flags}/${source}`;
  const before = known.get(key);
  if (before) return before;
  const pattern = new RegExp(`^${source}$`, flags);
  const low = Uint8Array.from({ length: 256 }, (_unused, unit) => (pattern.test(String.fromCharCode(unit)) ? 1 : 0));
  const set: CharSet = {
    source,
    ignoreCase: flags.includes('i'),
    low,
    wide: !narrow.test(source),
    test: (unit) => pattern.test(String.fromCharCode(unit)),
  };
  if (known.size > 2000) known.clear();
  known.set(key, set);
  return set;
};

/** Whether a set takes a unit. */
export const takes = (set: CharSet, unit: number): boolean =>
  unit < 256 ? set.low[unit] === 1 : set.wide && set.test(unit);

const isComplement = (a: string, b: string): boolean =>
  (a.length === 2 && b.length === 2 && a[0] === '\\' && a !== b && a.toLowerCase() === b.toLowerCase()) ||
  a === b.replace('[', '[^') ||
  b === a.replace('[', '[^');

/** Whether no unit is in both; in doubt they are taken to share some. */
export const areDisjoint = (a: CharSet, b: CharSet): boolean => {
  if (a.wide && b.wide && !isComplement(a.source, b.source)) return false;
  return a.low.every((taken, unit) => taken === 0 || b.low[unit] === 0);
};
