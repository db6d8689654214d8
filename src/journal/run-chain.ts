import { Failure } from '../kernel/failure.ts';
import { type JournalEvent, type RefusalBody, type RunEventBody, runChain } from './event.ts';
import { sealEvent } from './hash-chain.ts';
import type { JournalStore, LeaseProof } from './journal-store.ts';

/** Attempts against other writers of the same chain before the append is given up. */
const attempts = 50;

/**
 * Appends to a run's own chain, which has several writers (operations and coordinator): after a conflict it is sealed anew.
 * @returns the event as written
 * @throws Failure `journal-conflict` after 50 lost races, `lease-lost`, `journal-unavailable`
 */
export async function appendToRunChain(
  journal: JournalStore,
  run: string,
  now: () => number,
  lease: LeaseProof | null,
  body: RunEventBody | RefusalBody,
): Promise<JournalEvent> {
  for (let attempt = 1; ; attempt += 1) {
    const event: JournalEvent = sealEvent({ run, host: runChain }, await journal.head(run, runChain), now(), body);
    try {
      await journal.append(event, lease);
      return event;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'journal-conflict' || attempt === attempts) throw error;
    }
  }
}
