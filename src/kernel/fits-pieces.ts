/** UTF-16 units from one to another, both included. */
export type UnitRange = readonly [first: string, last: string];

/** A piece of a pattern with wildcards: any text, any text without a backslash, or what takes one UTF-16 unit. */
export type PatternPiece =
  | 'any text'
  | 'any name'
  | 'any character'
  | { readonly unit: string; readonly other: string; readonly ignoresCase: boolean }
  | { readonly ranges: readonly UnitRange[]; readonly isNegated: boolean; readonly ignoresCase: boolean };

/** A unit in lower case as .NET has it: one unit stays one unit. */
const lowerUnit = (unit: string): string => {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit;
};

/** A unit in upper case, where its lower case comes back to it: `ı` and `ſ` have none. */
const upperUnit = (unit: string): string => {
  const upper = unit.toUpperCase();
  return upper.length === 1 && lowerUnit(upper) === lowerUnit(unit) ? upper : unit;
};

/** The piece of one literal unit. */
export const literalPiece = (unit: string, ignoresCase: boolean): PatternPiece => {
  if (!ignoresCase) return { unit, other: unit, ignoresCase };
  const lower = lowerUnit(unit);
  return { unit: lower, other: upperUnit(lower), ignoresCase };
};

/**
 * The ranges that the inside of brackets means: `a-f` from one to the other, all else each unit by itself.
 * @param isPlain whether the unit at a place means itself even if it is a dash
 * @returns undefined where a range ends before it begins
 */
export const readRanges = (
  inside: string,
  isPlain: (at: number) => boolean = () => false,
): readonly UnitRange[] | undefined => {
  const ranges: UnitRange[] = [];
  for (let at = 0; at < inside.length; at++) {
    const first = inside[at] ?? '';
    const last = inside[at + 1] === '-' && !isPlain(at + 1) ? inside[at + 2] : undefined;
    if (last !== undefined && last < first) return undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return ranges;
};

const isWithin = (ranges: readonly UnitRange[], unit: string): boolean =>
  ranges.some(([first, last]) => first <= unit && unit <= last);

const isWithinInAnyCase = (ranges: readonly UnitRange[], unit: string): boolean => {
  const lower = lowerUnit(unit);
  return (
    isWithin(ranges, unit) ||
    isWithin(ranges, lower) ||
    isWithin(ranges, upperUnit(lower)) ||
    ranges.some(([first, last]) => first === last && lowerUnit(first) === lower)
  );
};

const takes = (piece: PatternPiece | undefined, unit: string): boolean => {
  if (piece === undefined || piece === 'any text' || piece === 'any name') return false;
  if (piece === 'any character') return true;
  // Few units above ASCII share their lower case with a third one: the Kelvin sign and `k`.
  if ('unit' in piece)
    return (
      unit === piece.unit ||
      unit === piece.other ||
      (piece.ignoresCase && unit > '\u007f' && lowerUnit(unit) === piece.unit)
    );
  const { ranges, isNegated, ignoresCase } = piece;
  const found = ignoresCase ? isWithinInAnyCase(ranges, unit) : isWithin(ranges, unit);
  return found !== isNegated;
};

/**
 * Whether a whole text fits. Of several wildcards of a kind only the last one met is tried again: no pattern can keep it busy for long.
 * @param retried is told of each place where the rest of the pattern is tried anew
 */
export const fitsPieces = (pieces: readonly PatternPiece[], text: string, retried?: () => void): boolean => {
  let [at, piece] = [0, 0];
  let [name, nameAt] = [-1, 0];
  let [any, anyAt] = [-1, 0];
  while (at < text.length) {
    if (pieces[piece] === 'any text') {
      any = piece++;
      anyAt = at;
      name = -1;
      if (piece === pieces.length) return true;
    } else if (pieces[piece] === 'any name') {
      name = piece++;
      nameAt = at;
    } else if (takes(pieces[piece], text[at] ?? '')) {
      at++;
      piece++;
    } else if (name >= 0 && text[nameAt] !== '\\') {
      retried?.();
      at = ++nameAt;
      piece = name + 1;
    } else if (any >= 0) {
      retried?.();
      name = -1;
      at = ++anyAt;
      piece = any + 1;
    } else return false;
  }
  while (pieces[piece] === 'any text' || pieces[piece] === 'any name') piece++;
  return piece === pieces.length;
};

/**
 * Reads a pattern in which single units are wildcards, `*` and `?` by default, without escapes.
 * @param wildcards what each wildcard stands for
 */
export const readPieces = (
  pattern: string,
  wildcards: Readonly<Record<string, PatternPiece>> = { '*': 'any text', '?': 'any character' },
): PatternPiece[] => pattern.split('').map((unit) => wildcards[unit] ?? literalPiece(unit, true));
