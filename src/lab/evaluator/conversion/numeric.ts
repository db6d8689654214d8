import { parseDecimalText } from '../../../powershell/number-literals.ts';
import { netError } from '../define.ts';
import { char, decimal, double, integer } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Decimal, IntegerType, Value } from '../value.ts';
import { decimalToNumber } from './number-text.ts';

/** Names of .NET's numeric types. */
export type NumericType = IntegerType | 'Int32' | 'Single' | 'Double' | 'Decimal';

/** A number apart from its boxing. */
export type Numeric =
  | { readonly type: IntegerType | 'Int32'; readonly integer: bigint }
  | { readonly type: 'Single' | 'Double'; readonly float: number }
  | { readonly type: 'Decimal'; readonly decimal: Decimal };

/** Bounds of the integer types. */
export const bounds: Readonly<Record<Exclude<IntegerType, 'BigInteger'> | 'Int32', readonly [bigint, bigint]>> = {
  Byte: [0n, 255n],
  SByte: [-128n, 127n],
  Int16: [-32768n, 32767n],
  UInt16: [0n, 65535n],
  Int32: [-2147483648n, 2147483647n],
  UInt32: [0n, 4294967295n],
  Int64: [-9223372036854775808n, 9223372036854775807n],
  UInt64: [0n, 18446744073709551615n],
};

/** The number that a value is (no conversion of text); undefined if it is none. Booleans, chars and enums count. */
export const numericOf = (value: Value): Numeric | undefined => {
  if (typeof value === 'number') return { type: 'Int32', integer: BigInt(value) };
  if (value === null || value === undefined) return { type: 'Int32', integer: 0n };
  if (typeof value === 'boolean') return { type: 'Int32', integer: value ? 1n : 0n };
  if (!isBoxed(value)) return undefined;
  if (value.kind === 'integer') return { type: value.type, integer: value.value };
  if (value.kind === 'float') return { type: value.type, float: value.value };
  if (value.kind === 'decimal') return { type: 'Decimal', decimal: value };
  if (value.kind === 'char') return { type: 'Int32', integer: BigInt(value.code) };
  if (value.kind === 'enum') return { type: 'Int32', integer: BigInt(value.value) };
  if (value.kind === 'switch') return { type: 'Int32', integer: value.isPresent ? 1n : 0n };
  return undefined;
};

/** Boxes a number. */
export const fromNumeric = (value: Numeric): Value => {
  if ('decimal' in value) return value.decimal;
  if ('float' in value) return { kind: 'float', type: value.type, value: value.float };
  return value.type === 'Int32' ? Number(value.integer) : integer(value.type, value.integer);
};

/** Rounds half to even. */
export const roundHalfEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
};

/** A decimal rounded half to even to an integer. */
export const roundDecimal = ({ unscaled, scale }: Decimal): bigint => {
  const divisor = 10n ** BigInt(scale);
  const abs = unscaled < 0n ? -unscaled : unscaled;
  let whole = abs / divisor;
  const twice = (abs % divisor) * 2n;
  if (twice > divisor || (twice === divisor && whole % 2n === 1n)) whole++;
  return unscaled < 0n ? -whole : whole;
};

/**
 * The decimal nearest to a double, with the 15 digits that .NET keeps.
 * @throws NetError where it is no number
 */
export const decimalOfNumber = (value: number): Decimal => {
  if (!Number.isFinite(value))
    throw netError('System.OverflowException', 'Value was either too large or too small for a Decimal.');
  const { unscaled, scale } = parseDecimalText(String(Number(value.toPrecision(15))).replace(/^\+/, ''));
  return decimal(unscaled, scale);
};

/** Any number as JavaScript number. */
export const toNumber = (value: Numeric): number =>
  'integer' in value ? Number(value.integer) : 'float' in value ? value.float : decimalToNumber(value.decimal);

/** Any number as Decimal. */
export const toDecimal = (value: Numeric): Decimal =>
  'integer' in value
    ? decimal(value.integer)
    : 'float' in value
      ? decimalOfNumber(value.type === 'Single' ? Number(value.float.toPrecision(7)) : value.float)
      : value.decimal;

const maxDecimal = 79228162514264337593543950335n;
const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** Converts a number to a numeric type; undefined if it does not fit. */
export const convertNumeric = (value: Numeric, type: NumericType): Value => {
  if (type === 'Double') return double(toNumber(value));
  if (type === 'Single') return { kind: 'float', type: 'Single', value: Math.fround(toNumber(value)) };
  if (type === 'Decimal') {
    const exact = 'float' in value && !Number.isFinite(value.float) ? undefined : toDecimal(value);
    return exact && abs(exact.unscaled) <= maxDecimal * 10n ** BigInt(exact.scale) ? exact : undefined;
  }
  let whole: bigint;
  if ('integer' in value) whole = value.integer;
  else if (type === 'BigInteger' && 'decimal' in value)
    whole = value.decimal.unscaled / 10n ** BigInt(value.decimal.scale);
  else if (type === 'BigInteger' && 'float' in value && Number.isFinite(value.float))
    whole = BigInt(Math.trunc(value.float));
  else if ('decimal' in value) whole = roundDecimal(value.decimal);
  else {
    if (!Number.isFinite(value.float)) return undefined;
    whole = BigInt(roundHalfEven(value.float));
  }
  if (type === 'BigInteger') return integer(type, whole);
  const [low, high] = bounds[type];
  if (whole < low || whole > high) return undefined;
  return type === 'Int32' ? Number(whole) : integer(type, whole);
};

const numberForm = /^\s*([+-]?)(?:0x([0-9a-f]+)|(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?)(l|d)?(kb|mb|gb|tb|pb)?\s*$/i;
const units: Readonly<Record<string, bigint>> = {
  kb: 1024n,
  mb: 1048576n,
  gb: 1073741824n,
  tb: 1099511627776n,
  pb: 1125899906842624n,
};

/** The number a text means to PowerShell; undefined if it is none. Empty text is 0. */
export const parseNumeric = (text: string): Numeric | undefined => {
  if (text.trim() === '') return { type: 'Int32', integer: 0n };
  const match = numberForm.exec(text);
  if (!match) return undefined;
  const [, sign, hex, digits = '', exponent = '', suffix, unit = ''] = match;
  const factor = units[unit.toLowerCase()] ?? 1n;
  if (hex !== undefined) {
    const bits = hex.length <= 8 ? 32 : 64;
    const value = BigInt.asIntN(bits, BigInt(`0x${hex}`)) * factor * (sign === '-' ? -1n : 1n);
    return { type: bits === 32 ? 'Int32' : 'Int64', integer: value };
  }
  const plain = digits.replaceAll(',', '');
  if (suffix?.toLowerCase() === 'd') {
    const { unscaled, scale } = parseDecimalText(plain + exponent);
    return { type: 'Decimal', decimal: decimal((sign === '-' ? -unscaled : unscaled) * factor, scale) };
  }
  if (plain.includes('.') || exponent !== '') {
    return { type: 'Double', float: Number(`${sign}${plain}${exponent}`) * Number(factor) };
  }
  const value = BigInt(plain) * factor * (sign === '-' ? -1n : 1n);
  if (value >= bounds.Int32[0] && value <= bounds.Int32[1] && suffix === undefined)
    return { type: 'Int32', integer: value };
  if (value >= bounds.Int64[0] && value <= bounds.Int64[1]) return { type: 'Int64', integer: value };
  return abs(value) <= maxDecimal
    ? { type: 'Decimal', decimal: decimal(value) }
    : { type: 'Double', float: Number(value) };
};

/** The decimal of a whole number, with all its digits; undefined where `parseNumeric` reads it (fractions go through a double). */
export const parseDecimal = (text: string): Numeric | undefined => {
  const plain = text.trim().replaceAll(',', '');
  return /^[+-]?\d+$/.test(plain) ? { type: 'Decimal', decimal: decimal(BigInt(plain.replace('+', ''))) } : undefined;
};

/** A char of a number, if it is one. */
export const charOf = (value: Numeric): Value =>
  'integer' in value && value.integer >= 0n && value.integer <= 65_535n ? char(Number(value.integer)) : undefined;
