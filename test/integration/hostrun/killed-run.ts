import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../../src/compose/open-engine.ts';
import { reachOrStartRedis } from '../../../src/compose/private-redis.ts';
import { labPace, type WorkerConfig, workerConfig } from '../../../src/compose/worker-config.ts';
import type { JournalEvent } from '../../../src/journal/event.ts';
import type { HostEnd } from '../../../src/journal/event-data.ts';
import type { LabSpec } from '../../../src/lab/faults/lab-spec.ts';
import { type Lab, type LabHost, startLab } from '../../../src/lab/start-lab.ts';
import { unexpectedDifferences } from '../../../src/lab/windows/allowed-differences.ts';
import { diffSnapshots, takeSnapshot } from '../../../src/lab/windows/machine/snapshot.ts';
import { openInstallationKey } from '../../../src/operations/installation-key.ts';
import { launchRun } from '../../../src/operations/launch.ts';
import { preparePlan } from '../../../src/operations/prepare-plan.ts';
import { readRunReport } from '../../../src/operations/report.ts';
import { signDocument } from '../../../src/planning/signature.ts';
import { loadHostKitText } from '../../../src/remote/powershell/host-kit-text.ts';
import type { HostReport } from '../../../src/report/run-report.ts';

/** One kill: behind the event with this number, so many milliseconds later (0: at once). */
export type Kill = { readonly at: number; readonly afterMs: number };

/** What a run on one lab host came to, with the workers that were killed on its way. */
export type KilledRun = {
  readonly end: HostEnd;
  readonly events: readonly JournalEvent[];
  readonly report: HostReport;
  readonly kills: number;
  /** Differences of the host's whole state from before the run that the closed list does not cover. */
  readonly differences: readonly string[];
  /** Lines of the host's ledger. */
  readonly ledger: readonly LedgerLine[];
};

/** A record of the ledger file on the lab host. */
type LedgerLine = {
  readonly seq: number;
  readonly kind: string;
  readonly token: number;
  readonly data: { readonly [name: string]: unknown };
};

const passwordVariable = 'KINTSUGI_LAB_PASSWORD';

/** Runs the shipped demo playbook on one lab host with real worker processes, one after another; each is killed where `kills` says. */
export async function runWithKills(
  name: string,
  spec: LabSpec['hosts'][string],
  kills: readonly Kill[],
): Promise<KilledRun> {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-kills-'));
  const password = randomBytes(12).toString('base64url');
  const lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { [name]: spec } }, password, passwordVariable });
  const redis = await reachOrStartRedis({ url: null, folder: join(folder, 'redis') });
  const open = openEngine(redis.address, join(folder, 'archive'));
  const workers = new Set<ChildProcess>();
  try {
    const host = lab.hosts[0];
    if (host === undefined) throw new Error('the lab has no host');
    const before = takeSnapshot(host.machine);
    const key = openInstallationKey(join(folder, 'keys'));
    const run = await launch(open.engine, lab, folder, key);
    const config = workerConfig({
      redis: redis.address,
      trustedKeys: [key.publicKey],
      archiveFolder: join(folder, 'archive'),
      logLevel: 'error',
      times: { ...labPace.times, leaseMs: 700, heartbeatMs: 150, sweepMs: 200, lockMs: 1_000, stalledMs: 500 },
      limits: { ...labPace.limits },
    });
    const done = await superviseWorkers(config, password, kills, workers, async () =>
      (await open.engine.runs.ends(run)).get(name),
    );
    const report = await readRunReport(open.engine, run);
    const [hostReport] = report.hosts;
    if (hostReport === undefined) throw new Error('the report has no host');
    const { differences } = diffSnapshots(before, takeSnapshot(host.machine), host.machine);
    return {
      end: done.end,
      events: await open.engine.journal.read(run, name),
      report: hostReport,
      kills: done.kills,
      differences: unexpectedDifferences(differences).map(({ path }) => path),
      ledger: ledgerOf(host, run),
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await open[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function launch(
  engine: ReturnType<typeof openEngine>['engine'],
  lab: Lab,
  folder: string,
  key: ReturnType<typeof openInstallationKey>,
): Promise<string> {
  const inventory = join(folder, 'inventory.yaml');
  writeFileSync(inventory, lab.inventoryYaml());
  const { text: kit } = await loadHostKitText();
  const shippedDir = join(import.meta.dirname, '../../../playbooks');
  const prepared = preparePlan(
    {
      playbook: 'windows-update/file-not-found',
      hosts: 'lab',
      inventory,
      params: [],
      paramsFile: null,
      limit: null,
      batch: null,
      until: null,
      budgets: { failed: null, unreachable: null, rolledBack: null },
    },
    { projectDir: folder, shippedDir, defaultInventory: inventory, kit, nowMs: Date.now() },
  );
  const { plan, connections } = prepared;
  const blobs = [...prepared.blobs.values()];
  const sign = <T extends { readonly kintsugi: string }>(document: T) => signDocument(document, key);
  return (await launchRun(engine, { plan, blobs, connections, sign, launchedBy: 'tester', ticket: null })).run;
}

async function superviseWorkers(
  config: WorkerConfig,
  password: string,
  kills: readonly Kill[],
  workers: Set<ChildProcess>,
  readEnd: () => Promise<HostEnd | undefined>,
): Promise<{ readonly end: HostEnd; readonly kills: number }> {
  let killed = 0;
  for (;;) {
    const next = kills[killed];
    const child = spawn(process.execPath, [fileURLToPath(new URL('./killing-worker.ts', import.meta.url))], {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: {
        ...process.env,
        [passwordVariable]: password,
        KILL_AT: String(next?.at ?? -1),
        KILL_AFTER_MS: String(next?.afterMs ?? 0),
      },
    });
    workers.add(child);
    child.stdin.write(`${JSON.stringify({ ...config, name: `worker-${killed + 1}` })}\n`);
    let gone = false;
    child.once('exit', () => {
      gone = true;
    });
    for (;;) {
      const end = await readEnd();
      if (end !== undefined) return { end, kills: killed };
      if (gone) break;
      await delay(25);
    }
    killed += 1;
  }
}

function ledgerOf(host: LabHost, run: string): readonly LedgerLine[] {
  const node = host.machine.files.find(`C:\\ProgramData\\Kintsugi\\ledger\\${run}.jsonl`);
  const text = node !== undefined && !node.isFolder ? new TextDecoder().decode(host.machine.files.read(node)) : '';
  return text.split('\n').flatMap((line: string) => (line === '' ? [] : [JSON.parse(line) as LedgerLine]));
}
