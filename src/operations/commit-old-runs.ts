import { commitRun } from './commit.ts';
import type { Engine, Sign } from './engine.ts';
import { requireRun } from './give-order.ts';
import { readRunReport } from './report.ts';

/**
 * Commits every run that ended longer than `afterMs` ago and was not committed yet, in the name of Kintsugi. Runs of which a host
 * needs hands are left alone: people still need what was set aside there.
 * @returns the ids of the runs
 */
export async function commitOldRuns(
  engine: Engine,
  options: { readonly afterMs: number; readonly sign: Sign },
): Promise<readonly string[]> {
  const committed: string[] = [];
  for (const run of await engine.runs.runs()) {
    if (!(await isOld(engine, run, options.afterMs))) continue;
    await commitRun(engine, { run, orderedBy: 'kintsugi', sign: options.sign });
    committed.push(run);
  }
  return committed;
}

async function isOld(engine: Engine, run: string, afterMs: number): Promise<boolean> {
  const isPast = (time: string) => Date.parse(time) + afterMs <= engine.now();
  // What was launched lately is not read at all.
  if (!isPast((await requireRun(engine, run)).launchedAt)) return false;
  const orders = await engine.runs.readOrders(run);
  if (orders.some(({ document }) => document.order === 'commit')) return false;
  const { endedAt, hosts } = await readRunReport(engine, run);
  return endedAt !== null && isPast(endedAt) && hosts.every(({ end }) => end?.end !== 'needs-hands');
}
