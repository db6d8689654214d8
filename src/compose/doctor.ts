import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { DoctorFinding } from '../front/cli/services.ts';
import type { Settings } from '../input/config/settings.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { resolveSecret } from '../input/inventory/secret-reference.ts';
import { Failure } from '../kernel/failure.ts';
import { readTrustedKeys } from '../operations/installation-key.ts';
import { resolveConnection } from '../planning/connection.ts';
import { installCommand } from './install-command.ts';
import { reachRedisOf } from './installation.ts';

const ok = (what: string, detail: string): DoctorFinding => ({ what, state: 'ok', detail, remedy: '' });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function checkNode(): DoctorFinding {
  const version = process.versions.node;
  if (Number(version.split('.')[0]) >= 20) return ok('Node', version);
  return { what: 'Node', state: 'missing', detail: `${version} is too old`, remedy: 'install Node 20 or later' };
}

async function checkRedis(settings: Settings): Promise<DoctorFinding> {
  try {
    await using redis = await reachRedisOf(settings);
    return ok(
      'Redis',
      'url' in redis.address
        ? 'the one of KINTSUGI_REDIS_URL or kintsugi.yaml'
        : `private, data in ${settings.home}/redis`,
    );
  } catch (error) {
    const remedy =
      error instanceof Failure && error.code === 'redis-missing' ? installCommand() : 'see the log beside its data';
    return { what: 'Redis', state: 'missing', detail: reasonOf(error), remedy };
  }
}

function checkKeys(settings: Settings): DoctorFinding {
  try {
    const count = readTrustedKeys(settings.keyFolder).length;
    return ok(
      'Keys',
      count === 0
        ? `none yet in ${settings.keyFolder}; made at the first launch`
        : `${count} trusted in ${settings.keyFolder}`,
    );
  } catch (error) {
    return { what: 'Keys', state: 'missing', detail: reasonOf(error), remedy: `look into ${settings.keyFolder}` };
  }
}

/** Whether something listens there. */
async function listens(address: string, port: number, limitMs: number): Promise<string | null> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: limitMs });
    const end = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`no answer within ${limitMs / 1000} s`));
    socket.once('error', (error) => end(error.message));
  });
}

async function checkInventory(
  settings: Settings,
  projectDir: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly DoctorFinding[]> {
  if (!existsSync(settings.inventory))
    return [
      {
        what: 'Inventory',
        state: 'warning',
        detail: `${settings.inventory} does not exist`,
        remedy: 'write one, or give one with -i',
      },
    ];
  const inventory = readInventory(settings.inventory);
  if (!inventory.ok)
    return [
      {
        what: 'Inventory',
        state: 'missing',
        detail: `${inventory.faults.length} faults`,
        remedy: `kintsugi validate ${settings.inventory}`,
      },
    ];
  const findings = [ok('Inventory', `${inventory.value.hosts.size} hosts in ${settings.inventory}`)];
  const references = new Set<string>();
  await Promise.all(
    Array.from(inventory.value.hosts.keys(), async (host) => {
      const connection = resolveConnection(inventory.value, host);
      if (!connection.ok)
        return void findings.push({
          what: `Host ${host}`,
          state: 'missing',
          detail: connection.faults[0]?.message ?? '',
          remedy: 'give it a credential',
        });
      const { address, port, password } = connection.value;
      references.add(password.secret);
      const reason = await listens(address, port, settings.times.connectMs);
      findings.push(
        reason === null
          ? ok(`Host ${host}`, `${address}:${port} answers`)
          : {
              what: `Host ${host}`,
              state: 'missing',
              detail: `${address}:${port}: ${reason}`,
              remedy: 'on the host: Enable-PSRemoting -Force; and let the firewall pass the port',
            },
      );
    }),
  );
  for (const reference of references) {
    try {
      resolveSecret(reference, { environment, folder: projectDir });
      findings.push(ok(`Secret ${reference}`, 'readable'));
    } catch (error) {
      findings.push({
        what: `Secret ${reference}`,
        state: 'missing',
        detail: reasonOf(error),
        remedy: 'set it where the workers run',
      });
    }
  }
  return findings;
}

function checkPwsh(environment: NodeJS.ProcessEnv): DoctorFinding {
  const program = environment['KINTSUGI_PWSH'] ?? 'pwsh';
  const answer = spawnSync(program, ['-NoLogo', '-NoProfile', '-Command', '$PSVersionTable.PSVersion.ToString()'], {
    encoding: 'utf8',
  });
  return answer.status === 0
    ? ok('PowerShell on this machine', `${answer.stdout.trim()} (optional)`)
    : {
        what: 'PowerShell on this machine',
        state: 'warning',
        detail: 'none found (optional: nothing of a run needs it)',
        remedy: '',
      };
}

/** Looks at everything that a run needs on this machine and at the hosts of the default inventory. */
export async function examine(
  settings: Settings,
  projectDir: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly DoctorFinding[]> {
  return [
    checkNode(),
    await checkRedis(settings),
    checkKeys(settings),
    ...(await checkInventory(settings, projectDir, environment)),
    checkPwsh(environment),
  ];
}
