import type { Frame } from './frame.ts';
import type { CallContext } from './host.ts';
import type { Registry } from './registry.ts';

/** What every context that the evaluator makes has: the frame it was made for. */
export abstract class OfFrame {
  readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }
}

/** The frame behind a context, for the language's own cmdlets and types. */
export const frameOf = (context: CallContext): Frame => {
  if (context instanceof OfFrame) return context.frame;
  throw new Error('a context that no evaluator made');
};

/** The registry behind a context. */
export const registryOf = (context: CallContext): Registry => frameOf(context).session.registry;
