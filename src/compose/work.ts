import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../input/config/settings.ts';
import { commitOldRuns } from '../operations/commit-old-runs.ts';
import { existingInstallationKey, readTrustedKeys } from '../operations/installation-key.ts';
import { signDocument } from '../planning/signature.ts';
import { archiveFolderOf, reachRedisOf } from './installation.ts';
import { openConnections } from './open-connection.ts';
import { openEngine } from './open-engine.ts';
import { processLog } from './process-log.ts';
import { startWorker } from './worker.ts';
import { type WorkerConfig, workerConfig } from './worker-config.ts';
import type { Log } from './workshop.ts';

/** Interval at which old runs are looked for. */
const commitIntervalMs = 3_600_000;

/** The configuration of a worker under these settings. */
export function workerConfigOf(
  settings: Settings,
  redis: WorkerConfig['redis'],
  projectDir: string,
  concurrency: number | null,
): WorkerConfig {
  const { times } = settings;
  return workerConfig({
    redis,
    trustedKeys: readTrustedKeys(settings.keyFolder),
    archiveFolder: archiveFolderOf(settings),
    secretFolder: projectDir,
    concurrency: concurrency ?? settings.concurrency,
    connectMs: times.connectMs,
    times: { leaseMs: times.leaseMs, heartbeatMs: times.heartbeatMs, sweepMs: times.sweepMs },
    limits: { pollMs: times.pollMs, rebootLimitMs: times.rebootMs },
  });
}

/** Works until told to stop, or until nothing is left to do. */
export async function work(
  settings: Settings,
  projectDir: string,
  options: { readonly concurrency: number | null; readonly untilIdle: boolean; readonly signal: AbortSignal },
): Promise<void> {
  await using redis = await reachRedisOf(settings);
  const config = workerConfigOf(settings, redis.address, projectDir, options.concurrency);
  const log = processLog(config.logLevel, config.name);
  await using worker = startWorker(
    config,
    openConnections(config, (host, text) => log('warn', { host }, text)),
    log,
  );
  await using _commits = commitRegularly(settings, redis.address, log);
  if (options.untilIdle) await worker.idle(options.signal);
  else
    await new Promise<void>((resolve) => {
      if (options.signal.aborted) resolve();
      else options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
}

/** Commits old runs now and every hour, where this machine holds the installation's key: a worker elsewhere cannot sign the order. */
function commitRegularly(settings: Settings, address: WorkerConfig['redis'], log: Log): AsyncDisposable {
  const key = settings.commitAfterMs === 0 ? null : existingInstallationKey(settings.keyFolder);
  if (key === null) return { [Symbol.asyncDispose]: async () => undefined };
  const open = openEngine(address, archiveFolderOf(settings));
  const stop = new AbortController();
  const commit = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const runs = await commitOldRuns(open.engine, {
          afterMs: settings.commitAfterMs,
          sign: (document) => signDocument(document, key),
        });
        if (runs.length > 0) log('info', { runs }, 'committed because of their age');
      } catch (error) {
        // Redis is away, or a run cannot be read: the next round does the same work.
        log('warn', { error: String(error) }, 'old runs were not committed');
      }
      await delay(commitIntervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const committing = commit();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await committing;
      await open[Symbol.asyncDispose]();
    },
  };
}

/**
 * Starts workers that outlive this process and end when nothing is left to do; what they log goes to `worker.log` in the home folder.
 */
export function startDetachedWorkers(
  settings: Settings,
  program: { node: string; entry: string },
  count: number,
): void {
  mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  const log = openSync(join(settings.home, 'worker.log'), 'a', 0o600);
  for (let started = 0; started < count; started += 1) {
    const child: ChildProcess = spawn(program.node, [program.entry, 'worker', '--until-idle'], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.unref();
  }
  closeSync(log);
}
