import type { EndpointLimits, WinRmEndpointOptions } from '../../src/lab/server/endpoint-options.ts';
import { startWinRmEndpoint, type WinRmEndpoint } from '../../src/lab/server/winrm-endpoint.ts';
import type { WinRmOptions } from '../../src/remote/transport/winrm/winrm-options.ts';
import { FakeRunspaceHost } from './fake-runspace-host.ts';

/** Password of the lab's account `op`. */
export const labPassword = 'Pässw0rd!';

/** An endpoint in front of a fake host. */
export type WinRmLab = {
  readonly endpoint: WinRmEndpoint;
  readonly host: FakeRunspaceHost;
  /** Options by which a client gets in. */
  readonly client: (changes?: Partial<WinRmOptions>) => WinRmOptions;
};

/** Starts an endpoint with one account, `LAB\op`, over HTTP unless TLS files are given. */
export async function startWinRmLab(
  changes: Partial<Omit<WinRmEndpointOptions, 'limits'>> & { limits?: Partial<EndpointLimits> } = {},
): Promise<WinRmLab> {
  const host = new FakeRunspaceHost();
  const endpoint = await startWinRmEndpoint({
    host: '127.0.0.1',
    port: 0,
    computerName: 'PC1',
    domainName: 'LAB',
    users: [
      { name: 'op', domain: 'LAB', password: labPassword },
      { name: 'guest', domain: 'LAB', password: labPassword, administrator: false },
    ],
    schemes: { negotiate: true, ntlm: false, basic: true },
    allowUnencrypted: false,
    runspaceHost: host,
    clock: { now: () => Date.now() },
    ...changes,
  });
  const { tls } = changes;
  return {
    endpoint,
    host,
    client: (options = {}) => ({
      host: '127.0.0.1',
      port: endpoint.port,
      auth: { mechanisms: ['negotiate'], username: 'LAB\\op', password: () => labPassword },
      connectTimeoutMs: 5_000,
      operationTimeoutMs: 20_000,
      ...(tls ? { tls: { ca: tls.cert, servername: 'pc1.lab.test' } } : {}),
      ...options,
    }),
  };
}
