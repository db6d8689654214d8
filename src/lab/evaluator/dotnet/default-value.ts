import type { CallContext } from '../host.ts';
import { dateTime, timeSpan } from '../make.ts';
import type { Value } from '../value.ts';

/**
 * What a variable of a .NET type holds before it is set: zero for value types, null for others.
 * @param type full .NET name
 */
export const defaultValue = (type: string, context: Pick<CallContext, 'convert'>): Value => {
  if (type === 'System.DateTime') return dateTime(0n);
  if (type === 'System.TimeSpan') return timeSpan(0n);
  return /^System\.(U?Int\d+|S?Byte|Double|Single|Decimal|Boolean|Char)$/.test(type)
    ? context.convert(null, type)
    : null;
};
