import { type Loaded, optionFault } from '../input/document/fault.ts';
import { settingsOf } from '../input/inventory/host-settings.ts';
import type { HostSettings, Inventory } from '../input/inventory/inventory.ts';
import type { HostConnection } from './plan.ts';

/** How a host is reached, with every default filled in; a host without a credential is a fault. Passwords stay references. */
export function resolveConnection(inventory: Inventory, host: string): Loaded<HostConnection> {
  const settings = settingsOf(inventory, host);
  const credential = settings.credential === undefined ? undefined : inventory.credentials.get(settings.credential);
  if (credential === undefined) {
    const expected = 'a credential of the host, one of its groups, or the defaults';
    const path = `hosts.${host}.credential`;
    return { ok: false, faults: [optionFault(inventory.file, `\`${host}\` has no credential`, { expected, path })] };
  }
  const tls = tlsOf(settings);
  return {
    ok: true,
    value: {
      host,
      address: settings.address ?? host,
      port: settings.port ?? (tls === null ? 5985 : 5986),
      transport: settings.transport ?? 'winrm',
      tls,
      mechanisms: settings.mechanisms ?? ['negotiate'],
      allowUnencrypted: settings.allowUnencrypted ?? false,
      configurationName: settings.configurationName ?? 'Microsoft.PowerShell',
      username: credential.username,
      password: credential.password === undefined ? null : { secret: credential.password },
      ...kerberosOf(settings),
      ...proxyOf(settings, inventory),
    },
  };
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
