import type { Span } from '../../../powershell/syntax-tree.ts';
import type { Call } from '../frame.ts';
import type { Invocation } from '../value.ts';
import { invocationAt, stackOf } from './report.ts';

/** Where a script stood. */
export type FaultPlace = { readonly invocation: Invocation; readonly stack: string };

const places = new WeakMap<Error, FaultPlace>();

/** Remembers the innermost statement in which something came up that no script can catch: what the lab does not know, and its limits. */
export const noteFaultPlace = (error: Error, call: Call, span: Span): void => {
  if (!places.has(error)) places.set(error, { invocation: invocationAt(call, span), stack: stackOf(call) });
};

/** Where it came up, if a statement was under way. */
export const faultPlace = (error: unknown): FaultPlace | undefined =>
  error instanceof Error ? places.get(error) : undefined;
