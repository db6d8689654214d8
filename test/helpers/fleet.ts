import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type OpenEngine, openEngine } from '../../src/compose/open-engine.ts';
import { type ReachableRedis, reachOrStartRedis } from '../../src/compose/private-redis.ts';
import { shippedPlaybooks } from '../../src/compose/shipped.ts';
import { spawnWorker, type WorkerProcess } from '../../src/compose/spawn-worker.ts';
import { labPace, type WorkerConfigInput, workerConfig } from '../../src/compose/worker-config.ts';
import { type JournalEvent, runChain } from '../../src/journal/event.ts';
import type { HostEnd } from '../../src/journal/event-data.ts';
import type { LabSpec } from '../../src/lab/faults/lab-spec.ts';
import { startLab } from '../../src/lab/start-lab.ts';
import type { Engine, Sign } from '../../src/operations/engine.ts';
import { followRun } from '../../src/operations/follow.ts';
import { openInstallationKey } from '../../src/operations/installation-key.ts';
import { launchRun } from '../../src/operations/launch.ts';
import { type PlanInputs, preparePlan } from '../../src/operations/prepare-plan.ts';
import { signDocument } from '../../src/planning/signature.ts';
import type { RedisAddress } from '../../src/queue/connect-redis.ts';
import { loadHostKitText } from '../../src/remote/powershell/host-kit-text.ts';
import { type HostWatch, watchHost } from './lab-host-watch.ts';

/** Where a worker kills itself: right behind the event of this kind that it writes for the `nth` time in this chain (`*`: the run's own). */
export type CrashPoint = { readonly host: string; readonly kind: string; readonly nth: number };

/** Where a worker stops itself (SIGSTOP): right behind the first such event; whoever holds its process lets it continue. */
export type FreezePoint = { readonly host: string; readonly kind: string; readonly step: string };

/** A lab of the fleet, its hosts under watch. */
export interface FleetLab extends AsyncDisposable {
  readonly inventory: string;
  readonly hosts: ReadonlyMap<string, HostWatch>;
  /** The only host, or the one of this name. @throws RangeError where there is none */
  host(name?: string): HostWatch;
}

/** What a test worker is started with. */
export type FleetWorkerOptions = {
  readonly crash?: CrashPoint;
  readonly freeze?: FreezePoint;
  readonly concurrency?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly times?: WorkerConfigInput['times'];
  readonly limits?: WorkerConfigInput['limits'];
};

/** A whole installation of its own on lab hosts: Redis, key, engine, and workers as child processes. */
export interface Fleet extends AsyncDisposable {
  readonly folder: string;
  /** The project folder in which runs are planned, with the fixture's playbooks and actions. */
  readonly projectDir: string;
  readonly redis: RedisAddress;
  readonly engine: Engine;
  readonly opened: OpenEngine;
  readonly sign: Sign;
  /** Password of the lab hosts, and the variable in which workers find it. */
  readonly password: string;
  readonly passwordVariable: string;
  /** What the workers have written to their logs so far. */
  readonly log: () => string;
  addLab(spec: LabSpec['hosts']): Promise<FleetLab>;
  /** Plans with the product's own planning and launches. */
  launch(lab: FleetLab, inputs?: Partial<PlanInputs>): Promise<string>;
  startWorker(name: string, options?: FleetWorkerOptions): Promise<WorkerProcess>;
  /** Follows the journal until every host of the run has ended. */
  untilEnded(run: string): Promise<ReadonlyMap<string, HostEnd>>;
  /** The same, and until the coordinator has nothing left to do either. */
  untilRunEnded(run: string): Promise<ReadonlyMap<string, HostEnd>>;
  /** Follows a host's journal until an event comes for which `matches` is true. */
  untilEvent(run: string, host: string, matches: (event: JournalEvent) => boolean): Promise<JournalEvent>;
  /** Waits until the workers have written a line to their logs that matches. */
  untilLog(line: RegExp): Promise<void>;
  /** Starts the Redis again on the same data, after it was ended from outside. */
  restartRedis(): Promise<void>;
}

/** Leases and polls of the tests: another worker takes a host run up within a second. */
const quick: Pick<WorkerConfigInput, 'times' | 'limits'> = {
  times: { ...labPace.times, leaseMs: 800, heartbeatMs: 150, sweepMs: 200, lockMs: 1_000, stalledMs: 500 },
  limits: { ...labPace.limits, retryMs: 100, pollMs: 50, pollMaxMs: 400, claimRetryMs: 200, rebootPollMs: 200 },
};

const defaultInputs = {
  playbook: 'windows-update/file-not-found',
  hosts: 'lab',
  params: [],
  paramsFile: null,
  limit: null,
  batch: null,
  until: null,
  budgets: { failed: null, unreachable: null, rolledBack: null },
};

const crashingWorker = fileURLToPath(new URL('./crashing-worker-process.ts', import.meta.url));

/** A project folder with playbooks and actions of its own: `values` and `licence`. */
const fixtureProject = fileURLToPath(new URL('../fixtures/fleet', import.meta.url));

/** Waits until something holds, by looking again and again; the test's own limit ends it where it never does. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await delay(20);
}

/** Sets up an installation in a folder of its own; everything ends with it. */
export async function openFleet(options: { readonly password?: string } = {}): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-fleet-'));
  const redisFolder = join(folder, 'redis');
  const servers: ReachableRedis[] = [await reachOrStartRedis({ url: null, folder: redisFolder })];
  const address = servers[0]?.address ?? { path: '' };
  const archiveFolder = join(folder, 'archive');
  const opened = openEngine(address, archiveFolder);
  const key = openInstallationKey(join(folder, 'keys'));
  const sign: Sign = (document) => signDocument(document, key);
  const { text: kit } = await loadHostKitText();
  const password = options.password ?? randomBytes(12).toString('base64url');
  const passwordVariable = 'KINTSUGI_LAB_PASSWORD';
  const labs = new Set<FleetLab>();
  const workers = new Set<WorkerProcess>();
  const log: string[] = [];
  const projectDir = join(folder, 'project');
  cpSync(fixtureProject, projectDir, { recursive: true });

  const follow = async (run: string, host: string | null, onEvent: (event: JournalEvent) => boolean): Promise<void> => {
    const found = new AbortController();
    const each = (event: JournalEvent): void => {
      if (onEvent(event)) found.abort();
    };
    await followRun(opened.engine, { run, pollMs: 20, ...(host === null ? {} : { host }) }, each, found.signal);
  };

  return {
    folder,
    projectDir,
    redis: address,
    engine: opened.engine,
    opened,
    sign,
    password,
    passwordVariable,
    log: () => log.join(''),
    async addLab(hosts) {
      const lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts }, password, passwordVariable });
      const inventory = join(folder, `inventory-${randomBytes(4).toString('hex')}.yaml`);
      writeFileSync(inventory, lab.inventoryYaml());
      const watches = new Map(lab.hosts.map((host) => [host.name, watchHost(host)]));
      const added: FleetLab = {
        inventory,
        hosts: watches,
        host(name) {
          const host = name === undefined ? [...watches.values()][0] : watches.get(name);
          if (host === undefined) throw new RangeError(`the lab has no host ${name}`);
          return host;
        },
        async [Symbol.asyncDispose]() {
          if (labs.delete(added)) await lab.close();
        },
      };
      labs.add(added);
      return added;
    },
    async launch(lab, inputs = {}) {
      const { inventory } = lab;
      const prepared = preparePlan(
        { ...defaultInputs, inventory, ...inputs },
        { projectDir, shippedDir: shippedPlaybooks, defaultInventory: inventory, kit, nowMs: Date.now() },
      );
      const { plan, connections } = prepared;
      const blobs = [...prepared.blobs.values()];
      const request = { plan, blobs, connections, sign, launchedBy: 'tester', ticket: null };
      return (await launchRun(opened.engine, request)).run;
    },
    async startWorker(name, given = {}) {
      const config = workerConfig({
        name,
        redis: address,
        trustedKeys: [key.publicKey],
        archiveFolder,
        concurrency: given.concurrency ?? 8,
        logLevel: 'info',
        secretFolder: projectDir,
        times: { ...quick.times, ...given.times },
        limits: { ...quick.limits, ...given.limits },
      });
      const worker = await spawnWorker(config, (line) => void log.push(line), {
        ...(given.crash === undefined && given.freeze === undefined ? {} : { entry: crashingWorker }),
        environment: {
          ...process.env,
          [passwordVariable]: password,
          KINTSUGI_TEST_CRASH: JSON.stringify(given.crash ?? null),
          KINTSUGI_TEST_FREEZE: JSON.stringify(given.freeze ?? null),
          ...given.environment,
        },
      });
      workers.add(worker);
      void worker.ended.then(() => workers.delete(worker));
      return worker;
    },
    async untilEnded(run) {
      await follow(run, null, () => false);
      return await opened.engine.runs.ends(run);
    },
    async untilRunEnded(run) {
      await follow(run, null, () => false);
      await until(async () => !(await opened.open()).some((work) => work.run === run));
      return await opened.engine.runs.ends(run);
    },
    async untilEvent(run, host, matches) {
      let found: JournalEvent | undefined;
      await follow(run, host === runChain ? null : host, (event) => {
        if (found === undefined && event.host === host && matches(event)) found = event;
        return found !== undefined;
      });
      if (found === undefined) throw new Error(`the run ended on ${host} without the event that was waited for`);
      return found;
    },
    untilLog: (line) =>
      until(() =>
        log
          .join('')
          .split('\n')
          .some((each) => line.test(each)),
      ),
    async restartRedis() {
      servers.push(await reachOrStartRedis({ url: null, folder: redisFolder }));
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) worker.process.kill('SIGKILL');
      await Promise.all(Array.from(workers, ({ ended }) => ended));
      await opened[Symbol.asyncDispose]();
      for (const lab of labs) await lab[Symbol.asyncDispose]();
      for (const server of servers) await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
