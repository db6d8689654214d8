import type { CommandContext, Task } from '../host.ts';
import { frameOf } from '../registry-of.ts';
import type { Value } from '../value.ts';

/** An object and what it is compared by. */
export type Entry = { readonly value: Value; readonly keys: readonly Value[] };

type Sided = Entry & { readonly side: '==' | '=>' | '<=' };

type Settings = {
  /** How many unpaired objects of each side are remembered. */
  readonly window: number;
  readonly same: (a: Entry, b: Entry) => boolean;
  readonly context: CommandContext;
};

/**
 * Goes through both sides in step, as Compare-Object does: what has no counterpart opposite waits for one to come on the other side;
 * when more than `window` wait on a side, the oldest has none. Pauses while it looks.
 */
export function* pairInWindow(
  left: readonly Entry[],
  right: readonly Entry[],
  { window, same, context }: Settings,
): Task<Sided[]> {
  const { session } = frameOf(context);
  const results: Sided[] = [];
  const waiting: Record<'=>' | '<=', Entry[]> = { '=>': [], '<=': [] };
  const take = function* (entry: Entry, side: '=>' | '<='): Task<Entry | undefined> {
    for (const [place, other] of waiting[side].entries()) {
      if (session.tick()) yield undefined;
      if (same(other, entry)) return waiting[side].splice(place, 1)[0];
    }
    return undefined;
  };
  const wait = (entry: Entry, side: '=>' | '<='): void => {
    const queue = waiting[side];
    while (queue.length > 0 && queue.length >= window) {
      const oldest = queue.shift();
      if (oldest) results.push({ ...oldest, side });
    }
    if (window > 0) queue.push(entry);
    else results.push({ ...entry, side });
  };
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (session.tick()) yield undefined;
    const [reference, difference] = [left[i], right[i]];
    if (reference && difference && same(reference, difference)) {
      results.push({ ...reference, side: '==' });
      continue;
    }
    const known = difference && (yield* take(difference, '<='));
    if (known) results.push({ ...known, side: '==' });
    const awaited = reference && (yield* take(reference, '=>'));
    if (reference && awaited) results.push({ ...reference, side: '==' });
    if (difference && !known) wait(difference, '=>');
    if (reference && !awaited) wait(reference, '<=');
  }
  for (const side of ['=>', '<='] as const) for (const entry of waiting[side]) results.push({ ...entry, side });
  return results;
}
