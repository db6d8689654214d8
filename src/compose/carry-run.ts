import { randomBytes } from 'node:crypto';
import { type RunEvent, runChain } from '../journal/event.ts';
import { appendToRunChain } from '../journal/run-chain.ts';
import { Failure } from '../kernel/failure.ts';
import { coordinateRun } from '../queue/coordinate.ts';
import { giveLease, keepLease, takeLease } from '../queue/lease.ts';
import { isOpen, noteClosed, noteOpen } from '../queue/open-work.ts';
import { refusedPart, type VerifiedWork, verifiedOrders, verifyWork } from '../queue/verify-work.ts';
import type { Workshop } from './workshop.ts';

/** After so many milliseconds a coordinator is woken again that found another one at work, which may have looked before the news. */
const againMs = 500;

/** Carries the run itself on: its next batch, its budgets, its end. */
export async function carryRun(shop: Workshop, run: string): Promise<void> {
  const place = { run, host: runChain };
  const lease = await takeLease(
    shop.redis,
    place,
    `${shop.name}-${randomBytes(4).toString('hex')}`,
    shop.times.leaseMs,
  );
  if (lease === null) {
    await shop.wake.coordinator(run, againMs);
    return;
  }
  const keeping = keepLease(shop.redis, place, lease, shop.times, () => undefined);
  try {
    await coordinate(shop, run, await verifyWork(shop, shop.trustedKeys, run));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'work-refused') throw error;
    shop.log('error', { run, reason: error.message }, 'refused what no trusted signature covers');
    const data = { what: refusedPart(error), reason: error.message };
    await appendToRunChain(shop.journal, run, shop.patience.now, null, { kind: 'workRefused', data });
    await noteClosed(shop.redis, place);
  } finally {
    keeping.stop();
    await giveLease(shop.redis, place, lease);
  }
}

async function coordinate(shop: Workshop, run: string, { plan }: VerifiedWork): Promise<void> {
  await noteOpen(shop.redis, { run, host: runChain }, shop.patience.now());
  const read = async () => (await shop.journal.read(run, runChain)).filter(isRunEvent);
  await coordinateRun({
    run,
    plan,
    runs: shop.runs,
    wake: shop.wake,
    now: shop.patience.now,
    chain: {
      read,
      append: async (body) => shop.onEvent(await appendToRunChain(shop.journal, run, shop.patience.now, null, body)),
    },
    cancelled: async () => {
      const refused: string[] = [];
      const orders = await verifiedOrders(shop.runs, shop.trustedKeys, run, ({ signature }, reason) => {
        refused.push(`an order (signature ${String(signature).slice(0, 16)}…) was refused: ${reason}`);
      });
      await noteRefusedOrders(shop, run, refused, await read());
      return orders.some(({ order }) => order === 'cancel');
    },
    open: {
      note: (host, dueMs) => noteOpen(shop.redis, { run, host }, dueMs),
      has: (host) => isOpen(shop.redis, { run, host }),
      close: (host) => noteClosed(shop.redis, { run, host }),
    },
  });
}

/** Every refused order is written down once. */
async function noteRefusedOrders(
  shop: Workshop,
  run: string,
  refused: readonly string[],
  events: readonly RunEvent[],
): Promise<void> {
  const known = new Set(events.flatMap((event) => (event.kind === 'workRefused' ? [event.data.reason] : [])));
  for (const reason of refused) {
    if (known.has(reason)) continue;
    await appendToRunChain(shop.journal, run, shop.patience.now, null, {
      kind: 'workRefused',
      data: { what: 'order', reason },
    });
  }
}

function isRunEvent(event: { readonly kind: string }): event is RunEvent {
  return ['runLaunched', 'batchStarted', 'budgetExhausted', 'orderGiven', 'runEnded', 'workRefused'].includes(
    event.kind,
  );
}
