import type { Task } from '../host.ts';

const slice = 2048;

/**
 * Sorts, stable, with a pause after every few thousand comparisons: a stop is heard while much is sorted.
 * @param order negative: a first
 */
export function* sortInSlices<T>(items: readonly T[], order: (a: T, b: T) => number): Task<T[]> {
  const sorted: T[][] = [];
  for (let at = 0; at < items.length; at += slice) {
    if (at > 0) yield undefined;
    sorted.push(items.slice(at, at + slice).sort(order));
  }
  while (sorted.length > 1) {
    for (let at = 0; at + 1 < sorted.length; at++) {
      const [left = [], right = []] = sorted.splice(at, 2);
      sorted.splice(at, 0, yield* merge(left, right, order));
    }
  }
  return sorted[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], order: (a: T, b: T) => number): Task<T[]> {
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
    if (merged.length % (slice * 4) === 0) yield undefined;
  }
  return merged.concat(left.slice(i), right.slice(j));
}
