import { settingsOf } from '../input/inventory/host-settings.ts';
import type { Credential } from '../input/inventory/inventory.generated.ts';
import type { HostSettings, Inventory } from '../input/inventory/inventory.ts';
import type { HostConnection } from './plan.ts';

/** What the ways to a host differ in. */
type Way = Pick<
  HostConnection,
  'port' | 'tls' | 'username' | 'password' | 'kerberos' | 'proxy' | 'winrm' | 'ssh' | 'local' | 'bridge'
>;

/** How a host of a checked inventory is reached, with every default filled in. Passwords stay references. */
export function resolveConnection(inventory: Inventory, host: string): HostConnection {
  const settings = settingsOf(inventory, host);
  const transport = settings.transport ?? 'winrm';
  return {
    host,
    address: settings.address ?? host,
    transport,
    mechanisms: settings.mechanisms ?? ['negotiate'],
    allowUnencrypted: settings.allowUnencrypted ?? false,
    configurationName: settings.configurationName ?? 'Microsoft.PowerShell',
    ...wayTo(transport, settings, inventory),
  };
}

function wayTo(transport: HostConnection['transport'], settings: HostSettings, inventory: Inventory): Way {
  const credential = settings.credential === undefined ? undefined : inventory.credentials.get(settings.credential);
  switch (transport) {
    case 'winrm':
      return overWinRm(settings, credential, inventory);
    case 'bridge':
      return overBridge(settings, credential);
    case 'ssh':
      return overSsh(settings, credential);
    case 'local':
      return { port: 0, tls: null, username: '', password: null, ...(settings.local ? { local: settings.local } : {}) };
  }
}

function overWinRm(settings: HostSettings, credential: Credential | undefined, inventory: Inventory): Way {
  return {
    ...endpointOf(settings),
    username: credential?.username ?? '',
    password: passwordOf(credential),
    ...kerberosOf(settings),
    ...proxyOf(settings, inventory),
    ...(settings.winrm ? { winrm: settings.winrm } : {}),
  };
}

function passwordOf(credential: Credential | undefined): HostConnection['password'] {
  return credential?.password === undefined ? null : { secret: credential.password };
}

function kerberosOf({ kerberos }: HostSettings): Pick<HostConnection, 'kerberos'> {
  if (kerberos === undefined) return {};
  const { delegate: _, ...rest } = kerberos;
  return { kerberos: rest };
}

function proxyOf({ proxy }: HostSettings, { credentials }: Inventory): Pick<HostConnection, 'proxy'> {
  if (proxy === undefined) return {};
  const { url, credential } = proxy;
  const pair = credential === undefined ? undefined : credentials.get(credential);
  if (pair === undefined) return { proxy: { url } };
  const { username, password } = pair;
  return { proxy: { url, username, ...(password === undefined ? {} : { password: { secret: password } }) } };
}

function endpointOf(settings: HostSettings): Pick<HostConnection, 'port' | 'tls'> {
  const tls = tlsOf(settings);
  return { port: settings.port ?? (tls === null ? 5985 : 5986), tls };
}

function tlsOf({ tls }: HostSettings): HostConnection['tls'] {
  if (tls === undefined || tls === false) return null;
  if (tls === true) return { verify: true };
  const { clientCertificate, verify, ...rest } = tls;
  if (clientCertificate === undefined) return { ...rest, verify: verify ?? true };
  const { cert, key, passphrase } = clientCertificate;
  const secret = passphrase === undefined ? {} : { passphrase: { secret: passphrase } };
  return { ...rest, verify: verify ?? true, clientCertificate: { cert, key: { secret: key }, ...secret } };
}

function overBridge(settings: HostSettings, credential: Credential | undefined): Way {
  const login = settings.bridge?.certificateThumbprint === undefined ? credential : undefined;
  return {
    ...endpointOf(settings),
    username: login?.username ?? '',
    password: passwordOf(login),
    ...(settings.bridge ? { bridge: settings.bridge } : {}),
  };
}

function overSsh(settings: HostSettings, credential: Credential | undefined): Way {
  const { user, port, ...ssh } = settings.ssh ?? {};
  return {
    port: port ?? settings.port ?? 22,
    tls: null,
    username: user ?? credential?.username ?? '',
    password: ssh.identityFile === undefined ? passwordOf(credential) : null,
    ssh,
  };
}
