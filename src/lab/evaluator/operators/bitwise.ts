import { convert } from '../conversion/convert.ts';
import { fromNumeric, type Numeric, numericOf } from '../conversion/numeric.ts';
import type { Language } from '../language.ts';
import { affordable } from '../limit.ts';
import { enumValue, integer } from '../make.ts';
import { raise } from '../raise.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { noOperator, operand } from './arithmetic.ts';

/** Bit operators. */
export type BitOperator = 'band' | 'bor' | 'bxor' | 'shl' | 'shr';

type Bits = {
  readonly value: bigint;
  readonly type: 'Int32' | 'UInt32' | 'Int64' | 'UInt64' | 'BigInteger';
  /** Was a double or a decimal. */
  readonly rounded?: true;
};

const methods: Readonly<Record<BitOperator, string>> = {
  band: 'op_BitwiseAnd',
  bor: 'op_BitwiseOr',
  bxor: 'op_ExclusiveOr',
  shl: 'op_LeftShift',
  shr: 'op_RightShift',
};

const bitsOf = (source: Numeric, language: Language): Bits => {
  if ('integer' in source) {
    const type = source.type in narrow ? 'Int32' : (source.type as Bits['type']);
    return { value: source.integer, type };
  }
  // Doubles and decimals are taken as the integer they round to.
  const whole = numericOf(convert(fromNumeric(source), 'System.Int64', language));
  const rounded = whole && 'integer' in whole ? whole.integer : 0n;
  return { value: rounded, type: BigInt.asIntN(32, rounded) === rounded ? 'Int32' : 'Int64', rounded: true };
};

const box = (value: bigint, type: Bits['type']): Value => {
  switch (type) {
    case 'Int32':
      return Number(BigInt.asIntN(32, value));
    case 'UInt32':
      return integer('UInt32', BigInt.asUintN(32, value));
    case 'Int64':
      return integer('Int64', BigInt.asIntN(64, value));
    case 'UInt64':
      return integer('UInt64', BigInt.asUintN(64, value));
    case 'BigInteger':
      return integer('BigInteger', value);
  }
};

const narrow: Partial<Record<Numeric['type'], [bits: number, signed: boolean]>> = {
  Byte: [8, false],
  SByte: [8, true],
  Int16: [16, true],
  UInt16: [16, false],
};

/** What a shift leaves of a small number is one of the same type. */
const narrowed = (value: bigint, type: Numeric['type']): Value => {
  const [bits = 32, signed = true] = narrow[type] ?? [];
  const whole = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return fromNumeric({ type: type as 'Byte', integer: whole });
};

const common = (a: Bits, b: Bits): Bits['type'] => {
  if (a.rounded || b.rounded) return a.value < 0n || b.value < 0n ? 'Int64' : 'UInt64';
  if (a.type === b.type) return a.type;
  if (a.type === 'BigInteger' || b.type === 'BigInteger') return 'BigInteger';
  if (a.type === 'UInt64' || b.type === 'UInt64') return 'UInt64';
  return a.type === 'Int64' || b.type === 'Int64' ? 'Int64' : 'UInt32';
};

const shift = (operator: 'shl' | 'shr', left: Value, of: Numeric, by: Value, language: Language): Value => {
  if (typeof left === 'boolean' || (isBoxed(left) && left.kind === 'char'))
    return raise({
      id: 'NotADefinedOperationForType',
      message: `The operation '[${typeNameOf(left)}] -${operator} [${typeNameOf(by)}]' is not defined.`,
    });
  const a = bitsOf(of, language);
  const width = a.type === 'Int32' || a.type === 'UInt32' ? 31n : 63n;
  const by32 = BigInt(Number(convert(by, 'System.Int32', language)));
  const places = a.type === 'BigInteger' ? BigInt(affordable(Number(by32), 1)) : by32 & width;
  const shifted = operator === 'shl' ? a.value << places : a.value >> places;
  return 'integer' in of && of.type in narrow ? narrowed(shifted, of.type) : box(shifted, a.type);
};

/** `left -band right` and its like; enums stay enums. */
export const bitwise = (operator: BitOperator, left: Value, right: Value, language: Language): Value => {
  const asEnum = isBoxed(left) && left.kind === 'enum' ? left.type : undefined;
  const other = asEnum && typeof right === 'string' ? convert(right, asEnum.name, language) : right;
  const [first, second] = [operand(left, other, language), operand(other, left, language)];
  if (first && !second && (operator === 'shl' || operator === 'shr')) convert(other, 'System.Int32', language);
  if (!first || !second) return noOperator(first ? other : left, methods[operator]);
  if (operator === 'shl' || operator === 'shr') return shift(operator, left, first, fromNumeric(second), language);
  const a = bitsOf(first, language);
  const b = bitsOf(second, language);
  const result = operator === 'band' ? a.value & b.value : operator === 'bor' ? a.value | b.value : a.value ^ b.value;
  if (asEnum) return enumValue(asEnum, Number(BigInt.asIntN(32, result)));
  return box(result, common(a, b));
};

/** `-bnot value`. */
export const bitwiseNot = (value: Value, language: Language): Value => {
  const source = operand(value, 0, language) ?? numericOf(convert(value, 'System.Int32', language));
  if (!source) return value;
  const bits = bitsOf(source, language);
  if (isBoxed(value) && value.kind === 'enum') return enumValue(value.type, Number(BigInt.asIntN(32, ~bits.value)));
  return box(~bits.value, bits.type);
};
