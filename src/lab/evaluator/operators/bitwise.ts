import { convert } from '../conversion/convert.ts';
import { fromNumeric, numericOf, parseNumeric } from '../conversion/numeric.ts';
import type { Language } from '../language.ts';
import { enumValue, integer } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** Bit operators. */
export type BitOperator = 'band' | 'bor' | 'bxor' | 'shl' | 'shr';

type Bits = {
  readonly value: bigint;
  readonly type: 'Int32' | 'UInt32' | 'Int64' | 'UInt64';
  /** Was a double or a decimal. */
  readonly rounded?: true;
};

const bitsOf = (value: Value, language: Language): Bits => {
  const source =
    typeof value === 'string'
      ? (parseNumeric(value) ?? numericOf(convert(value, 'System.Int32', language)))
      : numericOf(value);
  if (!source) return { value: BigInt(Number(convert(value, 'System.Int32', language))), type: 'Int32' };
  if ('integer' in source) {
    const type =
      source.type === 'Int64' || source.type === 'UInt64' || source.type === 'UInt32' ? source.type : 'Int32';
    return { value: source.integer, type };
  }
  // Doubles and decimals are taken as the integer they round to.
  const whole = numericOf(convert(fromNumeric(source), 'System.Int64', language));
  const rounded = whole && 'integer' in whole ? whole.integer : 0n;
  return { value: rounded, type: 'Int32', rounded: true };
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
  }
};

const common = (a: Bits, b: Bits): Bits['type'] => {
  if (a.rounded || b.rounded) return a.value < 0n || b.value < 0n ? 'Int64' : 'UInt64';
  if (a.type === b.type) return a.type;
  if (a.type === 'UInt64' || b.type === 'UInt64') return 'UInt64';
  return a.type === 'Int64' || b.type === 'Int64' ? 'Int64' : 'UInt32';
};

/** `left -band right` and its like; enums stay enums. */
export const bitwise = (operator: BitOperator, left: Value, right: Value, language: Language): Value => {
  const asEnum = isBoxed(left) && left.kind === 'enum' ? left.type : undefined;
  const other = asEnum && typeof right === 'string' ? convert(right, asEnum.name, language) : right;
  const a = bitsOf(left, language);
  const b = bitsOf(other, language);
  if (operator === 'shl' || operator === 'shr') {
    const width = a.type === 'Int32' || a.type === 'UInt32' ? 31n : 63n;
    const by = b.value & width;
    return box(operator === 'shl' ? a.value << by : a.value >> by, a.type);
  }
  const result = operator === 'band' ? a.value & b.value : operator === 'bor' ? a.value | b.value : a.value ^ b.value;
  if (asEnum) return enumValue(asEnum, Number(BigInt.asIntN(32, result)));
  return box(result, common(a, b));
};

/** `-bnot value`. */
export const bitwiseNot = (value: Value, language: Language): Value => {
  const bits = bitsOf(value, language);
  if (isBoxed(value) && value.kind === 'enum') return enumValue(value.type, Number(BigInt.asIntN(32, ~bits.value)));
  return box(~bits.value, bits.type);
};
