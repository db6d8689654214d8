import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { adapterKey } from '../../windows/machine/network/adapter.ts';
import { firewallKey } from '../../windows/machine/network/firewall.ts';
import { negativeCacheMs, resolverKey } from '../../windows/machine/network/network-settings.ts';
import { encodeWinHttp, winHttpValue } from '../../windows/machine/network/proxy-settings.ts';
import { companyHosts, issuers, updateNames } from '../../windows/machine/network/site.ts';
import { placeTrustedIssuer } from '../bases/base-network.ts';
import { placeValues } from '../bases/base-registry.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const hosts = 'C:\\Windows\\System32\\drivers\\etc\\hosts';
const deadServer = '10.20.30.54';
const inetKey = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

/**
 * The name servers of the adapter do not help: they are dead, or know only the Internet; or the resolver still remembers that there is no
 * such name, though there is one by now.
 */
const breakNames = (machine: Machine, how: 'servers-dead' | 'servers-foreign' | 'stale-cache'): void => {
  if (how === 'stale-cache') {
    // Somebody made the resolver remember for half a day what it forgets after seconds.
    placeValues(machine, resolverKey, { MaxNegativeCacheTtl: 43_200 });
    const untilMs = machine.clock.monotonicMs() + negativeCacheMs(machine.registry);
    for (const name of ['fe2cr.update.microsoft.com', 'slscr.update.microsoft.com', companyHosts.wsus])
      machine.network.cache.set(name, { name, address: undefined, untilMs });
    return;
  }
  placeValues(machine, adapterKey(machine.network.adapter), {
    NameServer: how === 'servers-dead' ? `${deadServer},10.20.30.55` : companyHosts.publicNameServer,
  });
};

/** A proxy setting that leads nowhere: of the machine (services), or of one account (its programs). */
const misdirect = (
  machine: Machine,
  scope: 'machine' | 'system-account' | 'users',
  how: 'unknown-name' | 'refused' | 'authenticates' | 'silent',
): void => {
  const server = {
    'unknown-name': `${companyHosts.oldProxy}:8080`,
    refused: `${companyHosts.proxy}:8081`,
    authenticates: `${companyHosts.proxy}:3128`,
    silent: '10.20.99.90:8080',
  }[how];
  if (scope === 'machine')
    return placeValues(machine, winHttpValue.key, {
      [winHttpValue.name]: encodeWinHttp({ server, bypass: '<local>' }),
    });
  const sids = scope === 'system-account' ? ['.DEFAULT', 'S-1-5-18'] : machine.accounts.map(({ sid }) => sid);
  for (const sid of sids)
    placeValues(machine, `HKU\\${sid}\\${inetKey}`, { ProxyEnable: 1, ProxyServer: server, ProxyOverride: '<local>' });
  return undefined;
};

/** States of the network as the host sees it. */
export type NetworkFault =
  | { readonly kind: 'dns-broken'; readonly how?: 'servers-dead' | 'servers-foreign' | 'stale-cache' }
  | { readonly kind: 'hosts-file-entry'; readonly names?: readonly string[]; readonly address?: string }
  | {
      readonly kind: 'proxy-wrong';
      readonly scope?: 'machine' | 'system-account' | 'users';
      readonly how?: 'unknown-name' | 'refused' | 'authenticates' | 'silent';
    }
  | { readonly kind: 'proxy-required' }
  | { readonly kind: 'tls-intercepted'; readonly trusted?: boolean }
  | { readonly kind: 'firewall-blocks' }
  | { readonly kind: 'tls-disabled' }
  | { readonly kind: 'web-filter-page' }
  | { readonly kind: 'time-source-blocked' };

/** What keeps the host from reaching what it needs. */
export const networkFaults: FaultKinds<NetworkFault> = {
  'dns-broken': (machine, { how }) => breakNames(machine, how ?? 'servers-dead'),
  'hosts-file-entry': (machine, { names, address }) => {
    const node = machine.files.get(hosts);
    const lines = (names ?? ['fe2cr.update.microsoft.com', 'slscr.update.microsoft.com']).map(
      (name) => `${address ?? '127.0.0.1'}\t${name}\r\n`,
    );
    node.bytes = new Uint8Array(Buffer.concat([machine.files.read(node), Buffer.from(lines.join(''))]));
    node.sizeBytes = node.bytes.length;
  },
  'proxy-wrong': (machine, { scope, how }) => misdirect(machine, scope ?? 'machine', how ?? 'unknown-name'),
  // The way to the Internet is open to the company's proxy only, and nobody told this machine of it.
  'proxy-required': ({ network }) => {
    for (const site of network.sites) {
      if (site.isInternal) continue;
      const ports = Object.fromEntries(Object.keys(site.ports).map((port) => [port, { tcp: 'silent' as const }]));
      network.directly.set(site.address, ports);
    }
  },
  'tls-intercepted': (machine, { trusted }) => {
    machine.network.inspection = { issuer: issuers.inspection, names: [...updateNames, '*.microsoft.com'] };
    if (trusted) placeTrustedIssuer(machine, issuers.inspection);
  },
  // The firewall lets nothing out that no rule is about.
  'firewall-blocks': (machine) => {
    for (const profile of ['DomainProfile', 'StandardProfile', 'PublicProfile'] as const)
      placeValues(machine, firewallKey(profile), { DefaultOutboundAction: 1 });
  },
  // Somebody hardened the machine and switched off what servers speak today.
  'tls-disabled': (machine) =>
    placeValues(
      machine,
      'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client',
      { Enabled: 0, DisabledByDefault: 1 },
    ),
  // A filter answers instead of the update servers, with a page for people.
  'web-filter-page': (machine) => {
    for (const port of [80, 443]) {
      const old = machine.network.sites.find((site) => site.names.includes(updateNames[0]))?.ports[port];
      if (old)
        machine.network.changePort(updateNames[0], port, {
          ...old,
          page: '<html><body>Blocked by policy</body></html>',
        });
    }
  },
  // UDP 123 does not pass to the Internet; the company has a server of its own.
  'time-source-blocked': (machine) => {
    for (const site of machine.network.sites)
      if (site.answersTime && !site.isInternal) machine.network.change(site.names[0] ?? '', { answersTime: false });
    void machine.services.configure('W32Time', { start: 'Automatic' }, systemPid);
  },
};
