import { type Loaded, optionFault } from '../input/document/fault.ts';
import { settingsOf } from '../input/inventory/host-settings.ts';
import type { Inventory } from '../input/inventory/inventory.ts';
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
  const tls = settings.tls === true ? {} : settings.tls === undefined || settings.tls === false ? null : settings.tls;
  return {
    ok: true,
    value: {
      host,
      address: settings.address ?? host,
      port: settings.port ?? (tls === null ? 5985 : 5986),
      transport: settings.transport ?? 'winrm',
      tls: tls === null ? null : { ...(tls.ca === undefined ? {} : { ca: tls.ca }), verify: tls.verify ?? true },
      mechanisms: settings.mechanisms ?? ['negotiate'],
      allowUnencrypted: settings.allowUnencrypted ?? false,
      configurationName: settings.configurationName ?? 'Microsoft.PowerShell',
      username: credential.username,
      password: { secret: credential.password },
    },
  };
}
