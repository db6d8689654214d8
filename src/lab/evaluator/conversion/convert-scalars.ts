import { parseEnum } from '../enum-text.ts';
import type { Language } from '../language.ts';
import { localOffsetAt } from '../language.ts';
import { char, double, enumValue, exception, timeSpan } from '../make.ts';
import { raise } from '../raise.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { partsOf } from './calendar.ts';
import { parseDate } from './date-parse.ts';
import { itemsOf } from './items.ts';
import type { NumericType } from './numeric.ts';
import { charOf, convertNumeric, numericOf, parseDecimal, parseNumeric } from './numeric.ts';
import { parseTimeSpan } from './time-span-text.ts';
import { dotToString, toText } from './to-text.ts';
import { isTrue } from './truth.ts';

const innerType = (reason: string): string =>
  reason.startsWith('Value was either too large') ? 'System.OverflowException' : 'System.FormatException';

/** Fails as a cast does. */
export const refuse = (value: Value, type: string, language: Language, id: string, reason?: string): never => {
  const shown = Array.isArray(value) ? dotToString(value, language) : toText(value, language);
  const from = typeNameOf(value);
  const quoted = `"${shown}"`;
  const message =
    reason === undefined
      ? `Cannot convert ${value === null || value === undefined ? 'null' : `the ${quoted} value of type "${from}"`} to type "${type}".`
      : `Cannot convert value ${quoted} to type "${type}". Error: "${reason}"`;
  return raise({
    id,
    message,
    category: 'InvalidArgument',
    inner: exception(
      'System.Management.Automation.PSInvalidCastException',
      message,
      reason === undefined ? {} : { inner: exception(innerType(reason), reason) },
    ),
  });
};

/** Short names of the numeric types. */
export const numericTypes = new Set([
  'Byte',
  'SByte',
  'Int16',
  'UInt16',
  'Int32',
  'UInt32',
  'Int64',
  'UInt64',
  'Single',
  'Double',
  'Decimal',
]);

const tooLarge = (short: NumericType): string => {
  const names: Partial<Record<NumericType, string>> = {
    Byte: 'an unsigned byte',
    SByte: 'a signed byte',
    UInt16: 'a UInt16',
    UInt32: 'a UInt32',
    UInt64: 'a UInt64',
    Decimal: 'a Decimal',
  };
  return `Value was either too large or too small for ${names[short] ?? `an ${short}`}.`;
};

/** A value as number of a type. */
export const toNumericType = (value: Value, short: NumericType, type: string, language: Language): Value => {
  if (typeof value === 'string') {
    const parsed = (short === 'Decimal' ? parseDecimal(value) : undefined) ?? parseNumeric(value);
    const isFloat = short === 'Double' || short === 'Single';
    if (!parsed) {
      if (isFloat && /^\s*[+-]?(nan|infinity)\s*$/i.test(value))
        return double(/nan/i.test(value) ? Number.NaN : value.includes('-') ? -Infinity : Infinity);
      return refuse(
        value,
        type,
        language,
        isFloat || short === 'Decimal'
          ? `InvalidCastFromStringTo${isFloat ? 'DoubleOrSingle' : 'Decimal'}`
          : 'InvalidCastFromStringToInteger',
        'Input string was not in a correct format.',
      );
    }
    // A hexadecimal text for an unsigned type keeps its bits.
    const unsigned = short === 'UInt32' && parsed.type === 'Int32' && /^\s*0x/i.test(value);
    const number = unsigned ? { type: 'Int64' as const, integer: BigInt.asUintN(32, parsed.integer) } : parsed;
    return (
      convertNumeric(number, short) ?? refuse(value, type, language, 'InvalidCastFromStringToInteger', tooLarge(short))
    );
  }
  const number = numericOf(value);
  if (number) {
    const id =
      number.type === 'BigInteger' ? 'InvalidCastTargetInvocationExceptionop_Explicit' : 'InvalidCastIConvertible';
    return convertNumeric(number, short) ?? refuse(value, type, language, id, tooLarge(short));
  }
  return refuse(value, type, language, 'ConvertToFinalInvalidCastException');
};

/** A value as Boolean for parameters and typed variables: only Booleans and numbers are taken. */
export const toBoolean = (value: Value, type: string): boolean => {
  const isNumber = isBoxed(value) && (value.kind === 'integer' || value.kind === 'float' || value.kind === 'decimal');
  const taken =
    typeof value === 'boolean' || typeof value === 'number' || isNumber || (isBoxed(value) && value.kind === 'switch');
  if (taken) return isTrue(value);
  return raise({
    id: 'InvalidCastFromStringToBoolean',
    message: `Cannot convert value "${typeNameOf(value) ?? ''}" to type "${type}". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.`,
    category: 'InvalidArgument',
  });
};

/** A value as Char. */
export const toChar = (value: Value, type: string, language: Language): Value => {
  if (typeof value === 'string') {
    if (value.length === 1) return char(value.charCodeAt(0));
    return refuse(
      value,
      type,
      language,
      'InvalidCastParseTargetInvocation',
      'String must be exactly one character long.',
    );
  }
  const number = typeof value === 'boolean' ? undefined : numericOf(value);
  if (!number && typeof value !== 'boolean') return refuseOther(value, type, language);
  return (number && charOf(number)) ?? refuse(value, type, language, 'InvalidCastIConvertible');
};

/** DateTime.MaxValue, in ticks. */
const lastTick = 3_155_378_975_999_999_999n;

/** A whole number of ticks, if it is one that fits. */
const ticksOf = (value: Value): bigint | undefined => {
  if (typeof value === 'number') return BigInt(value);
  return isBoxed(value) && value.kind === 'integer' && value.type !== 'BigInteger' ? value.value : undefined;
};

/** Whether a value is a number (no Boolean, no char). */
export const isNumber = (value: Value): boolean =>
  typeof value === 'number' ||
  (isBoxed(value) && (value.kind === 'integer' || value.kind === 'float' || value.kind === 'decimal'));

/** Fails as .NET's own conversion of a simple value does, or as a cast without any way. */
export const refuseOther = (value: Value, type: string, language: Language): never => {
  const isSimple =
    typeof value === 'boolean' || (isBoxed(value) && (value.kind === 'char' || value.kind === 'datetime'));
  return refuse(value, type, language, isSimple ? 'InvalidCastIConvertible' : 'ConvertToFinalInvalidCastException');
};

/** A value as DateTime. */
export const toDateTime = (value: Value, type: string, language: Language): Value => {
  if (typeof value === 'string') {
    const now = partsOf(621355968000000000n + BigInt(Math.round(language.hooks.wallClockMs())) * 10_000n);
    const date = parseDate(value, (ticks) => localOffsetAt(language, ticks), now);
    return (
      date ??
      refuse(
        value,
        type,
        language,
        'InvalidCastParseTargetInvocationWithFormatProvider',
        'String was not recognized as a valid DateTime.',
      )
    );
  }
  const number = ticksOf(value);
  if (number !== undefined && (number < 0n || number > lastTick))
    return refuse(
      value,
      type,
      language,
      'InvalidCastConstructorException',
      'Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.',
    );
  if (number !== undefined) return { kind: 'datetime', ticks: number, zone: 'Unspecified' };
  return isNumber(value) ? toDateTime(toText(value, language), type, language) : refuseOther(value, type, language);
};

/** A value as TimeSpan. */
export const toTimeSpan = (value: Value, type: string, language: Language): Value => {
  if (typeof value === 'string') {
    const ticks = parseTimeSpan(value);
    return ticks === undefined
      ? refuse(
          value,
          type,
          language,
          'InvalidCastParseTargetInvocationWithFormatProvider',
          'String was not recognized as a valid TimeSpan.',
        )
      : timeSpan(ticks);
  }
  const number = ticksOf(value);
  if (number !== undefined) return timeSpan(number);
  return isNumber(value) ? toTimeSpan(toText(value, language), type, language) : refuseOther(value, type, language);
};

/** A value as value of an enum type; undefined if the type is no enum. */
export const toEnum = (value: Value, type: string, language: Language): Value => {
  const definition = language.registry.enums.get(type.toLowerCase());
  if (!definition) return undefined;
  if (isBoxed(value) && value.kind === 'enum' && value.type.name !== type) return enumValue(definition, value.value);
  if (typeof value === 'string') {
    const number = parseEnum(definition, value);
    if (number !== undefined) return enumValue(definition, number);
    const names = Object.keys(definition.values).join(', ');
    const reason = `Unable to match the identifier name ${value} to a valid enumerator name. Specify one of the following enumerator names and try again:\n${names}`;
    const message = `Cannot convert value "${value}" to type "${type}". Error: "${reason}"`;
    return raise({
      id: 'SubstringDisambiguationEnumParseThrewAnException',
      message,
      category: 'InvalidArgument',
      inner: exception('System.Management.Automation.PSInvalidCastException', reason),
    });
  }
  const items = itemsOf(value);
  if (items)
    return enumValue(
      definition,
      items.reduce<number>((bits, item) => {
        const one = toEnum(item, type, language);
        return isBoxed(one) && one.kind === 'enum' ? bits | one.value : bits;
      }, 0),
    );
  if (typeof value === 'boolean') return refuseOther(value, type, language);
  const number = value === null || value === undefined ? undefined : numericOf(value);
  if (number && 'integer' in number) {
    const known =
      definition.flags || Object.values(definition.values).some((candidate) => BigInt(candidate) === number.integer);
    if (known) return enumValue(definition, Number(number.integer));
    const message = `Cannot convert value "${number.integer}" to type "${type}" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are "${Object.keys(definition.values).join(',')}".`;
    return raise({
      id: 'UndefinedIntegerToEnum',
      message,
      category: 'InvalidArgument',
      inner: exception('System.Management.Automation.PSInvalidCastException', message),
    });
  }
  return refuse(
    value,
    type,
    language,
    value === null || value === undefined ? 'nullToEnumInvalidCast' : 'ConvertToFinalInvalidCastException',
  );
};
