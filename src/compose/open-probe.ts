import type { Settings } from '../input/config/settings.ts';
import { Failure } from '../kernel/failure.ts';
import type { OpenProbe } from '../operations/probe.ts';
import { moduleNeeds } from '../planning/script-hashes.ts';
import { openConnections } from './open-connection.ts';
import { resolveSecret } from './resolve-secret.ts';
import { workerConfig } from './worker-config.ts';

/** Limit of each question beside the scripts, which have their own; milliseconds. */
const questionMs = 60_000;

/**
 * Opens sessions for probes: read-only, with the plan's own kit text.
 * @param warn told of what lowers the security of a connection
 */
export function openProbeSessions(
  settings: Settings,
  projectDir: string,
  warn: (host: string, text: string) => void,
): OpenProbe {
  const config = workerConfig({
    redis: { url: '' },
    trustedKeys: [],
    archiveFolder: '',
    secretFolder: projectDir,
    connectMs: settings.times.connectMs,
    limits: { graceMs: 0 },
  });
  // Nothing is lost where a probe ends a script: it is told as soon as its time is over.
  const open = openConnections(config, warn, { readGraceMs: 0 });
  return async (connection, { plan, blobs }) => {
    const kitText = blobs.get(plan.kit);
    if (kitText === undefined) throw new Failure('bad-launch', 'The plan holds no host kit; plan again.');
    const password = connection.password && (await resolveSecret(connection.password.secret, projectDir));
    const { kit, close } = await open(connection, { password, kitText, longestMs: questionMs });
    try {
      const facts = await kit.open({
        run: 'probe',
        host: connection.host,
        reference: () => Date.now(),
        ...moduleNeeds(plan, plan.hosts.find(({ id }) => id === connection.host)?.parameters ?? {}),
      });
      return { kit, facts, [Symbol.asyncDispose]: close };
    } catch (error) {
      await close();
      throw error;
    }
  };
}
