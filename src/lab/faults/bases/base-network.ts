import { createHash } from 'node:crypto';
import type { Machine } from '../../windows/machine/machine.ts';
import { adapterKey } from '../../windows/machine/network/adapter.ts';
import { rootStoreKey, trustedIssuers } from '../../windows/machine/network/network.ts';
import { encodeWinHttp, winHttpValue } from '../../windows/machine/network/proxy-settings.ts';
import { companyHosts } from '../../windows/machine/network/site.ts';
import { encodeQueue, queuePath } from '../../windows/machine/updates/transfer-queue.ts';
import { placeFile } from './base-files.ts';
import { placeValues } from './base-registry.ts';

const services = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';

// Filters that come with Windows: driver file, altitude, load-order group, start type.
const filters: readonly (readonly [name: string, altitude: string, group: string, start: number])[] = [
  ['bindflt', '409800', 'FSFilter Top', 2],
  ['WdFilter', '328010', 'FSFilter Anti-Virus', 0],
  ['storqosflt', '244000', 'FSFilter Quota Management', 2],
  ['wcifs', '189900', 'FSFilter Virtualization', 2],
  ['CldFlt', '180451', 'FSFilter HSM', 2],
  ['FileCrypt', '141100', 'FSFilter Encryption', 1],
  ['luafv', '135000', 'FSFilter Virtualization', 2],
  ['npsvctrig', '46000', 'FSFilter Bottom', 1],
  ['Wof', '40700', 'FSFilter Compression', 0],
  ['FileInfo', '40500', 'FSFilter Bottom', 0],
];

/** Registers a file-system filter with its driver file. */
export const placeFilter = (
  machine: Machine,
  name: string,
  altitude: string,
  options: { readonly group: string; readonly start: number; readonly file?: string },
): void => {
  const file = options.file ?? `system32\\drivers\\${name}.sys`;
  const key = `${services}\\${name}`;
  placeValues(machine, key, { Type: 2, Start: options.start, ErrorControl: 1, ImagePath: file, Group: options.group });
  placeValues(machine, `${key}\\Instances`, { DefaultInstance: `${name} Instance` });
  placeValues(machine, `${key}\\Instances\\${name} Instance`, { Altitude: altitude, Flags: 0 });
  placeFile(machine, `C:\\Windows\\${file}`, 96 * 1024, 120);
};

/** Puts an issuer into the machine's root store, as far as the lab reads certificates: by its name. */
export const placeTrustedIssuer = (machine: Machine, issuer: string): void =>
  placeValues(machine, `${rootStoreKey}\\${createHash('sha1').update(issuer).digest('hex').toUpperCase()}`, {
    Blob: new Uint8Array(Buffer.from(issuer)),
  });

/** Lays what a fresh Windows has of network, trust, filters and update client. */
export const createBaseNetwork = (machine: Machine): void => {
  const { adapter } = machine.network;
  placeValues(machine, adapterKey(adapter), {
    EnableDHCP: 1,
    DhcpIPAddress: '10.20.30.21',
    DhcpSubnetMask: '255.255.255.0',
    DhcpDefaultGateway: [companyHosts.gateway],
    DhcpServer: companyHosts.gateway,
    DhcpNameServer: companyHosts.nameServer,
    NameServer: '',
  });
  placeValues(machine, `${services}\\Tcpip\\Parameters`, {
    HostName: machine.name,
    'NV Hostname': machine.name,
    Domain: '',
    DhcpNameServer: companyHosts.nameServer,
  });
  placeValues(machine, winHttpValue.key, { [winHttpValue.name]: encodeWinHttp(undefined) });
  for (const sid of ['.DEFAULT', 'S-1-5-18', 'S-1-5-19', 'S-1-5-20', ...machine.accounts.map((account) => account.sid)])
    placeValues(machine, `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings`, {
      ProxyEnable: 0,
    });
  for (const profile of ['DomainProfile', 'StandardProfile', 'PublicProfile'])
    placeValues(machine, `${services}\\SharedAccess\\Parameters\\FirewallPolicy\\${profile}`, {
      EnableFirewall: 1,
      DisableNotifications: machine.edition.productType === 1 ? 0 : 1,
    });
  for (const issuer of trustedIssuers) placeTrustedIssuer(machine, issuer);
  for (const [name, altitude, group, start] of filters) placeFilter(machine, name, altitude, { group, start });
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate', {
    SusClientId: machine.machineId,
    SusClientIDValidation: new Uint8Array(Buffer.from(machine.machineId, 'utf16le')),
  });
  // Troubleshooting packs went with newer builds.
  if (machine.edition.build < 26_100)
    placeFile(machine, 'C:\\Windows\\diagnostics\\system\\WindowsUpdate\\DiagPackage.diagpkg', 24_576, 300);
  placeFile(machine, queuePath, 0, 45, encodeQueue([]));
  placeFile(machine, 'C:\\Windows\\Logs\\WindowsUpdate\\WindowsUpdate.20261127.060000.000.1.etl', 65_536, 0.3);
};
