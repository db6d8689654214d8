import type { JournalStore } from '../journal/journal-store.ts';
import type { Signed } from '../planning/plan.ts';
import type { BlobStore, RunStore, WakeUp } from '../queue/run-store.ts';

/** What the operations work on: the stores and the queue of one installation. */
export type Engine = {
  readonly journal: JournalStore;
  readonly blobs: BlobStore;
  readonly runs: RunStore;
  readonly wake: WakeUp;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
};

/** Signs a document with the installation's key. */
export type Sign = <T extends { readonly kintsugi: string }>(document: T) => Signed<T>;
