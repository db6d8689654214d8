import type { Frame } from './frame.ts';
import type { CallContext } from './host.ts';
import type { Registry } from './registry.ts';

const frames = new WeakMap<CallContext, Frame>();

/** Remembers which frame a context was made for. */
export const bindContext = (context: CallContext, frame: Frame): void => {
  frames.set(context, frame);
};

/** The frame behind a context, for the language's own cmdlets and types. */
export const frameOf = (context: CallContext): Frame => {
  const frame = frames.get(context);
  if (!frame) throw new Error('a context that no evaluator made');
  return frame;
};

/** The registry behind a context. */
export const registryOf = (context: CallContext): Registry => frameOf(context).session.registry;
