import type { Engine } from './engine.ts';
import { giveOrder, type OrderRequest } from './give-order.ts';
import { requireEndedRun } from './roll-back.ts';

/**
 * Makes an ended run final: set-aside folders, captures and shadow copies of it are removed from its hosts; restore points stay.
 * @throws Failure `unknown-run` or `run-not-ended`
 */
export async function commitRun(engine: Engine, request: OrderRequest): Promise<void> {
  await requireEndedRun(engine, request.run);
  await giveOrder(engine, request, 'commit', null);
}
