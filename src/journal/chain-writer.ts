import { Failure } from '../kernel/failure.ts';
import type { EventBody, JournalEvent } from './event.ts';
import { emptyHead, headAfter, sealEvent, verifyChain } from './hash-chain.ts';
import type { ChainHead, JournalStore, LeaseProof } from './journal-store.ts';

/** How a store that does not answer is tried again; milliseconds. */
export type Patience = {
  readonly firstMs: number;
  readonly longestMs: number;
  /** After this time the failure is passed on. */
  readonly limitMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/**
 * Asks again while the store cannot be reached, with pauses that double up to a bound. Nothing else is done meanwhile:
 * no new step begins while the journal cannot be written.
 * @throws Failure `journal-unavailable` or `redis-unavailable` after the limit; every other error at once
 */
export async function askPatiently<T>(patience: Patience, ask: () => Promise<T>): Promise<T> {
  const { firstMs, longestMs, limitMs, now, sleep } = patience;
  const since = now();
  for (let pauseMs = firstMs; ; pauseMs = Math.min(pauseMs * 2, longestMs)) {
    try {
      return await ask();
    } catch (error) {
      const away =
        error instanceof Failure && (error.code === 'journal-unavailable' || error.code === 'redis-unavailable');
      if (!away || now() - since >= limitMs) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Reads and continues one chain under a lease. */
export class ChainWriter {
  readonly #store: JournalStore;
  readonly #chain: { readonly run: string; readonly host: string };
  readonly #lease: LeaseProof;
  readonly #patience: Patience;
  #head: ChainHead = emptyHead;

  /** @param chain run and host · @param lease checked at every append */
  constructor(
    store: JournalStore,
    chain: { readonly run: string; readonly host: string },
    lease: LeaseProof,
    patience: Patience,
  ) {
    this.#store = store;
    this.#chain = chain;
    this.#lease = lease;
    this.#patience = patience;
  }

  /** All events so far. @throws Failure `journal-broken` where the chain does not hold, `journal-unavailable` */
  async read(): Promise<readonly JournalEvent[]> {
    const { run, host } = this.#chain;
    const events = await askPatiently(this.#patience, () => this.#store.read(run, host));
    const head = await askPatiently(this.#patience, () => this.#store.head(run, host));
    const fault = verifyChain(events, { run, host, head: head.hash });
    if (fault !== null)
      throw new Failure(
        'journal-broken',
        `The journal of ${run}/${host} is broken at event ${fault.seq}: ${fault.reason}.`,
      );
    const last = events.at(-1);
    this.#head = last === undefined ? emptyHead : headAfter(last);
    return events;
  }

  /** Hash of the last event. */
  head(): string {
    return this.#head.hash;
  }

  /** Seals and appends; comes back when it is written. @throws Failure `lease-lost`, `journal-conflict`, `journal-unavailable` */
  async append(body: EventBody): Promise<JournalEvent> {
    const event: JournalEvent = sealEvent(this.#chain, this.#head, this.#patience.now(), body);
    await askPatiently(this.#patience, () => this.#store.append(event, this.#lease));
    this.#head = headAfter(event);
    return event;
  }
}
