import { appendToRunChain } from '../journal/run-chain.ts';
import { Failure } from '../kernel/failure.ts';
import type { RunOrder } from '../planning/plan.ts';
import type { Engine, Sign } from './engine.ts';

/** An order for a run: who gives it and how it is signed. */
export type OrderRequest = { readonly run: string; readonly orderedBy: string; readonly sign: Sign };

/**
 * Signs an order, stores it, writes it into the run's chain and wakes the coordinator.
 * @throws Failure `unknown-run`
 */
export async function giveOrder(
  engine: Engine,
  request: OrderRequest,
  order: RunOrder['order'],
  mode: RunOrder['mode'],
): Promise<void> {
  const { run, orderedBy } = request;
  await requireRun(engine, run);
  const orderedAt = new Date(engine.now()).toISOString();
  await engine.runs.addOrder(request.sign({ kintsugi: 'order/v1' as const, run, order, mode, orderedBy, orderedAt }));
  // An order after the end opens the host runs again; each notes its end anew.
  if (order !== 'cancel') await engine.runs.reopen(run);
  await appendToRunChain(engine.journal, run, engine.now, null, {
    kind: 'orderGiven',
    data: { order, mode, orderedBy },
  });
  await engine.wake.coordinator(run);
}

/** The launch document of a run. @throws Failure `unknown-run` */
export async function requireRun(engine: Engine, run: string) {
  const launch = await engine.runs.readLaunch(run);
  if (launch === null) throw new Failure('unknown-run', `There is no run ${run}; \`kintsugi status\` lists the runs.`);
  return launch.document;
}
