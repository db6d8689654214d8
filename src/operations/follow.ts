import { setTimeout as delay } from 'node:timers/promises';
import { type JournalEvent, runChain } from '../journal/event.ts';
import { Failure } from '../kernel/failure.ts';
import type { Engine } from './engine.ts';
import { requireRun } from './give-order.ts';
import { readPlan } from './read-plan.ts';

/** How long stores that do not answer are waited for, milliseconds: a restart of Redis must not end whoever looks on. */
const patienceMs = 60_000;

/**
 * Hands over every event of a run (of all its chains, or of one host's) in the order of each chain, from its beginning,
 * as they come; resolves when all hosts have ended or `signal` is aborted, with `untilEnd: false` as soon as all that is there was
 * handed over. `pollMs` is the longest delay.
 * @throws Failure `unknown-run`, or `bad-input` for a host that is not of the run; `journal-unavailable` or `redis-unavailable` after a minute
 *   without an answer
 */
export async function followRun(
  engine: Engine,
  request: { readonly run: string; readonly host?: string; readonly pollMs?: number; readonly untilEnd?: boolean },
  onEvent: (event: JournalEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { run, pollMs = 200 } = request;
  const plan = await readPlan(engine, await requireRun(engine, run));
  const known = plan.hosts.map(({ id }) => id);
  const hosts = request.host === undefined ? known : [request.host];
  if (!hosts.every((host) => known.includes(host)))
    throw new Failure(
      'bad-input',
      `Run ${run} has no host ${JSON.stringify(request.host)}; its hosts: ${known.join(', ')}.`,
    );
  const chains = request.host === undefined ? [runChain, ...hosts] : hosts;
  const seen = new Map<string, number>();
  let answeredMs = engine.now();
  while (!signal.aborted) {
    try {
      // Ends are read first: what was written before an end was noted is then read for certain.
      const ends = await engine.runs.ends(run);
      for (const chain of chains) await tellNews(engine, { run, chain }, seen, onEvent);
      if (request.untilEnd === false || hosts.every((host) => ends.has(host))) return;
      answeredMs = engine.now();
    } catch (error) {
      if (!isAway(error) || engine.now() - answeredMs > patienceMs) throw error;
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function tellNews(
  engine: Engine,
  { run, chain }: { readonly run: string; readonly chain: string },
  seen: Map<string, number>,
  onEvent: (event: JournalEvent) => void,
): Promise<void> {
  const from = seen.get(chain) ?? 0;
  if ((await engine.journal.head(run, chain)).length <= from) return;
  const events = (await engine.journal.read(run, chain)).slice(from);
  seen.set(chain, from + events.length);
  for (const event of events) onEvent(event);
}

function isAway(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'journal-unavailable' || error.code === 'redis-unavailable');
}
