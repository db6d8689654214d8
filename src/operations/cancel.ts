import type { Engine } from './engine.ts';
import { giveOrder, type OrderRequest } from './give-order.ts';

/**
 * Cancels a run (I8): no further step begins. `rollback` undoes what was done, `leave` keeps the finished steps,
 * null does what the playbook's rollback policy says.
 * @throws Failure `unknown-run`
 */
export async function cancelRun(
  engine: Engine,
  request: OrderRequest & { readonly mode: 'rollback' | 'leave' | null },
): Promise<void> {
  await giveOrder(engine, request, 'cancel', request.mode);
}
