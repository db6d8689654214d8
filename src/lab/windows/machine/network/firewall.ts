import type { Registry } from '../registry/registry.ts';

/** Keys of the firewall's profiles. */
type FirewallProfile = 'DomainProfile' | 'StandardProfile' | 'PublicProfile';

const policyKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';

/** Where the machine keeps a profile. */
export const firewallKey = (profile: FirewallProfile): string => `${policyKey}\\${profile}`;

/** Where the machine keeps its rules. */
export const firewallRulesKey = `${policyKey}\\FirewallRules`;

/** A value of a profile as it is in force: what the policy says, otherwise what the machine keeps. */
export const firewallSetting = (registry: Registry, profile: FirewallProfile, name: string): unknown =>
  registry.data(`HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\${profile}`, name) ??
  registry.data(firewallKey(profile), name);

/** Whether the firewall lets no connection out that no rule is about. */
export const blocksOutgoing = (registry: Registry, profile: FirewallProfile): boolean =>
  firewallSetting(registry, profile, 'EnableFirewall') !== 0 &&
  firewallSetting(registry, profile, 'DefaultOutboundAction') === 1;
