import type { NumberLiteral } from './expression-tree.ts';
import type { Parser } from './parser.ts';

const multipliers: Readonly<Record<string, bigint>> = {
  kb: 1024n,
  mb: 1024n ** 2n,
  gb: 1024n ** 3n,
  tb: 1024n ** 4n,
  pb: 1024n ** 5n,
};

// What may follow a number in an expression: anything that cannot go on with the word.
const literal = /(?:0[xX]([0-9a-fA-F]+)|(\d*\.\d+|\d+\.(?!\.)\d*|\d+)([eE][+-]?\d+)?)([lLdD]?)([kKmMgGtTpP][bB])?/y;

/** Suffixes of unsigned, short, byte and unlimited numbers. */
const newSuffix = /(?:u[lsy]?|[syn])(?:[kmgtp]b)?(?![\w.:\\/-])/iy;

const maxInt32 = 2147483647n;
const maxInt64 = 9223372036854775807n;

/** Parses a decimal text to unscaled digits and scale. */
export const parseDecimalText = (text: string): { unscaled: bigint; scale: number } => {
  const [mantissa = '0', exponent] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  let unscaled = BigInt(`${whole}${fraction}` || '0');
  let scale = fraction.length - Number(exponent ?? 0);
  if (scale < 0) {
    unscaled *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { unscaled, scale };
};

const fitInteger = (value: bigint): NumberLiteral['value'] => {
  if (value <= maxInt32 && value >= -2147483648n) return { type: 'Int32', integer: value };
  if (value <= maxInt64) return { type: 'Int64', integer: value };
  // Beyond Int64 PowerShell takes Decimal, then Double.
  if (value < 79228162514264337593543950336n) return { type: 'Decimal', unscaled: value, scale: 0 };
  return { type: 'Double', float: Number(value) };
};

const valueOf = (match: RegExpExecArray): NumberLiteral['value'] => {
  const [, hex, digits = '', exponent = '', suffix = '', unit = ''] = match;
  const factor = multipliers[unit.toLowerCase()] ?? 1n;
  const kind = suffix.toLowerCase();
  if (hex !== undefined) {
    let value = BigInt(`0x${hex}`);
    if (hex.length <= 8 && kind !== 'l') value = BigInt.asIntN(32, value);
    else if (hex.length <= 16) value = BigInt.asIntN(64, value);
    if (kind === 'l') return { type: 'Int64', integer: value * factor };
    if (hex.length > 8 && factor === 1n) return { type: 'Int64', integer: value };
    return fitInteger(value * factor);
  }
  if (kind === 'd') {
    const { unscaled, scale } = parseDecimalText(digits + exponent);
    return { type: 'Decimal', unscaled: unscaled * factor, scale };
  }
  if (digits.includes('.') || exponent !== '') {
    const float = Number(digits + exponent) * Number(factor);
    return kind === 'l' ? { type: 'Int64', integer: BigInt(Math.round(float)) } : { type: 'Double', float };
  }
  const value = BigInt(digits) * factor;
  return kind === 'l' ? { type: 'Int64', integer: value } : fitInteger(value);
};

/**
 * A number at the position, or undefined if what stands there is no number or is only the start of a word (`7z`).
 * @param wordMode in command arguments more characters belong to a word than in expressions
 */
export const readNumber = (parser: Parser, wordMode: boolean): NumberLiteral | undefined => {
  const start = parser.at;
  const match = parser.look(literal);
  if (!match) return undefined;
  const text = match[0];
  // `1..5` is a range; `1.ToString()` is no number with a member but a word.
  const next = parser.text[start + text.length] ?? '';
  if (text.endsWith('.') && /[A-Za-z_]/.test(next)) return undefined;
  const follow = parser.text.slice(start + text.length, start + text.length + 2);
  const ends = wordMode ? /^([\s;|&(){},]|$)/.test(follow) : !/^[A-Za-z_0-9$]/.test(follow);
  if (!ends && !wordMode) {
    parser.at = start + text.length;
    const suffix = parser.look(newSuffix)?.[0];
    if (suffix !== undefined) parser.refuse(`the number suffix '${suffix}'`);
    parser.at = start;
  }
  if (!ends) return undefined;
  parser.at = start + text.length;
  return { kind: 'number', value: valueOf(match), start, end: parser.at };
};
