import { customObject, enumValue } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { cimObject, uint16, uint32, uint64 } from '../../cim/cim-instance.ts';
import type { Machine } from '../../machine/machine.ts';
import { addressOf } from '../../machine/network/adapter.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';
import { noInstance } from './dns-cmdlets.ts';
import * as net from './net-enums.ts';

const namespace = 'ROOT/StandardCimv2';

const adapterObject = (machine: Machine): Value => {
  const { adapter } = machine.network;
  return cimObject(
    'MSFT_NetAdapter',
    {
      Name: adapter.alias,
      InterfaceAlias: adapter.alias,
      InterfaceDescription: adapter.description,
      InterfaceIndex: uint32(adapter.index),
      ifIndex: uint32(adapter.index),
      InterfaceGuid: adapter.guid,
      Status: adapter.isUp ? 'Up' : 'Disconnected',
      MacAddress: adapter.mac,
      LinkSpeed: adapter.isUp ? '1 Gbps' : '0 bps',
      Speed: uint64(adapter.isUp ? 1_000_000_000 : 0),
      MediaConnectState: uint32(adapter.isUp ? 1 : 2),
      Virtual: false,
      HardwareInterface: true,
      MtuSize: uint32(1500),
      DriverProvider: 'Microsoft',
      NdisPhysicalMedium: uint32(14),
    },
    { namespace, keys: ['Name'], machine },
  );
};

const getAdapter = command('Get-NetAdapter', {
  commandType: 'Function',
  sets: ['ByName', 'ByInstanceID', 'ByIfIndex'],
  pipeline: { Name: 'name', InterfaceDescription: 'name', InterfaceIndex: 'name' },
  parameterAliases: {
    Name: ['ifAlias', 'InterfaceAlias'],
    InterfaceDescription: ['ifDesc', 'InstanceID'],
    InterfaceIndex: ['ifIndex'],
    CimSession: ['Session'],
  },
  simulated: ['Name', 'InterfaceDescription', 'InterfaceIndex', 'Physical', 'IncludeHidden'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const { adapter } = machine.network;
    for (const [parameter, value] of [
      ['Name', adapter.alias],
      ['InterfaceDescription', adapter.description],
    ] as const) {
      const wanted = bound.texts(parameter);
      if (wanted.length === 0 || wanted.some((one) => context.like(value, one))) continue;
      context.writeError(noInstance('MSFT_NetAdapter', parameter, wanted[0] ?? '', 'Get-NetAdapter'));
      return;
    }
    const indexes = bound.texts('InterfaceIndex').map(Number);
    if (indexes.length === 0 || indexes.includes(adapter.index)) context.write(adapterObject(machine));
  },
});

const addressObject = (machine: Machine): Value => {
  const { adapter } = machine.network;
  const own = addressOf(machine.registry, adapter);
  return cimObject(
    'MSFT_NetIPAddress',
    {
      IPAddress: own.address,
      IPv4Address: own.address,
      IPv6Address: null,
      InterfaceIndex: uint32(adapter.index),
      InterfaceAlias: adapter.alias,
      AddressFamily: enumValue(net.addressFamilyEnum, 'IPv4'),
      Type: uint16(1),
      PrefixLength: uint16(own.prefix),
      PrefixOrigin: enumValue(net.prefixOriginEnum, own.isDhcp ? 'Dhcp' : 'Manual'),
      SuffixOrigin: enumValue(net.suffixOriginEnum, own.isDhcp ? 'Dhcp' : 'Manual'),
      AddressState: enumValue(net.addressStateEnum, adapter.isUp ? 'Preferred' : 'Tentative'),
      SkipAsSource: false,
    },
    { namespace, keys: ['IPAddress'], machine },
  );
};

const getAddress = command('Get-NetIPAddress', {
  commandType: 'Function',
  pipeline: { IPAddress: 'name', InterfaceIndex: 'name', InterfaceAlias: 'name', AddressFamily: 'name' },
  parameterAliases: { IPAddress: ['LocalAddress'], InterfaceIndex: ['ifIndex'], InterfaceAlias: ['ifAlias'] },
  simulated: ['IPAddress', 'InterfaceIndex', 'InterfaceAlias', 'AddressFamily'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const { adapter } = machine.network;
    const fits = (parameter: string, value: string): boolean => {
      const wanted = bound.texts(parameter);
      return wanted.length === 0 || wanted.some((one) => context.like(value, one));
    };
    if (
      fits('IPAddress', machine.network.address) &&
      fits('InterfaceIndex', String(adapter.index)) &&
      fits('InterfaceAlias', adapter.alias) &&
      fits('AddressFamily', 'IPv4')
    )
      context.write(addressObject(machine));
  },
});

const profileObject = (machine: Machine): Value =>
  cimObject(
    'MSFT_NetConnectionProfile',
    {
      Name: machine.policy.domain ?? 'Network',
      InterfaceAlias: machine.network.adapter.alias,
      InterfaceIndex: uint32(machine.network.adapter.index),
      NetworkCategory: enumValue(
        net.networkCategoryEnum,
        machine.policy.domain === undefined ? 'Private' : 'DomainAuthenticated',
      ),
      IPv4Connectivity: enumValue(
        net.ipv4ConnectivityEnum,
        machine.network.resolve('www.msftconnecttest.com').kind === 'found' ? 'Internet' : 'LocalNetwork',
      ),
      IPv6Connectivity: enumValue(net.ipv4ConnectivityEnum, 'NoTraffic'),
    },
    { namespace, keys: ['InterfaceIndex'], machine },
  );

const getProfile = command('Get-NetConnectionProfile', {
  commandType: 'Function',
  pipeline: { Name: 'name', InterfaceAlias: 'name', InterfaceIndex: 'name' },
  simulated: ['InterfaceAlias', 'InterfaceIndex'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const { adapter } = machine.network;
    const aliases = bound.texts('InterfaceAlias');
    const indexes = bound.texts('InterfaceIndex').map(Number);
    if (aliases.length > 0 && !aliases.some((one) => context.like(adapter.alias, one))) return;
    if (indexes.length === 0 || indexes.includes(adapter.index)) context.write(profileObject(machine));
  },
});

const getConfiguration = command('Get-NetIPConfiguration', {
  commandType: 'Function',
  aliases: ['gip'],
  sets: ['Alias', 'Index', 'All'],
  pipeline: { InterfaceAlias: 'name', InterfaceIndex: 'name' },
  parameterAliases: { InterfaceAlias: ['ifAlias'], InterfaceIndex: ['ifIndex'] },
  simulated: ['InterfaceAlias', 'InterfaceIndex', 'All', 'Detailed'],
  process: (context) => {
    const { machine } = actorOf(context);
    const { adapter } = machine.network;
    const own = addressOf(machine.registry, adapter);
    context.write(
      customObject(
        {
          ComputerName: machine.name,
          InterfaceAlias: adapter.alias,
          InterfaceIndex: adapter.index,
          InterfaceDescription: adapter.description,
          NetAdapter: adapterObject(machine),
          NetProfile: profileObject(machine),
          AllIPAddresses: [addressObject(machine)],
          IPv4Address: [addressObject(machine)],
          IPv6Address: [],
          IPv4DefaultGateway: own.gateway === '' ? null : [routeObject(machine)],
          IPv6DefaultGateway: null,
          DNSServer: [
            customObject({
              AddressFamily: 2,
              InterfaceAlias: adapter.alias,
              InterfaceIndex: adapter.index,
              ServerAddresses: machine.network.servers,
            }),
          ],
        },
        ['NetIPConfiguration'],
      ),
    );
  },
});

const routeObject = (machine: Machine): Value => {
  const { adapter } = machine.network;
  return cimObject(
    'MSFT_NetRoute',
    {
      DestinationPrefix: '0.0.0.0/0',
      NextHop: addressOf(machine.registry, adapter).gateway,
      InterfaceAlias: adapter.alias,
      InterfaceIndex: uint32(adapter.index),
      AddressFamily: uint16(2),
      RouteMetric: uint16(0),
    },
    { namespace, keys: ['DestinationPrefix'], machine },
  );
};

const getRoute = command('Get-NetRoute', {
  commandType: 'Function',
  pipeline: { DestinationPrefix: 'name', InterfaceIndex: 'name', InterfaceAlias: 'name' },
  simulated: ['DestinationPrefix', 'AddressFamily'],
  outsideCall: (given) =>
    given.texts('DestinationPrefix').some((one) => one !== '0.0.0.0/0')
      ? 'Get-NetRoute for another route than 0.0.0.0/0'
      : undefined,
  process: (context) => {
    const { machine } = actorOf(context);
    context.write(routeObject(machine));
  },
});

/** Commands about adapters, addresses and routes. */
export const adapterCmdlets = [getAdapter, getAddress, getProfile, getConfiguration, getRoute];
