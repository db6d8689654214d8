import { Failure } from '../kernel/failure.ts';
import type { HostConnection } from '../planning/plan.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
import type { TapeExchange } from '../remote/protocol/tape/tape.ts';
import { openWinRmShell } from '../remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmMemory } from '../remote/transport/winrm/winrm-memory.ts';
import { readLocalOptions } from './read-local-options.ts';

/** How long the host holds an operation that has nothing to say, and keeps a session whose client has vanished; milliseconds. */
const operationTimeoutMs = 20_000;
const idleTimeoutMs = 15 * 60_000;

/** What a session is opened with beside the connection. `onExchange` records a session over WinRM. */
export type ShellSurroundings = {
  /** Null where the login needs none. */
  readonly password: string | null;
  /** Limit for reaching the host and logging in, ms. */
  readonly connectMs: number;
  /** Where relative paths of certificates, keytabs and secrets start from. */
  readonly folder: string;
  /** What sessions know in common. */
  readonly memory?: WinRmMemory;
  /** Told of what lowers the security of a connection. */
  readonly warn?: (text: string) => void;
  readonly onExchange?: (exchange: TapeExchange) => void;
};

/** Opens a session the way that a host's connection tells. @throws Failure as the transport says; `secret-missing` */
export async function openShell(connection: HostConnection, surroundings: ShellSurroundings): Promise<RemoteShell> {
  const { password, connectMs, folder, memory, warn, onExchange } = surroundings;
  const { host, address, port, mechanisms, allowUnencrypted, configurationName, username } = connection;
  return await openWinRmShell({
    ...(await readLocalOptions(connection, folder)),
    host: address,
    port,
    auth: { mechanisms, username, password: () => password ?? noPassword(host) },
    configurationName,
    connectTimeoutMs: connectMs,
    operationTimeoutMs,
    idleTimeoutMs,
    allowUnencrypted,
    ...(memory === undefined ? {} : { memory }),
    ...(warn === undefined ? {} : { warn }),
    ...(onExchange === undefined ? {} : { onExchange }),
  });
}

function noPassword(host: string): never {
  throw new Failure('secret-missing', `The login at ${host} needs a password, and its credential has none.`);
}
