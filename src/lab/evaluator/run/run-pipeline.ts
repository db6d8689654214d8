import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { EnoughSignal } from '../signals.ts';
import type { Value } from '../value.ts';
import type { Processor } from './processor.ts';

/** Something that hands objects to the first command, one by one. */
export type Feed = (accept: (value: Value) => Task<void> | undefined) => Task<void> | undefined;

function* endFrom(processors: readonly Processor[], first: number): Task<void> {
  for (let at = first; at < processors.length; at++) {
    const work = processors[at]?.end();
    if (work) yield* work;
  }
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
  try {
    for (const processor of processors) {
      const begun = processor.begin();
      if (begun) yield* begun;
    }
    const processed = feed ? feed((value) => first.process(value)) : first.process(undefined);
    if (processed) yield* processed;
    yield* endFrom(processors, 0);
  } catch (signal) {
    if (!(signal instanceof EnoughSignal)) throw signal;
    const at = processors.findIndex((processor) => processor.identity === signal.requester);
    if (at === -1) throw signal;
    session.guarded = guarded;
    yield* endFrom(processors, at);
  }
  session.ok = !status.failed;
}
