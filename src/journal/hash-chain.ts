import { digestOf } from '../kernel/canonical-json.ts';
import type { EventBody, EventPlace, JournalEvent } from './event.ts';
import type { ChainHead } from './journal-store.ts';

/** The hash before the first event of a chain. */
export const genesisHash = '0'.repeat(64);

/** The head of a chain without events. */
export const emptyHead: ChainHead = { length: 0, hash: genesisHash };

/** An event without its hash. */
type Unsealed = Omit<EventPlace, 'hash'> & EventBody;

/** The event that continues a chain at `head` (I10): numbered, linked and hashed. */
export function sealEvent<Body extends EventBody>(
  chain: { readonly run: string; readonly host: string },
  head: ChainHead,
  nowMs: number,
  body: Body,
): EventPlace & Body {
  const { run, host } = chain;
  const at = new Date(nowMs).toISOString();
  const place = { run, host, seq: head.length, at, prev: head.hash };
  return { ...body, ...place, hash: digestOf({ ...body, ...place }) };
}

/** The head after an event. */
export function headAfter(event: EventPlace): ChainHead {
  return { length: event.seq + 1, hash: event.hash };
}

/** What is wrong with a chain: at which event, and what was expected there. */
export type ChainFault = { readonly seq: number; readonly reason: string };

/**
 * Tells whether a chain is whole (I10): every event's own hash, its link to the one before, its number; and, where `head` is
 * given (from the host's ledger or the store), whether the chain reaches it, so that a cut tail is found.
 * @returns null where the chain holds
 */
export function verifyChain(
  events: readonly JournalEvent[],
  expected: { readonly run: string; readonly host: string; readonly head?: string },
): ChainFault | null {
  let prev = genesisHash;
  for (const [index, event] of events.entries()) {
    const { hash, ...unsealed }: JournalEvent = event;
    const fault = faultOf(unsealed, index, prev, expected);
    if (fault !== null) return { seq: index, reason: fault };
    if (digestOf(unsealed) !== hash)
      return { seq: index, reason: 'its content does not have the hash that it carries' };
    prev = hash;
  }
  const { head } = expected;
  if (head !== undefined && head !== genesisHash && !events.some(({ hash }) => hash === head))
    return {
      seq: events.length,
      reason: `the event ${head.slice(0, 12)}, known elsewhere, is missing: the tail was cut`,
    };
  return null;
}

function faultOf(
  event: Unsealed,
  index: number,
  prev: string,
  expected: { readonly run: string; readonly host: string },
): string | null {
  if (event.run !== expected.run || event.host !== expected.host) return 'it belongs to another chain';
  if (event.seq !== index) return `it carries number ${event.seq}; an event before it is missing or was added`;
  if (event.prev !== prev) return 'it does not follow the event before it';
  return null;
}
