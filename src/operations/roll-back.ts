import { Failure } from '../kernel/failure.ts';
import type { Engine } from './engine.ts';
import { giveOrder, type OrderRequest, requireRun } from './give-order.ts';
import { readPlan } from './read-plan.ts';

/**
 * Undoes an ended run on every host where it left changes; refused after `commit`.
 * @throws Failure `unknown-run`, `run-not-ended`, `run-committed`, or `run-ended` where it was rolled back already
 */
export async function rollBackRun(engine: Engine, request: OrderRequest): Promise<void> {
  await requireEndedRun(engine, request.run);
  const orders = await engine.runs.readOrders(request.run);
  if (orders.some(({ document }) => document.order === 'commit'))
    throw new Failure(
      'run-committed',
      `Run ${request.run} was committed: what a rollback needs has been removed from the hosts. Use the hosts' restore points.`,
    );
  await requireLeft(engine, request.run);
  await giveOrder(engine, request, 'rollback', null);
}

/** An order that finds nothing to put back would only ask all hosts again. */
async function requireLeft(engine: Engine, run: string): Promise<void> {
  const states = [...(await engine.runs.ends(run)).values()].map(({ host }) => host);
  const isBack = states.every((host) => host === 'untouched' || host === 'as-before' || host === 'as-before-except');
  if (isBack && states.some((host) => host !== 'untouched'))
    throw new Failure(
      'run-ended',
      `Run ${run} was rolled back already: all of its changes that have a way back are undone. \`kintsugi report ${run}\` shows them.`,
    );
}

/** @throws Failure `unknown-run`, or `run-not-ended` while a host of the run is under way */
export async function requireEndedRun(engine: Engine, run: string): Promise<void> {
  const launch = await requireRun(engine, run);
  const plan = await readPlan(engine, launch);
  const ends = await engine.runs.ends(run);
  const open = plan.hosts.filter(({ id }) => !ends.has(id)).map(({ id }) => id);
  if (open.length > 0)
    throw new Failure(
      'run-not-ended',
      `Run ${run} is still under way on ${open.join(', ')}; wait for its end or cancel it first.`,
      { facts: { open } },
    );
}
