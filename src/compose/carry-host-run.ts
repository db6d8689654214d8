import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostOrders, HostRunPorts, MachineLease } from '../hostrun/ports.ts';
import { type AttemptResult, runHost } from '../hostrun/run-host.ts';
import { askPatiently, ChainWriter } from '../journal/chain-writer.ts';
import { runChain } from '../journal/event.ts';
import { Failure } from '../kernel/failure.ts';
import { giveLease, giveMachine, type HeldLease, keepLease, takeLease, takeMachine } from '../queue/lease.ts';
import { noteClosed, noteOpen } from '../queue/open-work.ts';
import { connectionOf, type VerifiedWork, verifiedOrders, verifyWork } from '../queue/verify-work.ts';
import { refuseHostRun } from './refuse-work.ts';
import type { Workshop } from './workshop.ts';

/** A host run that somebody was woken for. */
type Place = { readonly run: string; readonly host: string };

/** Carries a host run on as far as it goes now: leased, verified, then told by its journal and its host. */
export async function carryHostRun(shop: Workshop, run: string, host: string): Promise<void> {
  const place = { run, host };
  const holder = `${shop.name}-${randomBytes(4).toString('hex')}`;
  const lease = await takeLease(shop.redis, place, holder, shop.times.leaseMs);
  if (lease === null) return;
  const lost = new AbortController();
  const keeping = keepLease(shop.redis, place, lease, shop.times, () => lost.abort(new Error('the lease is lost')));
  try {
    const signal = AbortSignal.any([shop.stopping, lost.signal]);
    const result = await carry(shop, place, lease, signal);
    keeping.stop();
    await settle(shop, place, lease, result);
  } finally {
    keeping.stop();
    await giveLease(shop.redis, place, lease).catch((error: unknown) =>
      shop.log('warn', { ...place, error: String(error) }, 'the lease runs out by itself'),
    );
  }
}

async function carry(shop: Workshop, place: Place, lease: HeldLease, signal: AbortSignal): Promise<AttemptResult> {
  const journal = new ChainWriter(shop.journal, place, lease, shop.patience);
  try {
    const work = await askPatiently(shop.patience, () => verifyWork(shop, shop.trustedKeys, place.run));
    connectionOf(work, place.host);
    return await runHost(portsFor(shop, place, work, journal, signal));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'work-refused') throw error;
    shop.log('error', { ...place, reason: error.message }, 'refused what no trusted signature covers');
    return await refuseHostRun(shop, place, journal, error);
  }
}

async function settle(shop: Workshop, place: Place, lease: HeldLease, result: AttemptResult): Promise<void> {
  const patiently = <T>(ask: () => Promise<T>) => askPatiently(shop.patience, ask);
  shop.log('info', { ...place, ...result }, 'host run');
  switch (result.kind) {
    case 'ended':
      await patiently(() => shop.runs.noteEnd(place.run, place.host, result.end));
      await patiently(() => noteClosed(shop.redis, place));
      await patiently(() => shop.wake.coordinator(place.run));
      return;
    case 'parked':
      await patiently(() => noteOpen(shop.redis, place, shop.patience.now() + result.ms));
      // The lease goes first: the wake-up must find it free.
      await patiently(() => giveLease(shop.redis, place, lease));
      await patiently(() => shop.wake.host(place.run, place.host, result.ms));
      return;
    case 'left':
      // The sweep, or the next worker, takes it up.
      return;
  }
}

function portsFor(
  shop: Workshop,
  place: Place,
  work: VerifiedWork,
  journal: ChainWriter,
  signal: AbortSignal,
): HostRunPorts {
  const { run, host } = place;
  const connection = connectionOf(work, host);
  const longestMs = Math.max(0, ...Object.values(work.plan.actions).map((action) => action.longestMs));
  const textOf = (hash: string): string => {
    const text = work.texts.get(hash);
    if (text === undefined) throw new RangeError(`no text ${hash} in the plan of run ${run}`);
    return text;
  };
  return {
    plan: work.plan,
    host,
    run,
    worker: shop.name,
    limits: shop.limits,
    journal: {
      read: () => journal.read(),
      head: () => journal.head(),
      append: async (body) => {
        const event = await journal.append(body);
        shop.onEvent(event);
        return event;
      },
    },
    password: connection.password?.secret ?? null,
    open: (password) => shop.openConnection(connection, { password, kitText: textOf(work.plan.kit), longestMs }),
    script: textOf,
    secret: shop.secret,
    orders: async () => await askPatiently(shop.patience, () => ordersFor(shop, run)),
    machine: machineLease(shop, place),
    pacing: {
      now: shop.patience.now,
      sleep: async (ms, until) => {
        await delay(ms, undefined, until === undefined ? {} : { signal: until }).catch(() => undefined);
      },
    },
    nonce: () => randomBytes(8).toString('hex'),
    holdMs: shop.times.holdMs,
    heedMs: shop.times.heedMs,
    signal,
  };
}

async function ordersFor(shop: Workshop, run: string): Promise<HostOrders> {
  const orders = await verifiedOrders(shop.runs, shop.trustedKeys, run);
  const cancel = orders.find(({ order }) => order === 'cancel');
  const events = await shop.journal.read(run, runChain);
  const exhausted = events.find((event) => event.kind === 'budgetExhausted');
  return {
    cancel: cancel === undefined ? null : { mode: cancel.mode, orderedBy: cancel.orderedBy },
    withheld:
      exhausted?.kind === 'budgetExhausted'
        ? `${exhausted.data.budget}: ${exhausted.data.count} of at most ${exhausted.data.limit}`
        : null,
    later: orders.flatMap(({ order, orderedBy }) => (order === 'cancel' ? [] : [{ order, orderedBy }])),
  };
}

function machineLease(shop: Workshop, { run, host }: Place): MachineLease {
  const holder = `${run}/${host}`;
  const patiently = <T>(ask: () => Promise<T>) => askPatiently(shop.patience, ask);
  return {
    sameMachineAs: ({ machineId }) => patiently(() => shop.runs.noteMachine(run, machineId, host)),
    take: async ({ machineId }) => {
      const other = await patiently(() => takeMachine(shop.redis, machineId, holder, shop.times.machineMs));
      return other === null ? { kind: 'taken' } : { kind: 'busy', run: other.split('/')[0] ?? other };
    },
    give: ({ machineId }) => patiently(() => giveMachine(shop.redis, machineId, holder)),
  };
}
