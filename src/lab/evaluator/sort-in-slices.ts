import type { Task } from './host.ts';
import { eachInSlices } from './in-slices.ts';
import type { Session } from './session.ts';

const slice = 512;

/**
 * Sorts, stable, with a pause after every few thousand comparisons: a stop is heard while much is sorted.
 * @param order negative: a first
 */
export function* sortInSlices<T>(items: readonly T[], session: Session, order: (a: T, b: T) => number): Task<T[]> {
  const sorted: T[][] = [];
  for (let at = 0; at < items.length; at += slice) {
    if (session.isDue()) yield undefined;
    sorted.push(items.slice(at, at + slice).sort(order));
  }
  while (sorted.length > 1) {
    for (let at = 0; at + 1 < sorted.length; at++) {
      const [left = [], right = []] = sorted.splice(at, 2);
      sorted.splice(at, 0, yield* merge(left, right, session, order));
    }
  }
  return sorted[0] ?? [];
}

function* merge<T>(
  left: readonly T[],
  right: readonly T[],
  session: Session,
  order: (a: T, b: T) => number,
): Task<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined || b === undefined) break;
    if (order(a, b) <= 0) {
      merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
    if (merged.length % slice === 0 && session.isDue()) yield undefined;
  }
  yield* eachInSlices(left.slice(i), session, (one) => void merged.push(one));
  yield* eachInSlices(right.slice(j), session, (one) => void merged.push(one));
  return merged;
}
