/** A piece of a pattern with wildcards: any text, any text without a backslash, or what takes one UTF-16 unit. */
export type PatternPiece =
  | 'any text'
  | 'any name'
  | 'any character'
  | { readonly unit: string; readonly other: string }
  | { readonly set: RegExp };

/** The piece of one literal unit. */
export const literalPiece = (unit: string, ignoreCase: boolean): PatternPiece => {
  if (!ignoreCase) return { unit, other: unit };
  const [lower, upper] = [unit.toLowerCase(), unit.toUpperCase()];
  return lower.length === 1 && upper.length === 1 ? { unit: lower, other: upper } : { unit, other: unit };
};

const takes = (piece: PatternPiece | undefined, unit: string): boolean => {
  if (piece === undefined || piece === 'any text' || piece === 'any name') return false;
  if (piece === 'any character') return true;
  return 'unit' in piece ? unit === piece.unit || unit === piece.other : piece.set.test(unit);
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
