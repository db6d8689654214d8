import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { formatCustom } from './custom-number-format.ts';
import { decimalText, floatText, generalText } from './number-text.ts';

/** An exact decimal number: digits and scale. */
type Exact = { readonly negative: boolean; readonly digits: bigint; readonly scale: number };

const exactOf = (text: string): Exact => {
  const negative = text.startsWith('-');
  const [mantissa = '0', exponent = '0'] = text.replace(/^[+-]/, '').toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale < 0 ? { negative, digits: digits * 10n ** BigInt(-scale), scale: 0 } : { negative, digits, scale };
};

/** Rounds half away from zero to a number of decimals. */
const roundTo = (value: Exact, decimals: number): Exact => {
  if (value.scale <= decimals)
    return { ...value, digits: value.digits * 10n ** BigInt(decimals - value.scale), scale: decimals };
  const divisor = 10n ** BigInt(value.scale - decimals);
  return { ...value, digits: (value.digits + divisor / 2n) / divisor, scale: decimals };
};

const plain = ({ digits, scale }: Exact): [string, string] => {
  const text = digits.toString().padStart(scale + 1, '0');
  return scale === 0 ? [text, ''] : [text.slice(0, -scale), text.slice(-scale)];
};

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const fixed = (value: Exact, decimals: number, group: boolean): string => {
  const rounded = roundTo(value, decimals);
  const [whole, fraction] = plain(rounded);
  const body = `${group ? grouped(whole) : whole}${fraction === '' ? '' : `.${fraction}`}`;
  return rounded.negative && rounded.digits !== 0n ? `-${body}` : body;
};

/** The exact text of a numeric value, or undefined if it is none. */
const numericText = (value: Value): string | undefined => {
  if (typeof value === 'number') return String(value);
  if (!isBoxed(value)) return undefined;
  if (value.kind === 'integer') return value.value.toString();
  if (value.kind === 'decimal') return decimalText(value);
  // .NET Framework formats doubles from 15 significant digits.
  if (value.kind === 'float')
    return Number.isFinite(value.value) ? String(Number(value.value.toPrecision(15))) : undefined;
  return undefined;
};

const hexWidths: Readonly<Record<string, number>> = { Byte: 8, SByte: 8, Int16: 16, UInt16: 16, UInt32: 32 };

/** Two's complement in as many digits as show the sign. */
const bigHexText = (value: bigint, upper: boolean, width: number): string => {
  let digits = 1;
  while (BigInt.asIntN(digits * 4, value) !== value) digits++;
  const text = BigInt.asUintN(digits * 4, value)
    .toString(16)
    .padStart(width, value < 0n ? 'f' : '0');
  return upper ? text.toUpperCase() : text.toLowerCase();
};

const hexText = (value: Value, upper: boolean, width: number): string | undefined => {
  const isInt = typeof value === 'number';
  if (isBoxed(value) && value.kind === 'integer' && value.type === 'BigInteger')
    return bigHexText(value.value, upper, width);
  if (!isInt && !(isBoxed(value) && value.kind === 'integer')) return undefined;
  const bits = isInt ? 32 : (hexWidths[value.type] ?? 64);
  const text = BigInt.asUintN(bits, isInt ? BigInt(value) : value.value)
    .toString(16)
    .padStart(width, '0');
  return upper ? text.toUpperCase() : text;
};

const exponentText = (value: Value, letter: string, decimals: number): string => {
  const number = Number(numericText(value));
  const [mantissa = '', exponent = ''] = number.toExponential(decimals).split('e');
  return `${mantissa}${letter}${exponent.startsWith('-') ? '-' : '+'}${exponent.replace(/^[+-]/, '').padStart(3, '0')}`;
};

const standardFormat = (value: Value, letter: string, precision: number | undefined): string | undefined => {
  const text = numericText(value);
  if (letter === 'X' || letter === 'x') return hexText(value, letter === 'X', precision ?? 0);
  if (text === undefined) return isBoxed(value) && value.kind === 'float' ? floatText(value) : undefined;
  const exact = exactOf(text);
  switch (letter.toUpperCase()) {
    case 'D': {
      if (typeof value !== 'number' && !(isBoxed(value) && value.kind === 'integer')) return undefined;
      if (exact.scale > 0) return undefined;
      return `${exact.negative ? '-' : ''}${exact.digits.toString().padStart(precision ?? 0, '0')}`;
    }
    case 'N':
      return fixed(exact, precision ?? 2, true);
    case 'F':
      return fixed(exact, precision ?? 2, false);
    case 'P': {
      const hundredfold = { ...exact, digits: exact.digits * 100n };
      return `${fixed(hundredfold, precision ?? 2, true)} %`;
    }
    case 'C': {
      const body = fixed({ ...exact, negative: false }, precision ?? 2, true);
      return exact.negative ? `($${body})` : `$${body}`;
    }
    case 'E':
      return exponentText(value, letter, precision ?? 6);
    case 'G':
      return precision === undefined || precision === 0 ? undefined : generalText(Number(text), precision);
    case 'R':
      return isBoxed(value) && value.kind === 'float' ? String(value.value) : text;
    default:
      return undefined;
  }
};

/** Formats a number as .NET does in the invariant (en-US) culture; undefined if the format does not fit the value. */
export const formatNumber = (value: Value, format: string): string | undefined => {
  const standard = /^([A-Za-z])(\d{0,2})$/.exec(format);
  if (standard) return standardFormat(value, standard[1] ?? '', standard[2] === '' ? undefined : Number(standard[2]));
  const text = numericText(value);
  if (text === undefined) return undefined;
  const { negative, digits, scale } = exactOf(text);
  return formatCustom(negative ? -digits : digits, scale, format);
};
