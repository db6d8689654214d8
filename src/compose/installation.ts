import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Installation } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import { cancelRun } from '../operations/cancel.ts';
import { commitRun } from '../operations/commit.ts';
import type { Sign } from '../operations/engine.ts';
import { followRun } from '../operations/follow.ts';
import { openInstallationKey } from '../operations/installation-key.ts';
import { launchRun } from '../operations/launch.ts';
import { readRunReport } from '../operations/report.ts';
import { rollBackRun } from '../operations/roll-back.ts';
import { readRunStatus, readStatus } from '../operations/status.ts';
import { signDocument } from '../planning/signature.ts';
import { openEngine } from './open-engine.ts';
import { type ReachableRedis, reachOrStartRedis } from './private-redis.ts';

/** The Redis of these settings. @throws Failure `redis-missing`, `redis-unavailable` */
export function reachRedisOf(settings: Settings): Promise<ReachableRedis> {
  return reachOrStartRedis({ url: settings.redisUrl?.reveal() ?? null, folder: join(settings.home, 'redis') });
}

/** Folder of the journals of ended runs. */
export const archiveFolderOf = (settings: Settings): string => join(settings.home, 'archive');

/** Who is at the keyboard, for journal and report. */
function launcherName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/**
 * Connects to an installation.
 * @param startWorkers sees to it that workers are alive; called with the number that is missing
 * @throws Failure `redis-missing`, `redis-unavailable`, `key-unusable`
 */
export async function openInstallation(
  settings: Settings,
  startWorkers: (count: number) => Promise<void>,
): Promise<Installation> {
  const key = openInstallationKey(settings.keyFolder);
  const sign: Sign = (document) => signDocument(document, key);
  const redis = await reachRedisOf(settings);
  const open = openEngine(redis.address, archiveFolderOf(settings));
  const { engine } = open;
  const by = launcherName();
  return {
    async launch(prepared, ticket) {
      const { plan, connections } = prepared;
      const blobs = [...prepared.blobs.values()];
      return (await launchRun(engine, { plan, blobs, connections, sign, launchedBy: by, ticket })).run;
    },
    async requireWorkers(count) {
      if ((await open.workers()) === 0) await startWorkers(count);
    },
    follow: (run, host, untilEnd, onEvent, signal) =>
      followRun(engine, { run, untilEnd, ...(host === null ? {} : { host }) }, onEvent, signal),
    statuses: () => readStatus(engine),
    status: (run) => readRunStatus(engine, run),
    report: (run) => readRunReport(engine, run),
    cancel: (run, mode) => cancelRun(engine, { run, orderedBy: by, sign, mode }),
    rollBack: (run) => rollBackRun(engine, { run, orderedBy: by, sign }),
    commit: (run) => commitRun(engine, { run, orderedBy: by, sign }),
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
