import { netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import type { Value } from '../value.ts';

/** Reads the arguments of a .NET method with the conversions that method binding makes. */
export type MethodArguments = {
  readonly count: number;
  value(index: number): Value;
  text(index: number): string;
  number(index: number): number;
  integer(index: number): number;
  flag(index: number): boolean;
  bytes(index: number): Uint8Array;
};

/** Wraps the arguments of one call. */
export function readArguments(args: readonly Value[], context: CallContext): MethodArguments {
  const number = (index: number): number => {
    const converted = context.convert(args[index], 'double');
    return typeof converted === 'object' && converted !== null && 'kind' in converted && converted.kind === 'float'
      ? converted.value
      : Number(converted);
  };
  return {
    count: args.length,
    value: (index) => args[index],
    text: (index) => context.text(args[index]),
    number,
    integer: (index) => Math.trunc(Number(context.convert(args[index], 'int'))),
    flag: (index) => context.isTrue(args[index]),
    bytes: (index) => {
      const value = args[index];
      if (value instanceof Uint8Array) return value;
      const converted = context.convert(value, 'byte[]');
      if (converted instanceof Uint8Array) return converted;
      throw netError('System.ArgumentNullException', 'Value cannot be null.');
    },
  };
}
