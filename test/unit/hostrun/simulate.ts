import { defaultLimits, type HostRunLimits } from '../../../src/hostrun/limits.ts';
import type { HostOrders, HostRunPorts } from '../../../src/hostrun/ports.ts';
import { type AttemptResult, runHost } from '../../../src/hostrun/run-host.ts';
import type { HostEventBody, JournalEvent } from '../../../src/journal/event.ts';
import { emptyHead, headAfter, sealEvent } from '../../../src/journal/hash-chain.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import type { Plan } from '../../../src/planning/plan.ts';
import { fakeKit } from './fake-kit.ts';
import type { FakeWorld } from './fake-world.ts';

/** A worker's SIGKILL: nothing of that worker does anything any more. */
class WorkerKilled extends Error {}

/** What is to go wrong, at which moment of the whole story (counted from 1). */
export type Mishap = { readonly at: number; readonly kind: 'kill' | 'drop' };

/** A story to be told. */
export type Story = {
  readonly plan: Plan;
  readonly world: FakeWorld;
  readonly mishaps?: readonly Mishap[];
  readonly scriptsOutliveClients?: boolean;
  readonly orders?: (events: readonly JournalEvent[]) => Partial<HostOrders>;
  readonly limits?: Partial<HostRunLimits>;
  readonly run?: string;
  readonly unreachable?: (nowMs: number) => boolean | Failure;
  /** Whether the host refuses the password when it is shown it. */
  readonly denied?: (nowMs: number) => boolean;
  readonly startMs?: number;
  /** The value behind a reference, as the worker of an attempt finds it. */
  readonly secret?: (reference: string, attempt: number) => string;
};

/** What a story came to. */
export type Told = {
  readonly events: readonly JournalEvent[];
  readonly moments: readonly string[];
  readonly result: AttemptResult;
  readonly attempts: number;
};

const noOrders: HostOrders = { cancel: null, withheld: null, later: [] };

/** Runs a host run to its end: a killed worker is followed by another one, a parked run is woken when its time has come. */
export async function tellStory(story: Story): Promise<Told> {
  const { plan, world, mishaps = [], run = 'run-1' } = story;
  let nowMs = story.startMs ?? 1_000_000_000;
  let events: readonly JournalEvent[] = [];
  const moments: string[] = [];
  let attempts = 0;
  const limits = { ...defaultLimits, ...story.limits };

  for (;;) {
    attempts += 1;
    if (attempts > 200) throw new Error(`no end after 200 attempts; last: ${events.at(-1)?.kind}`);
    let dead = false;
    const moment = (name: string) => {
      if (dead) throw new WorkerKilled();
      moments.push(name);
      const mishap = mishaps.find(({ at }) => at === moments.length);
      if (mishap?.kind === 'kill') {
        dead = true;
        throw new WorkerKilled(name);
      }
      if (mishap?.kind === 'drop' && !name.includes('append'))
        throw new Failure('dropped', `the session broke: ${name}`);
    };
    const journal = {
      read: async () => events,
      head: () => events.at(-1)?.hash ?? emptyHead.hash,
      append: async (body: HostEventBody) => {
        moment(`before append ${body.kind}`);
        const last = events.at(-1);
        const event = sealEvent({ run, host: 'pc1' }, last === undefined ? emptyHead : headAfter(last), nowMs, body);
        events = [...events, event];
        nowMs += 5;
        moment(`after append ${body.kind}`);
        return event;
      },
    };
    const ports: HostRunPorts = {
      plan,
      host: 'pc1',
      run,
      worker: `worker-${attempts}`,
      limits,
      journal,
      password: 'env:PASSWORD',
      open: async () => {
        const away = story.unreachable?.(nowMs) ?? false;
        if (away !== false) throw away === true ? new Failure('unreachable', 'no route to host') : away;
        if (story.denied?.(nowMs) === true) throw new Failure('unauthenticated', 'the password is refused');
        const scriptsOutliveClients = story.scriptsOutliveClients ?? false;
        return {
          kit: fakeKit(world, { now: () => nowMs, moment, scriptsOutliveClients }),
          close: async () => undefined,
        };
      },
      script: (sha) => `# ${sha}`,
      secret: async (reference) => story.secret?.(reference, attempts) ?? `value of ${reference}`,
      orders: async () => ({ ...noOrders, ...story.orders?.(events) }),
      machine: { sameMachineAs: async () => null, take: async () => ({ kind: 'taken' }), give: async () => undefined },
      pacing: {
        now: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
      nonce: () => `nonce-${attempts}`,
      holdMs: 1_000,
      heedMs: 1,
      signal: new AbortController().signal,
    };
    let result: AttemptResult;
    try {
      result = await runHost(ports);
    } catch (error) {
      if (!(error instanceof WorkerKilled)) throw error;
      nowMs += 30_000;
      continue;
    }
    if (result.kind === 'parked') {
      nowMs += result.ms;
      continue;
    }
    return { events, moments, result, attempts };
  }
}
