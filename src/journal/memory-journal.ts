import { Failure } from '../kernel/failure.ts';
import type { JournalEvent } from './event.ts';
import { emptyHead, headAfter } from './hash-chain.ts';
import type { ChainHead, JournalStore, LeaseProof } from './journal-store.ts';

/** Tells which lease of a chain is the present one; null where nobody holds it. */
export type PresentLease = (run: string, host: string) => LeaseProof | null;

/** A journal in this process's memory, for tests and simulations; the same contract as the one in Redis. */
export function memoryJournal(presentLease: PresentLease = () => null): JournalStore {
  const chains = new Map<string, { head: ChainHead; events: JournalEvent[] }>();
  const chainOf = (run: string, host: string) => chains.get(`${run}/${host}`) ?? { head: emptyHead, events: [] };
  return {
    async append(event, lease) {
      const { run, host } = event;
      const chain = chainOf(run, host);
      const present = presentLease(run, host);
      if (lease !== null && (present?.holder !== lease.holder || present.fence !== lease.fence))
        throw new Failure('lease-lost', `Another worker holds ${run}/${host}; this one stops.`);
      if (chain.head.hash === event.hash) return;
      if (chain.head.hash !== event.prev || chain.head.length !== event.seq)
        throw new Failure('journal-conflict', `Event ${event.seq} does not continue the journal of ${run}/${host}.`);
      chains.set(`${run}/${host}`, { head: headAfter(event), events: [...chain.events, event] });
    },
    read: async (run, host) => chainOf(run, host).events,
    head: async (run, host) => chainOf(run, host).head,
    chains: async (run) =>
      [...chains.keys()].filter((key) => key.startsWith(`${run}/`)).map((key) => key.slice(run.length + 1)),
    async trim(run, host, archived) {
      const { head } = chainOf(run, host);
      if (head.hash !== archived.hash) return;
      chains.set(`${run}/${host}`, { head, events: [] });
    },
  };
}
