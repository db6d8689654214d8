import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { Session } from '../session.ts';
import { EnoughSignal } from '../signals.ts';
import type { Value } from '../value.ts';
import type { Processor } from './processor.ts';

/** Something that hands objects to the first command, one by one. */
export type Feed = (accept: (value: Value) => Task<void> | undefined) => Task<void> | undefined;

/** A pipeline at work: each command begins, the first gets its input, each ends. */
type Run = {
  readonly processors: readonly Processor[];
  readonly first: Processor;
  readonly session: Session;
  readonly feed: Feed | undefined;
  readonly status: { failed: boolean };
  readonly guarded: number;
  /** A command has had enough: what is still written to it is nobody's. */
  isOver: boolean;
};

const takeTurn = ({ processors, first, feed }: Run, turn: number): Task<void> | undefined => {
  const { length } = processors;
  if (turn < length) return processors[turn]?.begin();
  if (turn > length) return processors[turn - length - 1]?.end();
  return feed ? feed((value) => first.process(value)) : first.process(undefined);
};

/** The turn from which on a pipeline ends that has enough. @throws signal where it is not for this one */
const turnAfter = (signal: unknown, run: Run): number => {
  const { processors, session, guarded } = run;
  if (run.isOver || !(signal instanceof EnoughSignal)) throw signal;
  const at = processors.findIndex((processor) => processor.identity === signal.requester);
  if (at === -1) throw signal;
  run.isOver = true;
  session.guarded = guarded;
  return processors.length + 1 + at;
};

const takeTurns = (run: Run, from: number): Task<void> | undefined => {
  const last = run.processors.length * 2;
  try {
    for (let turn = from; turn <= last; turn++) {
      const work = takeTurn(run, turn);
      if (work) return goOn(run, turn, work);
    }
  } catch (signal) {
    return takeTurns(run, turnAfter(signal, run));
  }
  run.session.ok = !run.status.failed;
  return undefined;
};

function* goOn(run: Run, turn: number, work: Task<void>): Task<void> {
  let next = turn + 1;
  try {
    yield* work;
  } catch (signal) {
    next = turnAfter(signal, run);
  }
  const rest = takeTurns(run, next);
  if (rest) yield* rest;
}

/**
 * Runs commands that are already set up; what is given back is left to be done.
 * @param feed the input of the first command; undefined: it has none and processes once
 */
export const runProcessors = (
  processors: readonly Processor[],
  frame: Frame,
  feed: Feed | undefined,
  status: { failed: boolean },
): Task<void> | undefined => {
  const { session } = frame;
  const [first] = processors;
  return first && takeTurns({ processors, first, session, feed, status, guarded: session.guarded, isOver: false }, 0);
};
