import { enumValue } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { cimObject, uint64 } from '../../cim/cim-instance.ts';
import { firewallKey, firewallSetting } from '../../machine/network/firewall.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import * as net from './net-enums.ts';

const namespace = 'ROOT/StandardCimv2';

const firewallProfiles = [
  ['Domain', 'DomainProfile'],
  ['Private', 'StandardProfile'],
  ['Public', 'PublicProfile'],
] as const;

const action = (data: unknown): Value =>
  enumValue(net.firewallActionEnum, data === undefined ? 'NotConfigured' : data === 1 ? 'Block' : 'Allow');

const getFirewall = command('Get-NetFirewallProfile', {
  commandType: 'Function',
  sets: ['GetAll', 'ByName', 'ByRule', 'ByIPsec', 'ByMainMode'],
  pipeline: { Name: 'name' },
  parameterAliases: { Name: ['Profile'] },
  simulated: ['All', 'Name', 'PolicyStore'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const names = bound.texts('Name');
    const isActive = /^ActiveStore$/i.test(bound.text('PolicyStore') ?? '');
    for (const [name, key] of firewallProfiles) {
      if (names.length > 0 && !names.some((one) => context.like(name, one))) continue;
      const read = (value: string): unknown =>
        isActive ? firewallSetting(machine.registry, key, value) : machine.registry.data(firewallKey(key), value);
      context.write(
        cimObject(
          'MSFT_NetFirewallProfile',
          {
            Name: name,
            Profile: name,
            Enabled: enumValue(net.gpoBooleanEnum, read('EnableFirewall') === 0 ? 'False' : 'True'),
            DefaultInboundAction: action(read('DefaultInboundAction')),
            DefaultOutboundAction: action(read('DefaultOutboundAction')),
            AllowInboundRules: enumValue(net.gpoBooleanEnum, 'NotConfigured'),
            NotifyOnListen: enumValue(net.gpoBooleanEnum, read('DisableNotifications') === 0 ? 'True' : 'False'),
            LogFileName: '%systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log',
            LogMaxSizeKilobytes: uint64(4096),
          },
          { namespace, keys: ['Name'], machine },
        ),
      );
    }
  },
});

const numbers: Readonly<Record<string, number>> = { True: 1, False: 0, Block: 1, Allow: 0 };
/** Parameters that are kept as values of the profile's key. */
const kept = {
  Enabled: 'EnableFirewall',
  DefaultInboundAction: 'DefaultInboundAction',
  DefaultOutboundAction: 'DefaultOutboundAction',
};

const setFirewall = command('Set-NetFirewallProfile', {
  commandType: 'Function',
  sets: ['ByName', 'GetAll', 'InputObject (cdxml)'],
  pipeline: { Name: 'name', InputObject: 'value' },
  parameterAliases: { Name: ['Profile'] },
  simulated: ['All', 'Name', ...Object.keys(kept)],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const names = bound.texts('Name');
    for (const [name, key] of firewallProfiles) {
      if (names.length > 0 && !names.some((one) => context.like(name, one))) continue;
      if (!context.shouldProcess(name, 'Set-NetFirewallProfile')) continue;
      for (const [parameter, value] of Object.entries(kept)) {
        if (!bound.has(parameter)) continue;
        const data = numbers[context.text(bound.get(parameter))];
        if (data !== undefined) yield machine.registry.set(firewallKey(key), { name: value, kind: 'DWord', data }, pid);
        else if (machine.registry.data(firewallKey(key), value) !== undefined)
          yield machine.registry.removeValue(firewallKey(key), value, pid);
      }
    }
  },
});

/** The firewall's profiles. */
export const firewallCmdlets = [getFirewall, setFirewall];
