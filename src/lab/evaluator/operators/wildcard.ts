import { spend } from '../limit.ts';
import { raise } from '../raise.ts';

/** A piece of a wildcard pattern: any text, or what takes one character. */
type Piece =
  | 'any text'
  | 'any character'
  | { readonly unit: string; readonly other: string }
  | { readonly set: RegExp };

/** A wildcard pattern ready to match. */
export type Wildcard = readonly Piece[];

const cache = new Map<string, Wildcard>();

const plain = (c: string, caseSensitive: boolean): Piece => {
  if (caseSensitive) return { unit: c, other: c };
  const [lower, upper] = [c.toLowerCase(), c.toUpperCase()];
  return lower.length === 1 && upper.length === 1 ? { unit: lower, other: upper } : { unit: c, other: c };
};

const notValid = (pattern: string): never =>
  raise({
    id: 'RuntimeException',
    category: 'NotSpecified',
    message: `The specified wildcard character pattern is not valid: ${pattern}`,
    type: 'System.Management.Automation.WildcardPatternException',
  });

const translate = (pattern: string, caseSensitive: boolean): Piece[] => {
  const pieces: Piece[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    if (c === '`' && i + 1 < pattern.length) pieces.push(plain(pattern[++i] ?? '', caseSensitive));
    else if (c === '*') {
      if (pieces.at(-1) !== 'any text') pieces.push('any text');
    } else if (c === '?') pieces.push('any character');
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end === -1) return notValid(pattern);
      const members = pattern.slice(i + 1, end).replace(/[\\^\]]/g, String.raw`\$&`);
      pieces.push({ set: new RegExp(`^[${members}]$`, caseSensitive ? '' : 'i') });
      i = end;
    } else pieces.push(plain(c, caseSensitive));
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

const takes = (piece: Piece | undefined, c: string): boolean => {
  if (piece === undefined || piece === 'any text') return false;
  if (piece === 'any character') return true;
  return 'unit' in piece ? c === piece.unit || c === piece.other : piece.set.test(c);
};

/** Whether a whole text fits. Of several `*` only the last one met is tried again: no pattern takes longer than text times pattern. */
export const fits = (pieces: Wildcard, text: string): boolean => {
  let [at, piece, star, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pieces[piece] === 'any text') {
      star = piece++;
      starAt = at;
      if (piece === pieces.length) return true;
    } else if (takes(pieces[piece], text[at] ?? '')) {
      at++;
      piece++;
    } else if (star >= 0) {
      spend(1 / 4);
      at = ++starAt;
      piece = star + 1;
    } else return false;
  }
  while (pieces[piece] === 'any text') piece++;
  return piece === pieces.length;
};

/** `-like`. */
export const like = (text: string, pattern: string, caseSensitive = false): boolean =>
  fits(readWildcard(pattern, caseSensitive), text);

/** Whether a text has wildcard characters. */
export const hasWildcard = (text: string): boolean => /[*?[]/.test(text);
