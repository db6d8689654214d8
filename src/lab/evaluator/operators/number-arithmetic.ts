import type { Numeric } from '../conversion/numeric.ts';
import { bounds, fromNumeric, toDecimal, toNumber } from '../conversion/numeric.ts';
import { decimal, double, exception, integer } from '../make.ts';
import { raise } from '../raise.ts';
import type { Decimal, Value } from '../value.ts';

/** Arithmetic operators. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** "Attempted to divide by zero." */
export const divideByZero = (): never =>
  raise({
    id: 'RuntimeException',
    message: 'Attempted to divide by zero.',
    category: 'NotSpecified',
    inner: exception('System.DivideByZeroException', 'Attempted to divide by zero.'),
  });

type Wide = 'Int32' | 'UInt32' | 'Int64' | 'UInt64' | 'Double' | 'Decimal' | 'BigInteger';

const widen = (type: Numeric['type']): Wide => {
  if (type === 'Single') return 'Double';
  return type === 'Byte' || type === 'SByte' || type === 'Int16' || type === 'UInt16' ? 'Int32' : type;
};

const isNegative = (value: Numeric): boolean => 'integer' in value && value.integer < 0n;

const commonType = (a: Numeric, b: Numeric): Wide => {
  // A BigInteger draws every other number to it, without its fraction.
  if (a.type === 'BigInteger' || b.type === 'BigInteger') return 'BigInteger';
  const [x, y] = [widen(a.type), widen(b.type)];
  if (x === 'Decimal' || y === 'Decimal') return 'Decimal';
  if (x === 'Double' || y === 'Double') return 'Double';
  if (x === y) return x;
  // A signed number beside an unsigned one counts as unsigned unless it is negative.
  if (x === 'UInt64' || y === 'UInt64') return isNegative(a) || isNegative(b) ? 'Decimal' : 'UInt64';
  if (x === 'Int64' || y === 'Int64') return 'Int64';
  return isNegative(a) || isNegative(b) ? 'Int64' : 'UInt32';
};

const align = (a: Decimal, b: Decimal): [bigint, bigint, number] => {
  const scale = Math.max(a.scale, b.scale);
  return [a.unscaled * 10n ** BigInt(scale - a.scale), b.unscaled * 10n ** BigInt(scale - b.scale), scale];
};

const trimScale = (unscaled: bigint, scale: number, least: number): Decimal => {
  let [digits, places] = [unscaled, scale];
  while (places > least && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  return decimal(digits, places);
};

const decimalLimit = 2n ** 96n;

/** A Decimal of 96 bits and at most 28 places: what is more is rounded, halves to even. */
const fit = (unscaled: bigint, scale: number): Decimal => {
  let [digits, places] = [unscaled, scale];
  const isTooLong = (value: bigint): boolean => value >= decimalLimit || value <= -decimalLimit;
  let cut = Math.max(0, places - 28);
  const at = (drop: number): bigint => {
    if (drop === 0) return unscaled;
    const divisor = 10n ** BigInt(drop);
    const negative = unscaled < 0n;
    const size = negative ? -unscaled : unscaled;
    const whole = size / divisor;
    const twice = (size % divisor) * 2n;
    const rounded = twice > divisor || (twice === divisor && whole % 2n === 1n) ? whole + 1n : whole;
    return negative ? -rounded : rounded;
  };
  while (isTooLong(at(cut)) && cut < scale) cut++;
  digits = at(cut);
  places = scale - cut;
  if (isTooLong(digits))
    return raise({
      id: 'RuntimeException',
      message: 'Value was either too large or too small for a Decimal.',
      category: 'NotSpecified',
      inner: exception('System.OverflowException', 'Value was either too large or too small for a Decimal.'),
    });
  return decimal(digits, places);
};

const decimalArithmetic = (operator: ArithmeticOperator, a: Decimal, b: Decimal): Value => {
  const [x, y, scale] = align(a, b);
  switch (operator) {
    case '+':
      return fit(x + y, scale);
    case '-':
      return fit(x - y, scale);
    case '*': {
      const product = a.unscaled * b.unscaled;
      return fit(product, a.scale + b.scale);
    }
    case '/': {
      if (y === 0n) return divideByZero();
      const places = 28;
      const raw = (x * 10n ** BigInt(places + 1)) / y;
      const rounded = (raw + (raw < 0n ? -5n : 5n)) / 10n;
      const { unscaled, scale: left } = trimScale(rounded, places, 0);
      return fit(unscaled, left);
    }
    case '%':
      return y === 0n ? divideByZero() : decimal(x % y, scale);
  }
};

/** Arithmetic of JavaScript numbers. */
export const floatArithmetic = (operator: ArithmeticOperator, a: number, b: number): number => {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
  }
};

const integerArithmetic = (
  operator: ArithmeticOperator,
  a: bigint,
  b: bigint,
  type: 'Int32' | 'UInt32' | 'Int64' | 'UInt64' | 'BigInteger',
): Value => {
  let result: bigint;
  switch (operator) {
    case '+':
      result = a + b;
      break;
    case '-':
      result = a - b;
      break;
    case '*':
      result = a * b;
      break;
    case '/':
      if (b === 0n) return divideByZero();
      if (a % b !== 0n && type !== 'BigInteger') return double(Number(a) / Number(b));
      result = a / b;
      break;
    case '%':
      if (b === 0n) return divideByZero();
      result = a % b;
      break;
  }
  if (type === 'BigInteger') return integer(type, result);
  const [low, high] = bounds[type];
  return result >= low && result <= high ? fromNumeric({ type, integer: result }) : double(Number(result));
};

const toBig = (value: Numeric): bigint => ('integer' in value ? value.integer : BigInt(Math.trunc(toNumber(value))));

/** Arithmetic of two numbers. */
export const numericArithmetic = (operator: ArithmeticOperator, a: Numeric, b: Numeric): Value => {
  const type = commonType(a, b);
  if (type === 'Decimal') return decimalArithmetic(operator, toDecimal(a), toDecimal(b));
  if (type === 'Double') return double(floatArithmetic(operator, toNumber(a), toNumber(b)));
  if (type === 'BigInteger') return integerArithmetic(operator, toBig(a), toBig(b), type);
  return integerArithmetic(operator, 'integer' in a ? a.integer : 0n, 'integer' in b ? b.integer : 0n, type);
};
