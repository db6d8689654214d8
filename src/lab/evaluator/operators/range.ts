import type { Frame } from '../frame.ts';
import { affordable } from '../limit.ts';
import type { Value } from '../value.ts';

const bound = (value: Value, frame: Frame): number => Number(frame.context.convert(value, 'System.Int32'));

/** `a..b`. */
export const makeRange = (from: Value, to: Value, frame: Frame): Value => {
  const [start, end] = [bound(from, frame), bound(to, frame)];
  const step = start <= end ? 1 : -1;
  return Array.from({ length: affordable(Math.abs(end - start) + 1, 8) }, (_unused, i) => start + i * step);
};
