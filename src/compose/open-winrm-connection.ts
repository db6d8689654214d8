import { sha256 } from '../kernel/canonical-json.ts';
import { openHostKit } from '../remote/powershell/open-host-kit.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
import { openWinRmShell } from '../remote/transport/winrm/open-winrm-shell.ts';
import type { WorkerConfig } from './worker-config.ts';
import type { OpenConnection } from './workshop.ts';

/** How long the host holds an operation that has nothing to say, and keeps a session whose client has vanished; milliseconds. */
const operationTimeoutMs = 20_000;
const idleTimeoutMs = 15 * 60_000;

/** Opens hosts over WinRM with the product's own client, and the host kit in the session. */
export function openWinRmConnection({ connectMs, limits }: Pick<WorkerConfig, 'connectMs' | 'limits'>): OpenConnection {
  return async (connection, { password, kitText, longestMs }) => {
    const { address, port, tls, mechanisms, allowUnencrypted, configurationName, username } = connection;
    const shell = await openWinRmShell({
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
    });
    const kit = openHostKit(withLimit(shell, longestMs + limits.graceMs), { text: kitText, sha256: sha256(kitText) });
    return { kit, close: () => shell.close() };
  };
}

/** A shell in which no call lasts for ever. */
function withLimit(shell: RemoteShell, timeoutMs: number): RemoteShell {
  return {
    get info() {
      return shell.info;
    },
    get exhausted() {
      return shell.exhausted;
    },
    describe: () => shell.describe(),
    invoke: (call, options) => shell.invoke(call, { timeoutMs, ...options }),
    close: () => shell.close(),
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
}
