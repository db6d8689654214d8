import { placeValues } from './faults/bases/base-registry.ts';
import type { Machine } from './windows/machine/machine.ts';
import { firewallRulesKey } from './windows/machine/network/firewall.ts';

/**
 * The firewall's rule that lets a host's workers in, as the set-up script firewall.ps1 makes it (in the form of MS-GPFAS 2.2.2): workers of a
 * lab are on this machine.
 */
export const openFirewall = (machine: Machine, port: number): void =>
  placeValues(machine, firewallRulesKey, {
    'Kintsugi-WinRM-HTTPS': `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=${port}|RA4=127.0.0.0/255.0.0.0|Name=WinRM for Kintsugi|`,
  });
