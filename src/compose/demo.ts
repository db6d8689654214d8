import { join } from 'node:path';
import type { DemoHost, RunningDemo } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import type { HostEndName } from '../journal/event-data.ts';
import type { LabHost } from '../lab/start-lab.ts';
import { unexpectedDifferences } from '../lab/windows/allowed-differences.ts';
import { diffSnapshots, type Snapshot, takeSnapshot } from '../lab/windows/machine/snapshot.ts';
import { type PlanningPlaces, preparePlan } from '../operations/prepare-plan.ts';
import type { HostReport, RunReport } from '../report/run-report.ts';
import { openInstallation, reachRedisOf } from './installation.ts';
import { demoLabFile, labPasswordVariable, startLabSession } from './lab-session.ts';
import { spawnWorker } from './spawn-worker.ts';
import { workerConfigOf } from './work.ts';
import { labPace } from './worker-config.ts';

/** The playbook that the demo runs. */
const playbook = 'windows-update/file-not-found';

/** How each host of the demo's lab must end, and what else must hold of it. */
const promises: {
  readonly [host: string]: { readonly end: HostEndName; readonly holds: (host: HostReport, rest: number) => boolean };
} = {
  'w11-cache': { end: 'repaired', holds: () => true },
  'w11-clock': { end: 'repaired', holds: (host) => host.stages.slice(1).every((stage) => !stage.reached) },
  'srv-2022': { end: 'rolled-back', holds: (_host, rest) => rest === 0 },
  'w11-healthy': { end: 'unchanged', holds: (host, rest) => rest === 0 && host.protection === null },
  'w11-full': { end: 'blocked', holds: (_host, rest) => rest === 0 },
};

/** What the lab says of a host: all that differs from before the run, and what of it the closed list allows. */
function compare(host: LabHost, before: Snapshot, end: HostEndName | null): DemoHost['difference'] {
  const { differences } = diffSnapshots(before, takeSnapshot(host.machine), host.machine);
  // Only a rollback may leave our own traces; a host that was never to be touched must be the same to the letter.
  const rest = end === 'rolled-back' ? unexpectedDifferences(differences) : differences;
  return { allowed: differences.length - rest.length, rest: rest.map(({ path }) => path) };
}

/** Sets up the demo: its own Redis, a lab of five hosts, two workers, and launches the run. */
export async function startDemo(
  settings: Settings,
  projectDir: string,
  places: Omit<PlanningPlaces, 'defaultInventory' | 'nowMs'>,
  say: (text: string) => void,
): Promise<RunningDemo> {
  const parts: AsyncDisposable[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).toReversed()) await part[Symbol.asyncDispose]();
  };
  const keep = <T extends AsyncDisposable>(part: T): T => {
    parts.push(part);
    return part;
  };
  try {
    return { ...(await setUp(settings, projectDir, places, say, keep)), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function setUp(
  settings: Settings,
  projectDir: string,
  places: Omit<PlanningPlaces, 'defaultInventory' | 'nowMs'>,
  say: (text: string) => void,
  keep: <T extends AsyncDisposable>(part: T) => T,
): Promise<Omit<RunningDemo, typeof Symbol.asyncDispose>> {
  const home = join(settings.home, 'demo');
  const own: Settings = { ...settings, home, keyFolder: join(home, 'keys'), inventory: join(home, 'inventory.yaml') };
  const redis = keep(await reachRedisOf(own));
  say(`Redis:   ${redis.own ? 'private, started' : 'shared'}`);
  const { lab, password, inventoryFile } = await startLabSession(demoLabFile, home, {
    port: null,
    password: undefined,
  });
  keep(lab);
  // The workers of the demo resolve the reference in the inventory from their environment, as real ones do.
  process.env[labPasswordVariable] = password;
  say(`Lab:     ${lab.hosts.map((host) => `${host.name} (127.0.0.1:${host.port})`).join(', ')}`);
  const prepared = preparePlan(
    {
      playbook,
      hosts: 'lab',
      inventory: inventoryFile,
      params: [],
      paramsFile: null,
      limit: null,
      batch: null,
      until: null,
      budgets: { failed: null, unreachable: null, rolledBack: null },
    },
    { ...places, defaultInventory: inventoryFile, nowMs: Date.now() },
  );
  const installation = keep(await openInstallation(own, async () => undefined));
  const before = new Map(lab.hosts.map((host) => [host.name, takeSnapshot(host.machine)]));
  const run = await installation.launch(prepared, null);
  const base = workerConfigOf(own, redis.address, projectDir, null);
  for (const name of ['worker-1', 'worker-2'])
    keep(
      await spawnWorker(
        {
          ...base,
          name,
          logLevel: 'error',
          times: { ...base.times, ...labPace.times },
          limits: { ...base.limits, ...labPace.limits },
        },
        (line) => process.stderr.write(line),
      ),
    );
  say(`Workers: 2\nRun:     ${run} (${playbook})\n`);
  return {
    run,
    installation,
    judge: async (report: RunReport): Promise<readonly DemoHost[]> =>
      lab.hosts.map((host) => {
        const reported = report.hosts.find((each) => each.host === host.name);
        const end = reported?.end?.end ?? null;
        const promise = promises[host.name];
        const snapshot = before.get(host.name);
        const difference = snapshot ? compare(host, snapshot, end) : { allowed: 0, rest: [] };
        const expected = promise?.end ?? 'repaired';
        const ok =
          reported !== undefined &&
          promise !== undefined &&
          end === expected &&
          promise.holds(reported, difference.rest.length);
        return { host: host.name, expected, end, ok, difference };
      }),
  };
}
