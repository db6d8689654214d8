import type { WaitReason } from '../journal/event-data.ts';
import type { HostRunState } from './state.ts';

/** How a pause grows and when it has lasted long enough; milliseconds. */
export type PausePlan = {
  readonly reason: WaitReason;
  readonly firstMs: number;
  readonly longestMs: number;
  /** Over all pauses for this reason in a row. */
  readonly limitMs: number;
  readonly detail: string;
};

/**
 * The state with a pause before the next command, each twice as long as the one before; or `whenOver(state)` where the same
 * thing has been waited for longer than its limit.
 */
export function pauseOr(
  state: HostRunState,
  atMs: number,
  plan: PausePlan,
  whenOver: (state: HostRunState) => HostRunState,
): HostRunState {
  const { reason, detail } = plan;
  const waited = state.waited?.reason === reason ? state.waited : { reason, sinceMs: atMs, count: 0 };
  if (atMs - waited.sinceMs >= plan.limitMs) return whenOver({ ...state, waited: null, pause: null });
  const ms = Math.min(plan.firstMs * 2 ** Math.min(waited.count, 30), plan.longestMs);
  return { ...state, pause: { reason, ms, detail }, waited: { ...waited, count: waited.count + 1 } };
}

/** The state after what was waited for has come. */
export function waitedEnough(state: HostRunState, ...reasons: readonly WaitReason[]): HostRunState {
  return state.waited !== null && reasons.includes(state.waited.reason) ? { ...state, waited: null } : state;
}
