import { itemsOf } from '../conversion/items.ts';
import type { Task } from '../host.ts';
import type { Pipe } from '../streams.ts';
import type { Value } from '../value.ts';

/** Writes a value to a pipe, collections element by element. */
export function* writeEnumerated(pipe: Pipe, value: Value): Task<void> {
  if (value === undefined) return;
  const items = itemsOf(value);
  if (!items) {
    const work = pipe.write(value);
    if (work) yield* work;
    return;
  }
  // The list may change while the consumer works: .NET would fail, we go on with what it was.
  for (const item of items.slice()) {
    const work = pipe.write(item ?? null);
    if (work) yield* work;
  }
}
