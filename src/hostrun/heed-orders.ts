import type { HostEventBody } from '../journal/event.ts';
import type { Decision } from './decision.ts';
import type { Work } from './effects/work.ts';

/** Reads what was ordered meanwhile and tells what is new; null where nothing is. Asked before every command (I8). */
export async function heedOrders(
  work: Work,
  tell: (event: HostEventBody) => Promise<Decision>,
): Promise<Decision | null> {
  const { cancel, withheld, later } = await work.ports.orders();
  const { state } = work;
  if (state.phase === 'ended') {
    const next = later[state.ordersTaken];
    if (next === undefined) return null;
    const { orderedBy } = next;
    await tell({ kind: next.order === 'commit' ? 'commitOrdered' : 'rollbackOrdered', data: { orderedBy } });
    return await tell(nextAttempt(work));
  }
  if (cancel !== null && state.cancel === null && state.order === null && state.undo === null && state.outcome === null)
    return await tell({ kind: 'cancelOrdered', data: cancel });
  if (withheld !== null && state.withheld === null && !state.touched)
    return await tell({ kind: 'startWithheld', data: { budget: withheld } });
  return null;
}

/** The event that begins the next attempt, under an owner that no other attempt has. */
export function nextAttempt({ ports, state }: Work): HostEventBody {
  const owner = `${ports.run}/${ports.nonce()}`;
  return { kind: 'attemptStarted', data: { attempt: state.attempt + 1, worker: ports.worker, owner } };
}
