import type { NumericType } from '../conversion/numeric.ts';
import { bounds, convertNumeric, fromNumeric, parseNumeric } from '../conversion/numeric.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { decimal, double } from '../make.ts';
import type { StaticMethod, TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Reference, Value } from '../value.ts';
import { numberArgument } from './argument-values.ts';
import { mathType } from './math.ts';

const parse = (type: NumericType, args: Value[], context: CallContext): Value => {
  const text = context.text(args[0]).trim();
  const styles = args
    .slice(1)
    .map((arg) => context.text(arg))
    .join(' ');
  const hex = /hex/i.test(styles);
  const plain =
    /^[+-]?\d+$/.test(text) ||
    (!/^(Int|UInt|Byte|SByte)/.test(type) && /^[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text));
  const number = hex && /^[0-9a-f]+$/i.test(text) ? parseNumeric(`0x${text}`) : plain ? parseNumeric(text) : undefined;
  if (!number) throw netError('System.FormatException', 'Input string was not in a correct format.');
  const converted = convertNumeric(number, type);
  if (converted === undefined)
    throw netError('System.OverflowException', `Value was either too large or too small for an ${type}.`);
  return converted;
};

const tryParse =
  (type: NumericType): StaticMethod =>
  (args, context) => {
    const reference = args.find((arg): arg is Reference => isBoxed(arg) && arg.kind === 'ref');
    try {
      const value = parse(
        type,
        args.filter((arg) => arg !== reference),
        context,
      );
      reference?.set(value);
      return true;
    } catch {
      reference?.set(convertNumeric({ type: 'Int32', integer: 0n }, type));
      return false;
    }
  };

const integerTypes = ['Byte', 'SByte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64'] as const;
const aliases: Readonly<Record<string, readonly string[]>> = {
  Byte: ['byte'],
  SByte: ['sbyte'],
  Int32: ['int'],
  Int64: ['long'],
  Double: ['double'],
  Single: ['float', 'single'],
  Decimal: ['decimal'],
};

const integerType = (type: (typeof integerTypes)[number]): TypeDefinition<Value> => {
  const [low, high] = bounds[type];
  return defineType<Value>({
    name: `System.${type}`,
    aliases: aliases[type] ?? [],
    statics: {
      properties: {
        MaxValue: { get: () => fromNumeric({ type, integer: high }) },
        MinValue: { get: () => fromNumeric({ type, integer: low }) },
      },
      methods: { Parse: (args, context) => parse(type, args, context), TryParse: tryParse(type) },
    },
  });
};

const doubleType = defineType<Value>({
  name: 'System.Double',
  aliases: ['double'],
  statics: {
    properties: {
      MaxValue: { get: () => double(Number.MAX_VALUE) },
      MinValue: { get: () => double(-Number.MAX_VALUE) },
      NaN: { get: () => double(Number.NaN) },
      PositiveInfinity: { get: () => double(Infinity) },
      NegativeInfinity: { get: () => double(-Infinity) },
      Epsilon: { get: () => double(Number.MIN_VALUE) },
    },
    methods: {
      Parse: (args, context) => parse('Double', args, context),
      TryParse: tryParse('Double'),
      IsNaN: ([value], context) => Number.isNaN(numberArgument(value, context)),
      IsInfinity: ([value], context) => Math.abs(numberArgument(value, context)) === Infinity,
    },
  },
});

const singleType = defineType<Value>({
  name: 'System.Single',
  aliases: ['float', 'single'],
  statics: {
    properties: {
      MaxValue: { get: () => fromNumeric({ type: 'Single', float: 3.4028234663852886e38 }) },
      MinValue: { get: () => fromNumeric({ type: 'Single', float: -3.4028234663852886e38 }) },
    },
    methods: { Parse: (args, context) => parse('Single', args, context), TryParse: tryParse('Single') },
  },
});

const asDecimal = (value: Value, context: CallContext): Value => context.convert(value, 'System.Decimal');

/** What [decimal] has of its own beside [math]. */
const decimalMath: Readonly<Record<string, StaticMethod>> = Object.fromEntries(
  ['Truncate', 'Floor', 'Ceiling', 'Round'].map((name) => [
    name,
    ([value, ...rest], context) => mathType.statics?.methods?.[name]?.([asDecimal(value, context), ...rest], context),
  ]),
);

const decimalType = defineType<Value>({
  name: 'System.Decimal',
  aliases: ['decimal'],
  statics: {
    properties: {
      MaxValue: { get: () => decimal(79228162514264337593543950335n) },
      MinValue: { get: () => decimal(-79228162514264337593543950335n) },
      Zero: { get: () => decimal(0n) },
      One: { get: () => decimal(1n) },
    },
    methods: {
      Parse: (args, context) => parse('Decimal', args, context),
      TryParse: tryParse('Decimal'),
      ...decimalMath,
    },
  },
});

const booleanType = defineType<boolean>({
  name: 'System.Boolean',
  aliases: ['bool'],
  statics: {
    properties: { TrueString: { get: () => 'True' }, FalseString: { get: () => 'False' } },
    methods: {
      Parse: ([text], context) => {
        const plain = context.text(text).trim().toLowerCase();
        if (plain !== 'true' && plain !== 'false')
          throw netError('System.FormatException', 'String was not recognized as a valid Boolean.');
        return plain === 'true';
      },
      TryParse: ([text, reference], context) => {
        const plain = context.text(text).trim().toLowerCase();
        if (isBoxed(reference) && reference.kind === 'ref') reference.set(plain === 'true');
        return plain === 'true' || plain === 'false';
      },
    },
  },
});

/** Numeric types and Boolean. */
export const numberTypes = [
  ...integerTypes.map(integerType),
  doubleType,
  singleType,
  decimalType,
  booleanType,
] as readonly TypeDefinition[];
