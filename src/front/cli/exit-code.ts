import type { HostEndName } from '../../journal/event-data.ts';

/** Exit codes of the CLI by what happened. */
export const exitCodes = { good: 0, otherwise: 1, badInput: 2, setUp: 3, needsHands: 4, cancelled: 5 } as const;

const codes: { readonly [end in HostEndName]: number } = {
  repaired: exitCodes.good,
  unchanged: exitCodes.good,
  'not-cured': exitCodes.otherwise,
  'rolled-back': exitCodes.otherwise,
  'partly-rolled-back': exitCodes.otherwise,
  blocked: exitCodes.otherwise,
  deferred: exitCodes.cancelled,
  unreachable: exitCodes.otherwise,
  cancelled: exitCodes.cancelled,
  'needs-hands': exitCodes.needsHands,
};

/** The exit code of a run by the ends of its hosts; where several apply: 3, 4, 1, 5. A host without an end counts as ended otherwise. */
export function runExitCode(ends: readonly (HostEndName | null)[]): number {
  const found = new Set(ends.map((end) => (end === null ? exitCodes.otherwise : codes[end])));
  return worstCode([...found]);
}

/** The exit code of several things that were done: 3, 4, 1, 5, in this order. */
export const worstCode = (found: readonly number[]): number =>
  order.find((code) => found.includes(code)) ?? exitCodes.good;

const order = [exitCodes.setUp, exitCodes.needsHands, exitCodes.otherwise, exitCodes.cancelled];
