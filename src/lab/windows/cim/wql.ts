import { literalPiece, readRanges } from '../../../kernel/fits-pieces.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { fits, type Wildcard } from '../../evaluator/matching/wildcard.ts';
import type { Value } from '../../evaluator/value.ts';

/** Tells whether an instance fits; `read` gives a property, `undefined` for a name the class does not have. */
export type WqlCondition = (read: (name: string) => Value) => boolean;

/** A query that WQL does not allow. */
export class WqlError extends Error {}

type Token = { readonly kind: 'word' | 'text' | 'number' | 'sign'; readonly text: string };

const readTokens = (text: string): Token[] => {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:(?<word>[A-Za-z_]\w*)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<number>-?\d+(?:\.\d+)?)|(?<sign><=|>=|<>|!=|=|<|>|\(|\)))/gy;
  let at = 0;
  while (at < text.length && text.slice(at).trim() !== '') {
    pattern.lastIndex = at;
    const groups = pattern.exec(text)?.groups;
    if (!groups) throw new WqlError(text);
    const quoted = groups['single'] ?? groups['double'];
    if (groups['word'] !== undefined) tokens.push({ kind: 'word', text: groups['word'] });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1') });
    else if (groups['number'] !== undefined) tokens.push({ kind: 'number', text: groups['number'] });
    else tokens.push({ kind: 'sign', text: groups['sign'] ?? '' });
    at = pattern.lastIndex;
  }
  return tokens;
};

/** The pattern of LIKE: `%` any text, `_` one character, `[a-f]` and `[^a-f]` one of these. */
const likePattern = (text: string, context: CallContext): Wildcard =>
  Array.from(text.matchAll(/\[[^\]]+\]|[^]/g), ([piece]): Wildcard[number] => {
    if (piece === '%') return 'any text';
    if (piece === '_') return 'any character';
    if (piece.length === 1) return literalPiece(piece, true);
    const isNegated = piece.startsWith('[^') && piece.length > 3;
    const ranges = readRanges(piece.slice(isNegated ? 2 : 1, -1));
    return ranges ? { ranges, isNegated, ignoresCase: true } : context.unsupported(`LIKE with the range ${piece}`);
  });

/** Compiles a WQL condition (what -Filter takes). @throws WqlError when it is none */
export const readCondition = (text: string, context: CallContext): WqlCondition => {
  const tokens = readTokens(text);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isWord = (word: string): boolean => peek()?.kind === 'word' && peek()?.text.toLowerCase() === word;
  const take = (): Token => {
    const token = tokens[at++];
    if (!token) throw new WqlError(text);
    return token;
  };
  const comparison = (): WqlCondition => {
    const name = take();
    if (name.kind !== 'word') throw new WqlError(text);
    if (isWord('is')) {
      at++;
      const isNot = isWord('not');
      if (isNot) at++;
      if (!isWord('null')) throw new WqlError(text);
      at++;
      return (read) => (read(name.text) === null || read(name.text) === undefined) !== isNot;
    }
    if (isWord('like')) {
      at++;
      const pattern = likePattern(take().text, context);
      return (read) => fits(pattern, context.text(read(name.text)));
    }
    const sign = take().text;
    const wanted = take();
    const value: Value =
      wanted.kind === 'number'
        ? Number(wanted.text)
        : wanted.kind === 'word'
          ? /^true$/i.test(wanted.text)
            ? true
            : /^false$/i.test(wanted.text)
              ? false
              : null
          : wanted.text;
    return (read) => {
      const actual = read(name.text);
      if (actual === null || actual === undefined)
        return value === null ? sign === '=' : sign === '<>' || sign === '!=';
      const order =
        typeof actual === 'boolean' ? Number(actual) - Number(context.isTrue(value)) : context.compare(actual, value);
      switch (sign) {
        case '=':
          return order === 0;
        case '<>':
        case '!=':
          return order !== 0;
        case '<':
          return order < 0;
        case '>':
          return order > 0;
        case '<=':
          return order <= 0;
        default:
          return order >= 0;
      }
    };
  };
  const unary = (): WqlCondition => {
    if (isWord('not')) {
      at++;
      const inner = unary();
      return (read) => !inner(read);
    }
    if (peek()?.text === '(' && peek()?.kind === 'sign') {
      at++;
      const inner = either();
      if (take().text !== ')') throw new WqlError(text);
      return inner;
    }
    return comparison();
  };
  const both = (): WqlCondition => {
    let left = unary();
    while (isWord('and')) {
      at++;
      const [a, b] = [left, unary()];
      left = (read) => a(read) && b(read);
    }
    return left;
  };
  const either = (): WqlCondition => {
    let left = both();
    while (isWord('or')) {
      at++;
      const [a, b] = [left, both()];
      left = (read) => a(read) || b(read);
    }
    return left;
  };
  const whole = either();
  if (at !== tokens.length) throw new WqlError(text);
  return whole;
};

/** Takes a SELECT query apart. @throws WqlError when it is none */
export const readQuery = (
  text: string,
): { readonly properties: readonly string[]; readonly className: string; readonly condition: string | undefined } => {
  const found = /^\s*select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+([\s\S]+))?$/i.exec(text);
  if (!found?.[1] || !found[2]) throw new WqlError(text);
  return {
    properties: found[1].trim() === '*' ? [] : found[1].split(',').map((name) => name.trim()),
    className: found[2],
    condition: found[3],
  };
};
