import type { Registry } from '../registry/registry.ts';

/** A network adapter. Its addresses and name servers are in the registry, where the DHCP client and people write them. */
export type Adapter = {
  /** `Ethernet`; Windows names it in its display language. */
  readonly alias: string;
  readonly description: string;
  readonly index: number;
  readonly guid: string;
  readonly mac: string;
  readonly isUp: boolean;
};

const interfaces = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces';

/** Registry key with the TCP/IP settings of an adapter. */
export const adapterKey = (adapter: Adapter): string => `${interfaces}\\${adapter.guid}`;

/** The one adapter of a machine. */
export const wiredAdapter = (uiLanguage: string): Adapter => ({
  alias: uiLanguage === 'ja-JP' ? 'イーサネット' : 'Ethernet',
  description: 'Intel(R) 82574L Gigabit Network Connection',
  index: 4,
  guid: '{3D3BF8A6-6F4B-4E0C-9E1E-0F5C6B7A2D11}',
  mac: '00-15-5D-20-30-21',
  isUp: true,
});

const text = (registry: Registry, adapter: Adapter, name: string): string => {
  const data = registry.data(adapterKey(adapter), name);
  return typeof data === 'string' ? data : Array.isArray(data) ? data.join(' ') : '';
};

/** Addresses of an adapter: its own, prefix length, gateway. */
export const addressOf = (
  registry: Registry,
  adapter: Adapter,
): { readonly address: string; readonly prefix: number; readonly gateway: string; readonly isDhcp: boolean } => {
  const isDhcp = registry.data(adapterKey(adapter), 'EnableDHCP') === 1;
  const of = (dhcp: string, fixed: string): string =>
    text(registry, adapter, isDhcp ? dhcp : fixed).split(/[\s,]+/)[0] ?? '';
  const mask = of('DhcpSubnetMask', 'SubnetMask');
  const bits = mask.split('.').map((part) => Number(part).toString(2).replaceAll('0', '').length);
  return {
    address: of('DhcpIPAddress', 'IPAddress'),
    prefix: bits.reduce((sum, bit) => sum + bit, 0),
    gateway: of('DhcpDefaultGateway', 'DefaultGateway'),
    isDhcp,
  };
};

/** Name servers of an adapter: those somebody set, otherwise those of DHCP. */
export const nameServersOf = (registry: Registry, adapter: Adapter): string[] =>
  (text(registry, adapter, 'NameServer') || text(registry, adapter, 'DhcpNameServer')).split(/[\s,]+/).filter(Boolean);
