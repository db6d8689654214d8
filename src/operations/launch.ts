import { randomBytes } from 'node:crypto';
import { appendToRunChain } from '../journal/run-chain.ts';
import { canonicalJson, digestOf, sha256 } from '../kernel/canonical-json.ts';
import { Failure } from '../kernel/failure.ts';
import { newRunId } from '../kernel/ids.ts';
import type { HostConnection, Plan } from '../planning/plan.ts';
import type { Engine, Sign } from './engine.ts';

/** What a launch needs. `blobs` are the texts of the plan's scripts and of the host kit. */
export type LaunchRequest = {
  readonly plan: Plan;
  readonly blobs: readonly string[];
  readonly connections: readonly HostConnection[];
  readonly sign: Sign;
  readonly launchedBy: string;
  readonly ticket: string | null;
};

/**
 * Stores plan, scripts and kit by hash, signs the launch and wakes the run's coordinator.
 * @returns the run's id
 * @throws Failure `bad-launch` where a script of the plan or a host's connection is missing
 */
export async function launchRun(engine: Engine, request: LaunchRequest): Promise<{ readonly run: string }> {
  const { plan, connections } = request;
  requireWhole(request);
  const now = engine.now();
  const run = newRunId(now, randomBytes(8));
  for (const text of request.blobs) await engine.blobs.put(text);
  await engine.blobs.put(canonicalJson(plan));
  const planDigest = digestOf(plan);
  const launchedAt = new Date(now).toISOString();
  const { launchedBy, ticket } = request;
  await engine.runs.addLaunch(
    request.sign({ kintsugi: 'launch/v1' as const, run, planDigest, connections, launchedBy, launchedAt, ticket }),
  );
  await appendToRunChain(engine.journal, run, engine.now, null, {
    kind: 'runLaunched',
    data: {
      planDigest,
      playbook: plan.playbook.id,
      hosts: plan.hosts.length,
      batches: plan.batches.length,
      launchedBy,
      ticket,
    },
  });
  await engine.wake.coordinator(run);
  return { run };
}

function requireWhole({ plan, blobs, connections }: LaunchRequest): void {
  const given = new Set(blobs.map((text) => sha256(text)));
  const wanted = [plan.kit, ...Object.values(plan.actions).flatMap((action) => Object.values(action.scripts))];
  const missing = wanted.filter((hash) => !given.has(hash));
  if (missing.length > 0)
    throw new Failure('bad-launch', `The plan names ${missing.length} texts that were not handed over; plan again.`, {
      facts: { missing },
    });
  const reachable = new Set(connections.map(({ host }) => host));
  const unknown = plan.hosts.filter(({ id }) => !reachable.has(id)).map(({ id }) => id);
  if (unknown.length > 0)
    throw new Failure(
      'bad-launch',
      `No connection is given for ${unknown.join(', ')}; add these hosts to the inventory.`,
      {
        facts: { unknown },
      },
    );
}
