import { type InputFault, type Loaded, optionFault } from '../input/document/fault.ts';
import { settingsOf } from '../input/inventory/host-settings.ts';
import type { Credential } from '../input/inventory/inventory.generated.ts';
import type { HostSettings, Inventory } from '../input/inventory/inventory.ts';
import type { HostConnection } from './plan.ts';

/** What the ways to a host differ in. */
type Way = Pick<
  HostConnection,
  'port' | 'tls' | 'username' | 'password' | 'kerberos' | 'proxy' | 'winrm' | 'ssh' | 'local' | 'bridge'
>;

/**
 * How a host is reached, with every default filled in. Over WinRM a host without a credential is a fault, and so are settings of SSH or of
 * the bridge that exclude each other. Passwords stay references.
 */
export function resolveConnection(inventory: Inventory, host: string): Loaded<HostConnection> {
  const settings = settingsOf(inventory, host);
  const credential = settings.credential === undefined ? undefined : inventory.credentials.get(settings.credential);
  const fault = (key: string, message: string, expected: string): InputFault =>
    optionFault(inventory.file, `\`${host}\` ${message}`, { expected, path: `hosts.${host}.${key}` });
  const transport = settings.transport ?? 'winrm';
  const way = wayTo(transport, settings, credential, inventory);
  if ('key' in way) return { ok: false, faults: [fault(way.key, way.message, way.expected)] };
  return {
    ok: true,
    value: {
      host,
      address: settings.address ?? host,
      transport,
      mechanisms: settings.mechanisms ?? ['negotiate'],
      allowUnencrypted: settings.allowUnencrypted ?? false,
      configurationName: settings.configurationName ?? 'Microsoft.PowerShell',
      ...way,
    },
  };
}

type Wrong = { readonly key: string; readonly message: string; readonly expected: string };

function wayTo(
  transport: HostConnection['transport'],
  settings: HostSettings,
  credential: Credential | undefined,
  inventory: Inventory,
): Way | Wrong {
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

function overWinRm(settings: HostSettings, credential: Credential | undefined, inventory: Inventory): Way | Wrong {
  if (credential === undefined) {
    const expected = 'a credential of the host, one of its groups, or the defaults';
    return { key: 'credential', message: 'has no credential', expected };
  }
  return {
    ...endpointOf(settings),
    username: credential.username,
    password: passwordOf(credential),
    ...kerberosOf(settings),
    ...proxyOf(settings, inventory),
    ...(settings.winrm ? { winrm: settings.winrm } : {}),
  };
}

function passwordOf({ password }: Credential): HostConnection['password'] {
  return password === undefined ? null : { secret: password };
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

function overBridge(settings: HostSettings, credential: Credential | undefined): Way | Wrong {
  const { bridge = {} } = settings;
  const endpoint = endpointOf(settings);
  const byCertificate = bridge.certificateThumbprint !== undefined;
  const ours = (['pin', 'servername', 'clientCertificate', 'channelBinding'] as const).find(
    (key) => endpoint.tls?.[key] !== undefined,
  );
  if (ours !== undefined) {
    const expected = `no \`tls.${ours}\`, which only the transport \`winrm\` knows`;
    return {
      key: `tls.${ours}`,
      message: 'is reached by Windows itself, which checks certificates its own way',
      expected,
    };
  }
  if (endpoint.tls?.ca !== undefined) {
    const expected = "no `tls.ca`: the authority must be among those that the worker's machine trusts";
    return { key: 'tls.ca', message: 'is reached by Windows itself, which takes no file of an authority', expected };
  }
  if (byCertificate && endpoint.tls === null)
    return { key: 'tls', message: 'is signed in to with a certificate over plain HTTP', expected: '`tls: true`' };
  if (!byCertificate && !credential && (bridge.authentication === 'credssp' || bridge.authentication === 'basic')) {
    const expected = `a credential, which \`${bridge.authentication}\` needs`;
    return { key: 'credential', message: 'has no credential', expected };
  }
  const login = byCertificate ? undefined : credential;
  return {
    ...endpoint,
    username: login?.username ?? '',
    password: login ? passwordOf(login) : null,
    ...(settings.bridge ? { bridge } : {}),
  };
}

function overSsh(settings: HostSettings, credential: Credential | undefined): Way | Wrong {
  const { user, port, ...ssh } = settings.ssh ?? {};
  const withPassword = credential !== undefined && ssh.identityFile === undefined;
  if (withPassword && ssh.proxyJump !== undefined) {
    const expected =
      '`ssh.identityFile`, or no `credential`: a jump host could ask for the password in place of the host';
    return { key: 'ssh.proxyJump', message: 'is reached with a password through a jump host', expected };
  }
  if (ssh.checkHostKey === false && ssh.hostKey !== undefined) {
    const expected = 'one of `ssh.hostKey` and `ssh.checkHostKey: false`';
    return { key: 'ssh.checkHostKey', message: 'has a host key that is not to be checked', expected };
  }
  return {
    port: port ?? settings.port ?? 22,
    tls: null,
    username: user ?? credential?.username ?? '',
    password: withPassword ? passwordOf(credential) : null,
    ssh,
  };
}
