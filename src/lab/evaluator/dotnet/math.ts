import { defineEnum, defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { decimal, double, int64, integer } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Decimal, IntegerType, Value } from '../value.ts';
import { readArguments } from './arguments.ts';

/** System.MidpointRounding. */
export const midpointRounding = defineEnum('System.MidpointRounding', { ToEven: 0, AwayFromZero: 1 });

const kindOf = (value: Value): string =>
  typeof value === 'number'
    ? 'int'
    : typeof value === 'object' && value !== null && 'kind' in value
      ? value.kind
      : typeof value;

const numericKinds: ReadonlySet<string> = new Set(['int', 'integer', 'float', 'decimal']);

const numeric =
  (compute: (x: number) => number): StaticMethod =>
  (args, context) => {
    return double(compute(readArguments(args, context).number(0)));
  };

/** Rounds half to even (or away from zero) at a number of fraction digits, as .NET does for doubles. */
function roundDouble(value: number, digits: number, away: boolean): number {
  if (!Number.isFinite(value)) return value;
  const scale = 10 ** digits;
  const scaled = value * scale;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  if (rest !== 0.5) return Math.round(scaled) / scale;
  if (away) return (scaled < 0 ? floor : floor + 1) / scale;
  return (floor % 2 === 0 ? floor : floor + 1) / scale;
}

function roundDecimal(value: Decimal, digits: number, away: boolean): Decimal {
  if (value.scale <= digits) return value;
  const divisor = 10n ** BigInt(value.scale - digits);
  const negative = value.unscaled < 0n;
  const size = negative ? -value.unscaled : value.unscaled;
  const whole = size / divisor;
  const twice = (size % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && (away || whole % 2n === 1n));
  const rounded = up ? whole + 1n : whole;
  return decimal(negative ? -rounded : rounded, digits);
}

const isAway = (value: Value, context: CallContext): boolean => {
  const mode = context.convert(value, 'System.MidpointRounding');
  return typeof mode === 'object' && mode !== null && 'kind' in mode && mode.kind === 'enum' && mode.value === 1;
};

const round: StaticMethod = (args, context) => {
  const [first, second, third] = args;
  // A text is never the mode: the overload with digits is taken for it.
  const digitsGiven = args.length > 1 && (kindOf(second) === 'int' || typeof second === 'string');
  const digits = digitsGiven ? Number(context.convert(second, 'System.Int32')) : 0;
  const mode = digitsGiven ? third : second;
  const away = mode === undefined ? false : isAway(mode, context);
  if (digits < 0 || digits > 15)
    throw netError(
      'System.ArgumentOutOfRangeException',
      "Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')",
    );
  const exact = asDecimal(first, context);
  if (exact) return roundDecimal(exact, digits, away);
  return double(roundDouble(readArguments(args, context).number(0), digits, away));
};

/** Whole numbers take the overload for Decimal, as Decimals do. */
const asDecimal = (value: Value, context: CallContext): Decimal | undefined => {
  const kind = kindOf(value);
  if (kind !== 'int' && kind !== 'integer' && kind !== 'decimal') return undefined;
  const converted = context.convert(value, 'decimal');
  return isBoxed(converted) && converted.kind === 'decimal' ? converted : undefined;
};

const overDecimals =
  (compute: (x: number) => number, floor: 'down' | 'up' | 'cut'): StaticMethod =>
  (args, context) => {
    const value = asDecimal(args[0], context);
    if (value) {
      const divisor = 10n ** BigInt(value.scale);
      const cut = value.unscaled / divisor;
      const exact = cut * divisor === value.unscaled;
      const down = exact || value.unscaled > 0n ? cut : cut - 1n;
      const up = exact || value.unscaled < 0n ? cut : cut + 1n;
      return decimal(floor === 'cut' ? cut : floor === 'down' ? down : up);
    }
    return double(compute(readArguments(args, context).number(0)));
  };

const choose =
  (better: (order: number) => boolean): StaticMethod =>
  (args, context) => {
    // A cast names the overload, else the first argument that is a number; the other one is converted to its type.
    const cast = frameOf(context).session.argumentType;
    const type =
      (cast !== undefined && /^System\.(S?Byte|U?Int\d+|Single|Double|Decimal)$/.test(cast) ? cast : undefined) ??
      typeNameOf(args.find((arg) => numericKinds.has(kindOf(arg)))) ??
      'System.Double';
    const [left, right] = args.map((arg) => context.convert(arg ?? 0, type));
    return better(context.compare(left, right)) ? left : right;
  };

const wider = (type: IntegerType, value: bigint): Value =>
  type === 'Byte' ? integer('Int16', value) : type === 'UInt16' ? Number(value) : int64(value);

const abs: StaticMethod = (args, context) => {
  const [value] = args;
  if (typeof value === 'number') {
    if (value === -2147483648)
      throw netError('System.OverflowException', 'Negating the minimum value of a twos complement number is invalid.');
    return Math.abs(value);
  }
  if (typeof value === 'object' && value !== null && 'kind' in value) {
    if (value.kind === 'integer') {
      const size = value.value < 0n ? -value.value : value.value;
      // .NET has no overload for unsigned numbers.
      return value.type.startsWith('U') || value.type === 'Byte' ? wider(value.type, size) : { ...value, value: size };
    }
    if (value.kind === 'decimal') return decimal(value.unscaled < 0n ? -value.unscaled : value.unscaled, value.scale);
  }
  return double(Math.abs(readArguments(args, context).number(0)));
};

const twoNumbers =
  (compute: (a: number, b: number) => number): StaticMethod =>
  (args, context) => {
    const given = readArguments(args, context);
    return double(compute(given.number(0), given.number(1)));
  };

/** System.Math. */
export const mathType = defineType({
  name: 'System.Math',
  aliases: ['Math'],
  statics: {
    properties: { PI: { get: () => double(Math.PI) }, E: { get: () => double(Math.E) } },
    methods: {
      Abs: abs,
      Round: round,
      Floor: overDecimals(Math.floor, 'down'),
      Ceiling: overDecimals(Math.ceil, 'up'),
      Truncate: overDecimals(Math.trunc, 'cut'),
      Max: choose((order) => order >= 0),
      Min: choose((order) => order <= 0),
      Sqrt: numeric(Math.sqrt),
      Exp: numeric(Math.exp),
      Log10: numeric(Math.log10),
      Sin: numeric(Math.sin),
      Cos: numeric(Math.cos),
      Tan: numeric(Math.tan),
      Atan: numeric(Math.atan),
      Pow: twoNumbers((a, b) => a ** b),
      Atan2: twoNumbers(Math.atan2),
      Log: (args, context) => {
        const given = readArguments(args, context);
        const value = Math.log(given.number(0));
        return double(args.length > 1 ? value / Math.log(given.number(1)) : value);
      },
      Sign: (args, context) => Math.sign(readArguments(args, context).number(0)),
      BigMul: (args, context) => {
        const given = readArguments(args, context);
        return int64(BigInt(given.integer(0)) * BigInt(given.integer(1)));
      },
      DivRem: ([dividend, divisor, rest], context) => {
        const wide = [dividend, divisor].some((value) => isBoxed(value) && value.kind === 'integer');
        const [a, b] = [dividend, divisor].map((value) => BigInt(readArguments([value], context).integer(0)));
        if (a === undefined || b === undefined || b === 0n)
          throw netError('System.DivideByZeroException', 'Attempted to divide by zero.');
        const boxed = (value: bigint): Value => (wide ? int64(value) : Number(value));
        if (isBoxed(rest) && rest.kind === 'ref') rest.set(boxed(a % b));
        return boxed(a / b);
      },
    },
  },
});
