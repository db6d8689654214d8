import type { Sequence } from '../conversion/items.ts';
import { sequenceOf } from '../conversion/items.ts';
import type { Task } from '../host.ts';
import type { Pipe } from '../streams.ts';
import type { Value } from '../value.ts';

/** Writes one item after the other. */
export function* writeItems(pipe: Pipe, items: Sequence): Task<void> {
  for (let i = 0; i < items.length; i++) {
    const work = pipe.write(items.at(i) ?? null);
    if (work) yield* work;
  }
}

/** Writes a value to a pipe, collections element by element. What is given back must be run to its end. */
export const writeOutput = (pipe: Pipe, value: Value): Task<void> | undefined => {
  if (value === undefined) return undefined;
  // The list may change while the consumer works: .NET would fail, we go on with what it was.
  const items = sequenceOf(value);
  return items ? writeItems(pipe, items) : pipe.write(value);
};

/** The same inside of a task. */
export function* writeEnumerated(pipe: Pipe, value: Value): Task<void> {
  const work = writeOutput(pipe, value);
  if (work) yield* work;
}
