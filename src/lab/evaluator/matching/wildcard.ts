import { fitsPieces, literalPiece, type PatternPiece, readPieces, readRanges } from '../../../kernel/fits-pieces.ts';
import { spend } from '../limit.ts';
import { raise } from '../raise.ts';

/** A wildcard pattern ready to match. */
export type Wildcard = readonly PatternPiece[];

const cache = new Map<string, Wildcard>();

const notValid = (pattern: string): never =>
  raise({
    id: 'RuntimeException',
    category: 'NotSpecified',
    message: `The specified wildcard character pattern is not valid: ${pattern}`,
    type: 'System.Management.Automation.WildcardPatternException',
  });

type SetText = { readonly units: string; readonly escaped: ReadonlySet<number>; readonly end: number };

/** The inside of the brackets that open at a place, without its backticks; undefined where they are not closed. */
const readSet = (pattern: string, from: number): SetText | undefined => {
  const escaped = new Set<number>();
  let units = '';
  for (let i = from + 1; i < pattern.length; i++) {
    if (pattern[i] === ']' && units !== '') return { units, escaped, end: i };
    if (pattern[i] === '`' && ++i < pattern.length) escaped.add(units.length);
    units += pattern[i] ?? '';
  }
  return undefined;
};

const translate = (pattern: string, caseSensitive: boolean): PatternPiece[] => {
  const pieces: PatternPiece[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '`' && i + 1 < pattern.length) pieces.push(literalPiece(pattern[++i] ?? '', !caseSensitive));
    else if (c === '*') {
      if (pieces.at(-1) !== 'any text') pieces.push('any text');
    } else if (c === '?') pieces.push('any character');
    else if (c === '[') {
      const set = readSet(pattern, i);
      const ranges = set && readRanges(set.units, (at) => set.escaped.has(at));
      if (!ranges) return notValid(pattern);
      pieces.push({ ranges, isNegated: false, ignoresCase: !caseSensitive });
      i = set.end;
    } else pieces.push(literalPiece(c, !caseSensitive));
  }
  return pieces;
};

/** A PowerShell wildcard pattern over the whole text. */
export const readWildcard = (pattern: string, caseSensitive = false): Wildcard => {
  const key = `${caseSensitive}${pattern}`;
  const known = cache.get(key);
  if (known) return known;
  const made = translate(pattern, caseSensitive);
  if (cache.size > 1000) cache.clear();
  cache.set(key, made);
  return made;
};

/** Whether a whole text fits; counts its work. */
export const fits = (pieces: Wildcard, text: string): boolean => fitsPieces(pieces, text, () => spend(2));

/** Whether a text fits a pattern of `*` and `?` alone, as programs take them; case does not matter. */
export const fitsNamePattern = (text: string, pattern: string): boolean => fits(readPieces(pattern), text);

/** `-like`. */
export const like = (text: string, pattern: string, caseSensitive = false): boolean =>
  fits(readWildcard(pattern, caseSensitive), text);

/** Whether a text has wildcard characters. */
export const hasWildcard = (text: string): boolean => /[*?[]/.test(text);
