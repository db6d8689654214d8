import { numericOf } from '../conversion/numeric.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { double, integer } from '../make.ts';
import type { StaticMethod, TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

const name = 'System.Numerics.BigInteger';
const big = (value: bigint): Value => integer('BigInteger', value);

const read = (value: Value, context: CallContext): bigint => {
  const number = numericOf(context.convert(value, name));
  return number && 'integer' in number ? number.integer : 0n;
};

const two =
  (compute: (a: bigint, b: bigint) => bigint): StaticMethod =>
  ([a, b], context) =>
    big(compute(read(a, context), read(b, context)));

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  for (let [left, square] = [exponent, base % modulus]; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

const parse = (text: string): bigint => {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw netError('System.FormatException', 'The value could not be parsed.');
  return BigInt(text.trim().replace(/^\+/, ''));
};

type Big = { readonly value: bigint };

/** System.Numerics.BigInteger: its values are integers without bounds. */
export const bigIntegerType: TypeDefinition<Big> = defineType<Big>({
  name,
  aliases: ['bigint', 'Numerics.BigInteger'],
  properties: {
    IsEven: { get: ({ value }) => value % 2n === 0n },
    IsZero: { get: ({ value }) => value === 0n },
    IsOne: { get: ({ value }) => value === 1n },
    Sign: { get: ({ value }) => (value < 0n ? -1 : value > 0n ? 1 : 0) },
  },
  construct: (context, args) => big(args.length === 0 ? 0n : read(args[0], context)),
  statics: {
    properties: { Zero: { get: () => big(0n) }, One: { get: () => big(1n) }, MinusOne: { get: () => big(-1n) } },
    methods: {
      Parse: ([text], context) => big(parse(context.text(text))),
      TryParse: ([text, target], context) => {
        const isNumber = /^\s*[+-]?\d+\s*$/.test(context.text(text));
        if (isBoxed(target) && target.kind === 'ref') target.set(big(isNumber ? parse(context.text(text)) : 0n));
        return isNumber;
      },
      Pow: ([base, exponent], context) => big(read(base, context) ** BigInt(intArgument(exponent, context))),
      ModPow: ([base, exponent, modulus], context) =>
        big(power(read(base, context), read(exponent, context), read(modulus, context))),
      Abs: ([value], context) => {
        const given = read(value, context);
        return big(given < 0n ? -given : given);
      },
      Negate: ([value], context) => big(-read(value, context)),
      Add: two((a, b) => a + b),
      Subtract: two((a, b) => a - b),
      Multiply: two((a, b) => a * b),
      Divide: two((a, b) => a / b),
      Remainder: two((a, b) => a % b),
      GreatestCommonDivisor: two(gcd),
      Max: two((a, b) => (a > b ? a : b)),
      Min: two((a, b) => (a < b ? a : b)),
      Compare: ([a, b], context) => {
        const [x, y] = [read(a, context), read(b, context)];
        return x < y ? -1 : x > y ? 1 : 0;
      },
      Log10: ([value], context) => double(Math.log10(Number(read(value, context)))),
    },
  },
});
