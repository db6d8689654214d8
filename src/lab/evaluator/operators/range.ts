import { netError } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { affordable, spend } from '../limit.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';

/** What can't be a number fails as .NET's conversion does. */
const bound = (value: Value, frame: Frame): number => {
  if (isBoxed(value) && (value.kind === 'datetime' || value.kind === 'timespan' || value.kind === 'hashtable'))
    throw netError(
      'System.InvalidCastException',
      value.kind === 'datetime'
        ? "Invalid cast from 'DateTime' to 'Int32'."
        : `Unable to cast object of type '${typeNameOf(value) ?? ''}' to type 'System.IConvertible'.`,
    );
  return Number(frame.context.convert(value, 'System.Int32'));
};

/** The items of `a..b`, none of them held: for who goes through them once. */
export const rangeSequence = (
  from: Value,
  to: Value,
  frame: Frame,
): { readonly length: number; at(index: number): number } => {
  const [start, end] = [bound(from, frame), bound(to, frame)];
  const step = start <= end ? 1 : -1;
  return { length: Math.abs(end - start) + 1, at: (index) => start + index * step };
};

/** `a..b`. */
export function* makeRange(from: Value, to: Value, frame: Frame): Task<Value> {
  const range = rangeSequence(from, to, frame);
  const count = affordable(range.length, 16, 0);
  const items: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 4096 === 4095) {
      spend(4096);
      if (frame.session.isDue()) yield undefined;
    }
    items.push(range.at(i));
  }
  return items;
}
