import type { JournalEvent } from './event.ts';

/** Proof that the writer holds the lease of a host run (or of the run's own chain): checked in the same step as the append. */
export type LeaseProof = { readonly holder: string; readonly fence: number };

/** The end of a chain: number of events and the hash of the last; 0 and 64 zeros where there is none. */
export type ChainHead = { readonly length: number; readonly hash: string };

/**
 * The append-only event store (I10). One chain for each host run and one (`*`) for the run itself.
 * Every method fails with `journal-unavailable` while the store cannot be reached.
 */
export interface JournalStore {
  /**
   * Appends an event if it continues the chain and, where a lease is given, its holder and fence are the present ones.
   * Appending the event that is the head already does nothing, so an append whose answer got lost can be repeated.
   * @throws Failure `journal-conflict` (not the head's successor) or `lease-lost`
   */
  append(event: JournalEvent, lease: LeaseProof | null): Promise<void>;
  /** All events of a chain in order; of archived chains too. */
  read(run: string, host: string): Promise<readonly JournalEvent[]>;
  /** The head of a chain. */
  head(run: string, host: string): Promise<ChainHead>;
  /** Names of the chains of a run. */
  chains(run: string): Promise<readonly string[]>;
  /**
   * Removes the events of a chain that has been archived up to `head`; the head stays, so later events continue it.
   * Does nothing where the chain has gone on since.
   */
  trim(run: string, host: string, head: ChainHead): Promise<void>;
}
