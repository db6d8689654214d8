import { fitsPieces, literalPiece, type PatternPiece, readPieces } from '../../../kernel/fits-pieces.ts';
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

const translate = (pattern: string, caseSensitive: boolean): PatternPiece[] => {
  const pieces: PatternPiece[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '`' && i + 1 < pattern.length) pieces.push(literalPiece(pattern[++i] ?? '', !caseSensitive));
    else if (c === '*') {
      if (pieces.at(-1) !== 'any text') pieces.push('any text');
    } else if (c === '?') pieces.push('any character');
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end === -1) return notValid(pattern);
      const members = pattern.slice(i + 1, end).replace(/[\\^\]]/g, String.raw`\$&`);
      pieces.push({ set: new RegExp(`^[${members}]$`, caseSensitive ? '' : 'i') });
      i = end;
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
export const fits = (pieces: Wildcard, text: string): boolean => fitsPieces(pieces, text, () => spend(1 / 4));

/** Whether a text fits a pattern of `*` and `?` alone, as programs take them; case does not matter. */
export const fitsNamePattern = (text: string, pattern: string): boolean => fits(readPieces(pattern), text);

/** `-like`. */
export const like = (text: string, pattern: string, caseSensitive = false): boolean =>
  fits(readWildcard(pattern, caseSensitive), text);

/** Whether a text has wildcard characters. */
export const hasWildcard = (text: string): boolean => /[*?[]/.test(text);
