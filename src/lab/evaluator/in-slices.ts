import type { Task } from './host.ts';
import type { Session } from './session.ts';

// Looking at the clock costs as much as some dozens of items.
const between = 256;

/** Goes through items, with a pause whenever it is time to let other work run: a stop is heard, however many they are. */
export function* eachInSlices<T>(items: Iterable<T>, session: Session, visit: (item: T) => void): Task<void> {
  let count = 0;
  for (const item of items) {
    if (++count % between === 0 && session.isDue()) yield undefined;
    visit(item);
  }
}

/** Maps items, with pauses as `eachInSlices` has them. */
export function* mapInSlices<T, R>(items: Iterable<T>, session: Session, map: (item: T) => R): Task<R[]> {
  const made: R[] = [];
  yield* eachInSlices(items, session, (item) => void made.push(map(item)));
  return made;
}
