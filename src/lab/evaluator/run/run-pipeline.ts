import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { EnoughSignal } from '../signals.ts';
import type { Value } from '../value.ts';
import type { Processor } from './processor.ts';

/** Something that hands objects to the first command, one by one. */
export type Feed = (accept: (value: Value) => Task<void>) => Task<void>;

function* endFrom(processors: readonly Processor[], first: number): Task<void> {
  for (const processor of processors.slice(first)) yield* processor.end();
}

/**
 * Runs commands that are already set up.
 * @param feed the input of the first command; undefined: it has none and processes once
 */
export function* runProcessors(
  processors: readonly Processor[],
  frame: Frame,
  feed: Feed | undefined,
  status: { failed: boolean },
): Task<void> {
  const { session } = frame;
  const { guarded } = session;
  const [first] = processors;
  if (!first) return;
  let reached = 0;
  try {
    for (const processor of processors) yield* processor.begin();
    if (feed) yield* feed((value) => first.process(value));
    else yield* first.process(undefined);
    for (; reached < processors.length; reached++) yield* (processors[reached] ?? first).end();
  } catch (signal) {
    if (!(signal instanceof EnoughSignal)) throw signal;
    const at = processors.findIndex((processor) => processor.identity === signal.requester);
    if (at === -1) throw signal;
    session.guarded = guarded;
    yield* endFrom(processors, at);
  }
  session.ok = !status.failed;
}
