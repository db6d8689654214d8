import { Failure } from '../kernel/failure.ts';
import type { HostConnection, Launch, Plan, RunOrder, Signed } from '../planning/plan.ts';
import { waiverFault } from '../planning/protection.ts';
import { verifyDocument } from '../planning/signature.ts';
import type { BlobStore, RunStore } from './run-store.ts';

/** A run as a worker may carry it out: every part is covered by a trusted signature (I7). */
export type VerifiedWork = {
  readonly launch: Launch;
  readonly plan: Plan;
  /** Texts of scripts and kit by hash. */
  readonly texts: ReadonlyMap<string, string>;
};

/** What was found not to be covered; part of the facts of a `work-refused` failure. */
export type RefusedPart = 'job' | 'launch' | 'plan' | 'script' | 'kit' | 'order';

/**
 * Reads a run from the store and checks all of it: the launch by its signature, the plan by the digest in the launch, every
 * script and the kit by their hashes in the plan. Nothing is taken from the worker's own files.
 * @throws Failure `work-refused`; `facts.what` says which part
 */
export async function verifyWork(
  stores: { readonly blobs: BlobStore; readonly runs: RunStore },
  trustedKeys: readonly string[],
  run: string,
): Promise<VerifiedWork> {
  const signed = await stores.runs.readLaunch(run);
  if (signed === null) refuse('job', `there is no launch of run ${run}`);
  const verified = verifyDocument<Launch>(signed, trustedKeys, 'launch/v1');
  if (!verified.ok) refuse('launch', `the launch of run ${run} has no trusted signature (${verified.reason})`);
  const launch = verified.document;
  if (launch.run !== run) refuse('launch', `the launch stored for run ${run} is that of run ${launch.run}`);
  const plan = JSON.parse(await readText(stores.blobs, 'plan', launch.planDigest)) as Plan;
  const unwaivable = waiverFault(plan);
  if (unwaivable !== null) refuse('plan', unwaivable);
  const scripts = Object.values(plan.actions).flatMap((action) => Object.values(action.scripts));
  const texts = new Map<string, string>([[plan.kit, await readText(stores.blobs, 'kit', plan.kit)]]);
  for (const hash of scripts) if (!texts.has(hash)) texts.set(hash, await readText(stores.blobs, 'script', hash));
  return { launch, plan, texts };
}

/** The orders of a run that a trusted key has signed, oldest first; others are handed to `onRefused` and count for nothing. */
export async function verifiedOrders(
  runs: RunStore,
  trustedKeys: readonly string[],
  run: string,
  onRefused: (order: Signed<RunOrder>, reason: string) => void = () => undefined,
): Promise<readonly RunOrder[]> {
  const orders: RunOrder[] = [];
  for (const signed of await runs.readOrders(run)) {
    const verified = verifyDocument<RunOrder>(signed, trustedKeys, 'order/v1');
    if (!verified.ok) onRefused(signed, verified.reason);
    else if (verified.document.run !== run) onRefused(signed, 'it was given for another run');
    else orders.push(verified.document);
  }
  return orders;
}

/** How a host of a run is reached. @throws Failure `work-refused` where the signed launch does not name it */
export function connectionOf({ launch, plan }: VerifiedWork, host: string): HostConnection {
  const connection = launch.connections.find((each) => each.host === host);
  if (connection === undefined || !plan.hosts.some(({ id }) => id === host))
    refuse('job', `the signed launch of run ${launch.run} does not name the host ${host}`);
  return connection;
}

/** Which part of a refused work was at fault. */
export function refusedPart(failure: Failure): RefusedPart {
  const { what } = failure.facts;
  const parts: readonly RefusedPart[] = ['job', 'launch', 'plan', 'script', 'kit', 'order'];
  return parts.find((part) => part === what) ?? 'script';
}

async function readText(blobs: BlobStore, what: RefusedPart, hash: string): Promise<string> {
  try {
    const text = await blobs.get(hash);
    if (text !== null) return text;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'work-refused') throw error;
    throw new Failure('work-refused', error.message, { cause: error, facts: { ...error.facts, what } });
  }
  return refuse(what, `the ${what} ${hash} is not in the store`);
}

function refuse(what: RefusedPart, reason: string): never {
  throw new Failure('work-refused', `Refused: ${reason}.`, { facts: { what } });
}
