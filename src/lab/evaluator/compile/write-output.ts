import type { Sequence } from '../conversion/items.ts';
import { sequenceOf } from '../conversion/items.ts';
import type { Task } from '../host.ts';
import type { Pipe } from '../streams.ts';
import type { Value } from '../value.ts';

const writeFrom = (pipe: Pipe, items: Sequence, first: number): Task<void> | undefined => {
  for (let i = first; i < items.length; i++) {
    const work = pipe.write(items.at(i) ?? null);
    if (work) return writeAfter(work, pipe, items, i + 1);
  }
  return undefined;
};

function* writeAfter(work: Task<void>, pipe: Pipe, items: Sequence, next: number): Task<void> {
  yield* work;
  for (let i = next; i < items.length; i++) yield* pipe.write(items.at(i) ?? null) ?? [];
}

/** Writes one item after the other. What is given back must be run to its end. */
export const writeItems = (pipe: Pipe, items: Sequence): Task<void> | undefined => writeFrom(pipe, items, 0);

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
