import type { AttemptResult } from '../hostrun/run-host.ts';
import type { ChainWriter } from '../journal/chain-writer.ts';
import type { HostEnd } from '../journal/event-data.ts';
import { appendToRunChain } from '../journal/run-chain.ts';
import type { Failure } from '../kernel/failure.ts';
import { noteClosed } from '../queue/open-work.ts';
import { refusedPart } from '../queue/verify-work.ts';
import type { Workshop } from './workshop.ts';

/**
 * Writes that a host run was refused and ends it without a word to its host. A job that no signed launch knows ends nothing:
 * it is written down in the run's own chain and dropped.
 */
export async function refuseHostRun(
  shop: Workshop,
  place: { readonly run: string; readonly host: string },
  journal: ChainWriter,
  failure: Failure,
): Promise<AttemptResult> {
  const what = refusedPart(failure);
  const reason = failure.message;
  const refusal = { kind: 'workRefused', data: { what, reason } } as const;
  await appendToRunChain(shop.journal, place.run, shop.patience.now, null, refusal);
  if (what === 'job') {
    await noteClosed(shop.redis, place);
    return { kind: 'left', reason };
  }
  const events = await journal.read();
  const last = events.at(-1);
  if (last?.kind === 'hostRunEnded') return { kind: 'ended', end: last.data };
  const begun = events.some(({ kind }) => kind === 'stepBegun');
  const end: HostEnd = {
    end: begun ? 'needs-hands' : 'blocked',
    host: begun ? 'unknown' : 'untouched',
    rebootOwed: false,
    cause: 'work-refused',
    reason,
    remedy:
      'Something in the store was changed after it was signed: launch the plan again and find out who can write to Redis.',
  };
  await journal.append(refusal);
  await journal.append({ kind: 'hostRunEnded', data: end });
  return { kind: 'ended', end };
}
