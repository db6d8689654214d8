import { netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import type { RegexOptions } from '../operators/regex.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { regexOptionsEnum } from './regex-parts.ts';

/** Where a search begins, and how many matches or parts are wanted; all if absent. */
export type Part = { readonly limit?: number | undefined; readonly start?: number | undefined };

/** The options of an expression. @throws Failure `lab-unsupported` for what the lab does not do */
export const optionsOf = (value: Value, context: CallContext): RegexOptions => {
  if (value === undefined || value === null) return {};
  const converted = context.convert(value, regexOptionsEnum.name);
  const bits = isBoxed(converted) && converted.kind === 'enum' ? converted.value : 0;
  if ((bits & 64) !== 0) return context.unsupported('regular expressions from right to left');
  return {
    ignoreCase: (bits & 1) !== 0,
    multiline: (bits & 2) !== 0,
    explicitCapture: (bits & 4) !== 0,
    singleline: (bits & 16) !== 0,
    ignoreWhitespace: (bits & 32) !== 0,
  };
};

/** The number of a RegexOptions value. */
export const optionBits = (options: RegexOptions): number =>
  (options.ignoreCase ? 1 : 0) |
  (options.multiline ? 2 : 0) |
  (options.explicitCapture ? 4 : 0) |
  (options.singleline ? 16 : 0) |
  (options.ignoreWhitespace ? 32 : 0);

const outOfRange = (message: string, name: string): never => {
  throw netError('System.ArgumentOutOfRangeException', `${message}\r\nParameter name: ${name}`, {
    properties: { ParamName: name },
  });
};

/** The offset from which a text is searched; its beginning if absent. @throws NetError for one outside of the text */
export const startIn = (text: string, value: Value, context: CallContext): number => {
  const start = value === undefined ? 0 : intArgument(value, context);
  if (start >= 0 && start <= text.length) return start;
  return outOfRange('Start index cannot be less than 0 or greater than input length.', 'startat');
};

/** The piece of a text that `Match(text, beginning, length)` searches as if there were no other. @throws NetError */
export const pieceAt = (text: string, start: number, value: Value, context: CallContext): string => {
  const length = intArgument(value, context);
  if (length >= 0 && start + length <= text.length) return text.slice(start, start + length);
  return outOfRange('Length cannot be less than 0 or exceed input length.', 'length');
};

/** How many are wanted at most; undefined for all. @param least the lowest number allowed; -1 stands for all @throws NetError */
export const limitOf = (value: Value, context: CallContext, least: -1 | 0): number | undefined => {
  if (value === undefined) return undefined;
  const count = intArgument(value, context);
  if (count < least) return outOfRange('Count cannot be less than -1.', 'count');
  return count < 0 ? undefined : count;
};

const escapes: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
  b: '\b',
  e: '\u001B',
};

/** Regex.Unescape. */
export const unescapeRegex = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|c([A-Z])|([0-7]{2,3})|([\s\S]))/gi, (_all, x, u, c, octal, one) => {
    const code: unknown = x ?? u;
    if (typeof code === 'string') return String.fromCharCode(Number.parseInt(code, 16));
    if (typeof c === 'string') return String.fromCharCode(c.toUpperCase().charCodeAt(0) - 64);
    if (typeof octal === 'string') return String.fromCharCode(Number.parseInt(octal, 8));
    const letter = String(one);
    return escapes[letter] ?? letter;
  });
