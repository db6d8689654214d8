import { defineEnum } from '../../../evaluator/define.ts';

const prefix = 'Microsoft.PowerShell.Cmdletization.GeneratedTypes';

/** Address families of the CIM classes of TCP/IP. */
export const addressFamilyEnum = defineEnum(
  `${prefix}.NetIPAddress.AddressFamily`,
  { IPv4: 2, IPv6: 23 },
  { aliases: ['AddressFamily'] },
);
/** Where the network part of an address comes from. */
export const prefixOriginEnum = defineEnum(`${prefix}.NetIPAddress.PrefixOrigin`, {
  Other: 0,
  Manual: 1,
  WellKnown: 2,
  Dhcp: 3,
  RouterAdvertisement: 4,
});
/** Where its host part comes from. */
export const suffixOriginEnum = defineEnum(`${prefix}.NetIPAddress.SuffixOrigin`, {
  Other: 0,
  Manual: 1,
  WellKnown: 2,
  Dhcp: 3,
  Link: 4,
  Random: 5,
});
/** Whether an address is used. */
export const addressStateEnum = defineEnum(`${prefix}.NetIPAddress.AddressState`, {
  Invalid: 0,
  Tentative: 1,
  Duplicate: 2,
  Deprecated: 3,
  Preferred: 4,
});
/** What Windows takes a network for. */
export const networkCategoryEnum = defineEnum(`${prefix}.NetConnectionProfile.NetworkCategory`, {
  Public: 0,
  Private: 1,
  DomainAuthenticated: 2,
});
/** How far a network reaches. */
export const ipv4ConnectivityEnum = defineEnum(`${prefix}.NetConnectionProfile.IPv4Connectivity`, {
  Disconnected: 0,
  NoTraffic: 1,
  Subnet: 2,
  LocalNetwork: 3,
  Internet: 4,
});
/** A yes or no that a policy may leave open. */
export const gpoBooleanEnum = defineEnum(
  `${prefix}.NetSecurity.GpoBoolean`,
  { False: 0, True: 1, NotConfigured: 2 },
  { aliases: ['GpoBoolean'] },
);
/** What a firewall does with traffic that no rule is about. */
export const firewallActionEnum = defineEnum(`${prefix}.NetSecurity.Action`, { NotConfigured: 0, Allow: 2, Block: 4 });

/** All of them. */
export const netEnums = [
  addressFamilyEnum,
  prefixOriginEnum,
  suffixOriginEnum,
  addressStateEnum,
  networkCategoryEnum,
  ipv4ConnectivityEnum,
  gpoBooleanEnum,
  firewallActionEnum,
];
