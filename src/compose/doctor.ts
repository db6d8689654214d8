import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { DoctorFinding } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import { Failure } from '../kernel/failure.ts';
import { readTrustedKeys } from '../operations/installation-key.ts';
import { connectRedis } from '../queue/connect-redis.ts';
import type { Language } from '../report/words/words.ts';
import { type DoctorWords, doctorWords } from './doctor-words.ts';
import { found, missing, reasonOf } from './finding.ts';
import { installCommand } from './install-command.ts';
import { reachRedisOf } from './installation.ts';
import { examineInventory } from './inventory-findings.ts';

/** Looks at everything that a run needs on this machine, and at the hosts of an inventory. */
export async function examine(
  settings: Settings,
  surroundings: {
    readonly projectDir: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly language: Language;
    /** The inventory, where one is named. */
    readonly inventory: string | null;
  },
): Promise<readonly DoctorFinding[]> {
  const say = doctorWords[surroundings.language];
  return [
    checkNode(process.versions.node, say),
    await checkRedis(settings, say),
    checkKeys(settings, say),
    ...(await examineInventory(settings, surroundings, say)),
    checkPowerShell(surroundings.environment, say),
  ];
}

function checkNode(version: string, say: DoctorWords): DoctorFinding {
  return Number(version.split('.')[0]) >= 20
    ? found('Node', version)
    : missing('Node', say.tooOld(version), say.installNode);
}

async function checkRedis(settings: Settings, say: DoctorWords): Promise<DoctorFinding> {
  const folder = join(settings.home, 'redis');
  try {
    await using reached = await reachRedisOf(settings);
    const redis = connectRedis(reached.address);
    try {
      await redis.ping();
    } finally {
      redis.disconnect();
    }
    return found('Redis', 'url' in reached.address ? say.redisGiven : say.redisPrivate(folder));
  } catch (error) {
    if (error instanceof Failure && error.code === 'redis-missing')
      return missing('Redis', reasonOf(error), installCommand());
    const remedy = settings.redisUrl === null ? say.redisLog(join(folder, 'redis.log')) : say.redisAddress;
    return missing('Redis', reasonOf(error), remedy);
  }
}

function checkKeys({ keyFolder }: Settings, say: DoctorWords): DoctorFinding {
  try {
    const count = readTrustedKeys(keyFolder).length;
    return found(say.keys, count === 0 ? say.noKeys(keyFolder) : say.trusted(count, keyFolder));
  } catch (error) {
    return missing(say.keys, reasonOf(error), say.lookInto(keyFolder));
  }
}

function checkPowerShell(environment: NodeJS.ProcessEnv, say: DoctorWords): DoctorFinding {
  const program = environment['KINTSUGI_PWSH'] ?? 'pwsh';
  const answer = spawnSync(program, ['-NoLogo', '-NoProfile', '-Command', '$PSVersionTable.PSVersion.ToString()'], {
    encoding: 'utf8',
  });
  return answer.status === 0
    ? found(say.powershell, say.optional(answer.stdout.trim()))
    : { what: say.powershell, state: 'warning', detail: say.noPowershell, remedy: '' };
}
