import { resolve } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import { Secret } from '../kernel/secret.ts';
import type { HostConnection } from '../planning/plan.ts';
import type { RemoteShell } from '../remote/powershell/remote-shell.ts';
import type { TapeExchange } from '../remote/protocol/tape/tape.ts';
import type { BridgeAuthentication } from '../remote/transport/bridge/bridge-options.ts';
import { openBridgeShell } from '../remote/transport/bridge/open-bridge-shell.ts';
import { openLocalShell } from '../remote/transport/local/open-local-shell.ts';
import { openSshShell } from '../remote/transport/ssh/open-ssh-shell.ts';
import { type Warn, warnOfProcess } from '../remote/transport/warn.ts';
import { openWinRmShell } from '../remote/transport/winrm/open-winrm-shell.ts';
import type { WinRmMemory } from '../remote/transport/winrm/winrm-memory.ts';
import { readLocalOptions } from './read-local-options.ts';

/** How long the host holds an operation that has nothing to say, and keeps a session whose client has vanished; milliseconds. */
const operationTimeoutMs = 20_000;
const idleTimeoutMs = 15 * 60_000;

/** What a session is opened with beside the connection. `onExchange` records a session over WinRM. */
export type ShellSurroundings = {
  /** Null where the connection needs none. */
  readonly password: string | null;
  /** Limit for reaching the host and logging in, ms. */
  readonly connectMs: number;
  /** Folder in which relative paths of the connection are looked up. */
  readonly folder: string;
  /** What sessions over WinRM know in common. */
  readonly memory?: WinRmMemory;
  /** Told of what lowers the security of a connection; a warning of the process unless given. */
  readonly warn?: (text: string) => void;
  readonly onExchange?: (exchange: TapeExchange) => void;
};

/** Opens a session the way that a host's connection tells. @throws Failure as the transport says; `secret-missing` */
export async function openShell(connection: HostConnection, surroundings: ShellSurroundings): Promise<RemoteShell> {
  switch (connection.transport) {
    case 'winrm':
      return await openOverWinRm(connection, surroundings);
    case 'ssh':
      return await openOverSsh(connection, surroundings);
    case 'local':
      return await openHere(connection, surroundings);
    case 'bridge':
      return await openByBridge(connection, surroundings);
  }
}

async function openOverWinRm(connection: HostConnection, surroundings: ShellSurroundings): Promise<RemoteShell> {
  const { password, connectMs, folder, memory, warn, onExchange } = surroundings;
  const { host, address, port, mechanisms, allowUnencrypted, configurationName, username, winrm } = connection;
  return await openWinRmShell({
    ...winrm,
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

/** Each warning once: sessions come and go. */
function warnOnce({ memory, warn = warnOfProcess }: ShellSurroundings): Warn {
  return (text) => {
    if (memory?.isNews(text) !== false) warn(text);
  };
}

function openOverSsh(connection: HostConnection, surroundings: ShellSurroundings) {
  const { password, connectMs, folder } = surroundings;
  const { address, port, username, ssh = {} } = connection;
  const { identityFile, knownHosts, ...others } = ssh;
  return openSshShell({
    host: address,
    port,
    connectTimeoutMs: connectMs,
    warn: warnOnce(surroundings),
    ...others,
    ...(username === '' ? {} : { username }),
    ...(identityFile === undefined ? {} : { identityFile: pathIn(folder, identityFile) }),
    ...(knownHosts === undefined ? {} : { knownHosts: pathIn(folder, knownHosts) }),
    ...(password === null ? {} : { password: () => password }),
  });
}

function openHere({ host, local }: HostConnection, { connectMs }: ShellSurroundings): Promise<RemoteShell> {
  return openLocalShell({ host, connectTimeoutMs: connectMs, ...local });
}

/** The names that PowerShell has for them. */
const authentications = {
  default: 'Default',
  negotiate: 'Negotiate',
  kerberos: 'Kerberos',
  credssp: 'CredSSP',
  basic: 'Basic',
} as const satisfies Record<string, BridgeAuthentication>;

function openByBridge(connection: HostConnection, surroundings: ShellSurroundings): Promise<RemoteShell> {
  const { password, connectMs } = surroundings;
  const { address, port, tls, username, configurationName, bridge = {} } = connection;
  const { executable, authentication, certificateThumbprint } = bridge;
  return openBridgeShell({
    target: {
      kind: 'wsman',
      host: address,
      port,
      useSsl: tls !== null,
      ...(authentication === undefined ? {} : { authentication: authentications[authentication] }),
      ...(password === null ? {} : { login: { username, password: () => new Secret(password) } }),
      ...(certificateThumbprint === undefined ? {} : { certificateThumbprint }),
      configurationName,
      ...(tls === null || tls.verify ? {} : { skip: ['authority', 'name', 'revocation'] as const }),
    },
    ...(executable === undefined ? {} : { executable }),
    connectTimeoutMs: connectMs,
    warn: warnOnce(surroundings),
  });
}

/** `~` is put in by ssh itself. */
function pathIn(folder: string, path: string): string {
  return path.startsWith('~') ? path : resolve(folder, path);
}
