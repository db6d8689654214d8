import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../input/config/settings.ts';
import { readTrustedKeys } from '../operations/installation-key.ts';
import { archiveFolderOf, reachRedisOf } from './installation.ts';
import { openWinRmConnection } from './open-winrm-connection.ts';
import { processLog } from './process-log.ts';
import { startWorker } from './worker.ts';
import { type WorkerConfig, workerConfig } from './worker-config.ts';

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
  await using worker = startWorker(config, openWinRmConnection(config), processLog(config.logLevel, config.name));
  if (options.untilIdle) await worker.idle(options.signal);
  else
    await new Promise<void>((resolve) => {
      if (options.signal.aborted) resolve();
      else options.signal.addEventListener('abort', () => resolve(), { once: true });
    });
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
