import type { HostConnection } from '../planning/plan.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
import type { TapeExchange } from '../remote/protocol/tape/tape.ts';
import { openWinRmShell } from '../remote/transport/winrm/open-winrm-shell.ts';

/** How long the host holds an operation that has nothing to say, and keeps a session whose client has vanished; milliseconds. */
const operationTimeoutMs = 20_000;
const idleTimeoutMs = 15 * 60_000;

/** What a session is opened with beside the connection. `onExchange` records a session over WinRM. */
export type ShellSurroundings = {
  readonly password: string;
  /** Limit for reaching the host and logging in, ms. */
  readonly connectMs: number;
  readonly onExchange?: (exchange: TapeExchange) => void;
};

/** Opens a session the way that a host's connection tells. @throws Failure as the transport says */
export function openShell(connection: HostConnection, surroundings: ShellSurroundings): Promise<RemoteShell> {
  const { password, connectMs, onExchange } = surroundings;
  const { address, port, tls, mechanisms, allowUnencrypted, configurationName, username } = connection;
  return openWinRmShell({
    host: address,
    port,
    ...(tls === null
      ? {}
      : { tls: { rejectUnauthorized: tls.verify, ...(tls.ca === undefined ? {} : { ca: tls.ca }) } }),
    auth: { mechanisms, username, password: () => password },
    configurationName,
    connectTimeoutMs: connectMs,
    operationTimeoutMs,
    idleTimeoutMs,
    allowUnencrypted,
    ...(onExchange === undefined ? {} : { onExchange }),
  });
}
