import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type OpenEngine, openEngine } from '../../../src/compose/open-engine.ts';
import { type ReachableRedis, reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { type RunningWorker, startWorker } from '../../../src/compose/worker.ts';
import { workerConfig } from '../../../src/compose/worker-config.ts';
import type { OpenConnection } from '../../../src/compose/workshop.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import { openInstallationKey } from '../../../src/operations/installation-key.ts';
import { launchRun } from '../../../src/operations/launch.ts';
import type { HostConnection, Plan } from '../../../src/planning/plan.ts';
import { type SigningKey, signDocument } from '../../../src/planning/signature.ts';
import { fakeKit } from '../../unit/hostrun/fake-kit.ts';
import type { FakeWorld } from '../../unit/hostrun/fake-world.ts';
import { textsOf } from '../../unit/hostrun/plan-for.ts';

/** The environment variable that holds the password of the fake hosts. */
const passwordName = 'KINTSUGI_TEST_PASSWORD';

/** A whole installation on fake hosts: its own Redis, key, engine and workers. */
export interface TestInstallation extends AsyncDisposable {
  readonly redis: ReachableRedis;
  readonly folder: string;
  readonly key: SigningKey;
  readonly opened: OpenEngine;
  readonly worlds: Map<string, FakeWorld>;
  /** Called at every moment of every fake host, and awaited before every answer of one; may be replaced. */
  readonly hooks: { moment: (host: string, name: string) => void; gate: (host: string, name: string) => Promise<void> };
  /** Hosts to which a session was opened, in order. */
  readonly contacts: string[];
  launch(plan: Plan, connections?: readonly Partial<HostConnection>[]): Promise<string>;
  startWorker(name: string, overrides?: { readonly leaseMs?: number; readonly machineIds?: boolean }): RunningWorker;
}

/** How a fake host is reached. */
export function connectionFor(host: string): HostConnection {
  return {
    host,
    address: '192.0.2.1',
    port: 5985,
    transport: 'winrm',
    tls: null,
    mechanisms: ['negotiate'],
    allowUnencrypted: false,
    configurationName: 'Microsoft.PowerShell',
    username: 'ops',
    password: { secret: `env:${passwordName}` },
  };
}

/** Starts an installation on a private Redis in a folder of its own. */
export async function startInstallation(
  machineOf: (host: string) => string = (host) => host,
): Promise<TestInstallation> {
  process.env[passwordName] ??= 'not-a-real-password';
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-test-'));
  const redis = await reachOrStartRedis({ url: null, folder: join(folder, 'redis') });
  const archiveFolder = join(folder, 'archive');
  const opened = openEngine(redis.address, archiveFolder);
  const key = openInstallationKey(join(folder, 'keys'));
  const worlds = new Map<string, FakeWorld>();
  const contacts: string[] = [];
  const workers = new Set<RunningWorker>();
  const hooks: TestInstallation['hooks'] = { moment: () => undefined, gate: async () => undefined };
  const openConnection: OpenConnection = async ({ host }) => {
    contacts.push(host);
    const world = worlds.get(host);
    if (world === undefined) throw new Failure('unreachable', `${host} does not answer`);
    const kit = fakeKit(world, {
      now: () => Date.now(),
      moment: (name) => hooks.moment(host, name),
      gate: (name) => hooks.gate(host, name),
      scriptsOutliveClients: false,
    });
    const open: typeof kit.open = async (options) => ({ ...(await kit.open(options)), machineId: machineOf(host) });
    return { kit: { ...kit, open }, close: async () => undefined };
  };
  return {
    redis,
    folder,
    key,
    opened,
    worlds,
    hooks,
    contacts,
    async launch(plan, connections) {
      const { run } = await launchRun(opened.engine, {
        plan,
        blobs: textsOf(plan),
        connections:
          connections?.map((each) => ({ ...connectionFor('pc1'), ...each })) ??
          plan.hosts.map(({ id }) => connectionFor(id)),
        sign: (document) => signDocument(document, key),
        launchedBy: 'tester',
        ticket: null,
      });
      return run;
    },
    startWorker(name, overrides = {}) {
      const config = workerConfig({
        name,
        redis: redis.address,
        trustedKeys: [key.publicKey],
        archiveFolder,
        concurrency: 8,
        logLevel: 'silent',
        times: {
          leaseMs: overrides.leaseMs ?? 2_000,
          heartbeatMs: 300,
          sweepMs: 300,
          lockMs: 2_000,
          stalledMs: 1_000,
          holdMs: 50,
        },
        limits: { retryMs: 20, connectTries: 2, pollMs: 20, pollMaxMs: 100, claimRetryMs: 100 },
      });
      const worker = startWorker(config, openConnection, () => undefined);
      workers.add(worker);
      return worker;
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until something holds, by looking again and again; the test's own limit ends it where it never does. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await delay(20);
}
