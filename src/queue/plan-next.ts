import type { RunEvent } from '../journal/event.ts';
import type { HostEnd } from '../journal/event-data.ts';
import type { Budgets, Plan } from '../planning/plan.ts';

/** What a run's coordinator knows. */
export type RunView = {
  readonly plan: Plan;
  /** The run's own chain. */
  readonly events: readonly RunEvent[];
  readonly ends: ReadonlyMap<string, HostEnd>;
  readonly cancelled: boolean;
};

/** What the coordinator does next. */
export type Move =
  | { readonly kind: 'startBatch'; readonly batch: number; readonly hosts: readonly string[] }
  | { readonly kind: 'withhold'; readonly budget: keyof Budgets; readonly limit: number; readonly count: number }
  /** All of these are started and have not ended: each must be open. */
  | { readonly kind: 'await'; readonly hosts: readonly string[] }
  | { readonly kind: 'end'; readonly ends: { readonly [end: string]: number } }
  | { readonly kind: 'nothing' };

const counted: { readonly [budget in keyof Budgets]: readonly HostEnd['end'][] } = {
  failed: ['blocked', 'not-cured', 'needs-hands'],
  unreachable: ['unreachable'],
  rolledBack: ['rolled-back', 'partly-rolled-back'],
};

/**
 * The next move of a run: batch by batch, each when the one before has ended, as long as the budgets hold. After a cancel, or when
 * a budget is used up, all other hosts are started at once: each then ends untouched and says why. Pure and idempotent.
 */
export function planNext({ plan, events, ends, cancelled }: RunView): Move {
  const started = new Set(events.flatMap((event) => (event.kind === 'batchStarted' ? [event.data.batch] : [])));
  const next = plan.batches.findIndex((_, batch) => !started.has(batch));
  const under = plan.batches
    .flatMap((hosts, batch) => (started.has(batch) ? hosts : []))
    .filter((host) => !ends.has(host));
  const withheld = events.some(({ kind }) => kind === 'budgetExhausted');
  if (next >= 0) {
    const hosts = plan.batches[next] ?? [];
    if (cancelled || withheld) return { kind: 'startBatch', batch: next, hosts };
    const exhausted = exhaustedBudget(plan.budgets, ends);
    if (exhausted !== null) return { kind: 'withhold', ...exhausted };
    if (under.length === 0) return { kind: 'startBatch', batch: next, hosts };
  }
  if (under.length > 0) return { kind: 'await', hosts: under };
  return events.at(-1)?.kind === 'runEnded' ? { kind: 'nothing' } : { kind: 'end', ends: countEnds(ends) };
}

/** The first budget of which more is used than allowed. */
function exhaustedBudget(
  budgets: Budgets,
  ends: ReadonlyMap<string, HostEnd>,
): { readonly budget: keyof Budgets; readonly limit: number; readonly count: number } | null {
  for (const budget of ['failed', 'unreachable', 'rolledBack'] as const) {
    const limit = budgets[budget];
    const count = [...ends.values()].filter(({ end }) => counted[budget].includes(end)).length;
    if (limit !== null && count > limit) return { budget, limit, count };
  }
  return null;
}

function countEnds(ends: ReadonlyMap<string, HostEnd>): { readonly [end: string]: number } {
  const counts: Record<string, number> = {};
  for (const { end } of ends.values()) counts[end] = (counts[end] ?? 0) + 1;
  return counts;
}
