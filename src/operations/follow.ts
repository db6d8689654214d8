import { setTimeout as delay } from 'node:timers/promises';
import { type JournalEvent, runChain } from '../journal/event.ts';
import { Failure } from '../kernel/failure.ts';
import type { Engine } from './engine.ts';
import { requireRun } from './give-order.ts';
import { readPlan } from './read-plan.ts';

/**
 * Hands over every event of a run (of all its chains, or of one host's) in the order of each chain, from its beginning,
 * as they come; resolves when all hosts have ended or `signal` is aborted, with `untilEnd: false` as soon as all that is there was
 * handed over. `pollMs` is the longest delay.
 * @throws Failure `unknown-run`, or `bad-input` for a host that is not of the run
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
  const seen = new Map<string, number>();
  while (!signal.aborted) {
    // Ends are read first: what was written before an end was noted is then read for certain.
    const ends = await engine.runs.ends(run);
    for (const chain of request.host === undefined ? [runChain, ...hosts] : hosts) {
      const from = seen.get(chain) ?? 0;
      if ((await engine.journal.head(run, chain)).length <= from) continue;
      const events = (await engine.journal.read(run, chain)).slice(from);
      for (const event of events) onEvent(event);
      seen.set(chain, from + events.length);
    }
    if (request.untilEnd === false || hosts.every((host) => ends.has(host))) return;
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
