import type { RunEvent, RunEventBody } from '../journal/event.ts';
import { runChain } from '../journal/event.ts';
import type { Plan } from '../planning/plan.ts';
import { planNext } from './plan-next.ts';
import type { RunStore, WakeUp } from './run-store.ts';

/** What a run's coordinator works with. */
export type Coordination = {
  readonly run: string;
  readonly plan: Plan;
  readonly runs: RunStore;
  readonly wake: WakeUp;
  /** The run's own chain. */
  readonly chain: {
    readonly read: () => Promise<readonly RunEvent[]>;
    readonly append: (body: RunEventBody) => Promise<void>;
  };
  /** Whether a verified cancel was given. */
  readonly cancelled: () => Promise<boolean>;
  readonly open: {
    readonly note: (host: string, dueMs: number) => Promise<void>;
    readonly has: (host: string) => Promise<boolean>;
    readonly close: (host: string) => Promise<void>;
  };
  readonly now: () => number;
};

/**
 * Carries a run on until nothing is left to do now: small, idempotent, woken by every end of a host run and by every order.
 * What it starts is written first, so a coordinator that dies at any point is followed by one that does the same.
 */
export async function coordinateRun(work: Coordination): Promise<'ended' | 'waits'> {
  const { run, plan, runs, chain, open } = work;
  for (;;) {
    const cancelled = await work.cancelled();
    const [events, ends] = [await chain.read(), await runs.ends(run)];
    const move = planNext({ plan, events, ends, cancelled });
    switch (move.kind) {
      case 'startBatch':
        await chain.append({ kind: 'batchStarted', data: { batch: move.batch, hosts: move.hosts } });
        break;
      case 'withhold': {
        const { budget, limit, count } = move;
        await chain.append({ kind: 'budgetExhausted', data: { budget, limit, count } });
        break;
      }
      case 'await':
        for (const host of move.hosts) {
          if (cancelled || !(await open.has(host))) await begin(work, host);
        }
        return 'waits';
      case 'end':
        await chain.append({ kind: 'runEnded', data: { ends: move.ends } });
        break;
      case 'nothing':
        await open.close(runChain);
        return 'ended';
    }
  }
}

async function begin({ run, open, wake, now }: Coordination, host: string): Promise<void> {
  await open.note(host, now());
  await wake.host(run, host);
}
