import { numericOf, toNumber } from '../conversion/numeric.ts';
import type { CallContext } from '../host.ts';
import type { Value } from '../value.ts';

/** An argument as JavaScript integer (converted as PowerShell converts arguments). */
export const intArgument = (value: Value, context: CallContext): number => {
  if (typeof value === 'number') return value;
  const number = numericOf(context.convert(value, 'System.Int64'));
  return number ? toNumber(number) : 0;
};

/** An argument as JavaScript number. */
export const numberArgument = (value: Value, context: CallContext): number => {
  const number = numericOf(context.convert(value, 'System.Double'));
  return number ? toNumber(number) : 0;
};

/** An argument as bigint (Int64). */
export const longArgument = (value: Value, context: CallContext): bigint => {
  const number = numericOf(context.convert(value, 'System.Int64'));
  return number && 'integer' in number ? number.integer : 0n;
};

/** Whether a comparison argument (StringComparison or its name) ignores case. */
export const ignoresCase = (value: Value, context: CallContext): boolean =>
  value === true || (value !== undefined && /ignorecase/i.test(context.text(value)));
