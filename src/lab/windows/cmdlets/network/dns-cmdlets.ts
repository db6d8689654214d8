import { defineEnum } from '../../../evaluator/define.ts';
import type { ErrorSpec } from '../../../evaluator/host.ts';
import { customObject, enumValue, exception } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import { cimObject, uint16, uint32 } from '../../cim/cim-instance.ts';
import type { Machine } from '../../machine/machine.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { command } from '../command-syntax.ts';

/** Microsoft.DnsClient.Commands.RecordType, as far as scripts name it. */
export const recordTypeEnum = defineEnum(
  'Microsoft.DnsClient.Commands.RecordType',
  { UNKNOWN: 0, A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, ALL: 255, A_AAAA: 65_534 },
  { aliases: ['RecordType'] },
);
const standardCim = 'ROOT/StandardCimv2';
/** Round trip to a name server that is there, and time until a query is given up, in ms. */
const [answerMs, giveUpMs] = [20, 12_000];

const dnsError = (name: string, kind: 'missing' | 'silent'): ErrorSpec => {
  const [id, code, text, category] =
    kind === 'missing'
      ? (['DNS_ERROR_RCODE_NAME_ERROR', 9003, 'DNS name does not exist', 'ResourceUnavailable'] as const)
      : ([
          'ERROR_TIMEOUT',
          1460,
          'This operation returned because the timeout period expired',
          'OperationTimeout',
        ] as const);
  const message = `${name} : ${text}`;
  return {
    id,
    message,
    category,
    target: name,
    exception: exception('System.ComponentModel.Win32Exception', message, {
      hresult: 0x80004005,
      properties: { NativeErrorCode: code, ErrorCode: 0x80004005 | 0 },
    }),
  };
};

const record = (name: string, address: string): Value =>
  customObject(
    {
      Name: name,
      Type: enumValue(recordTypeEnum, 'A'),
      CharacterSet: 'Unicode',
      Section: 'Answer',
      DataLength: uint16(4),
      TTL: 600,
      Address: address,
      IPAddress: address,
      QueryType: enumValue(recordTypeEnum, 'A'),
      IP4Address: address,
    },
    ['Microsoft.DnsClient.Commands.DnsRecord_A', 'Microsoft.DnsClient.Commands.DnsRecord'],
  );

const resolveName = command('Resolve-DnsName', {
  className: 'Microsoft.DnsClient.Commands.ResolveDnsName',
  pipeline: { Name: 'both', Type: 'name' },
  simulated: ['Name', 'Type', 'Server', 'DnsOnly', 'NoHostsFile', 'QuickTimeout', 'CacheOnly'],
  outsideCall: (given) => {
    const type = given.text('Type') ?? 'A';
    return /^(A|A_AAAA|ALL|AAAA)$/i.test(type) ? undefined : `Resolve-DnsName -Type ${type}`;
  },
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    const type = (bound.text('Type') ?? 'A_AAAA').toUpperCase();
    const [server] = bound.texts('Server');
    if (bound.flag('CacheOnly')) {
      const entry = machine.network.cache.get(name.toLowerCase());
      if (entry?.address === undefined) return context.writeError(dnsError(name, 'missing'));
      return context.write(record(name, entry.address));
    }
    const found = machine.network.resolve(name, {
      ...(server === undefined ? {} : { server }),
      noHosts: bound.flag('NoHostsFile'),
    });
    yield machine.clock.wait(pid, found.kind === 'silent' ? giveUpMs : answerMs);
    if (found.kind !== 'found') return context.writeError(dnsError(name, found.kind));
    // Names have IPv4 addresses only here.
    if (type !== 'AAAA') context.write(record(name, found.address));
    return undefined;
  },
});

const clearCache = command('Clear-DnsClientCache', {
  commandType: 'Function',
  simulated: [],
  *process(context) {
    const { machine, pid } = actorOf(context);
    if (context.shouldProcess('DNS client cache', 'Clear-DnsClientCache')) yield machine.network.flush(pid);
  },
});

const getCache = command('Get-DnsClientCache', {
  commandType: 'Function',
  simulated: ['Entry', 'Name'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const wanted = [...bound.texts('Entry'), ...bound.texts('Name')];
    for (const { name, address, untilMs } of machine.network.cache.values()) {
      if (wanted.length > 0 && !wanted.some((one) => context.like(name, one))) continue;
      context.write(
        cimObject(
          'MSFT_DNSClientCache',
          {
            Entry: name,
            Name: name,
            Type: uint16(1),
            // 0 success, 9003 there is no such name.
            Status: uint32(address === undefined ? 9003 : 0),
            Section: address === undefined ? null : uint16(1),
            TimeToLive: uint32(Math.max(0, Math.round((untilMs - machine.clock.monotonicMs()) / 1000))),
            DataLength: address === undefined ? null : uint16(4),
            Data: address ?? null,
          },
          { namespace: standardCim, keys: ['Name'], machine },
        ),
      );
    }
  },
});

const serverAddress = (machine: Machine, family: 2 | 23): Value => {
  const { adapter } = machine.network;
  return cimObject(
    'MSFT_DNSClientServerAddress',
    {
      AddressFamily: uint16(family),
      ElementName: adapter.alias,
      InterfaceAlias: adapter.alias,
      InterfaceIndex: uint32(adapter.index),
      Name: String(adapter.index),
      ServerAddresses: family === 2 ? machine.network.servers : [],
    },
    { namespace: standardCim, keys: ['Name', 'AddressFamily'], machine },
  );
};

/** Error of a CDXML command whose query finds nothing. */
export const noInstance = (className: string, property: string, value: string, cmdlet: string): ErrorSpec => ({
  id: `CmdletizationQuery_NotFound_${property}`,
  message: `No ${className} objects found with property '${property}' equal to '${value}'.  Verify the value of the property and retry.`,
  category: 'ObjectNotFound',
  target: value,
  exception: 'Microsoft.PowerShell.Cmdletization.Cim.CimJobException',
  activity: cmdlet,
});

const getServers = command('Get-DnsClientServerAddress', {
  commandType: 'Function',
  pipeline: { InterfaceAlias: 'name', InterfaceIndex: 'name', AddressFamily: 'name' },
  parameterAliases: {
    InterfaceAlias: ['ifAlias'],
    InterfaceIndex: ['ifIndex'],
    AddressFamily: ['Family'],
    CimSession: ['Session'],
  },
  simulated: ['InterfaceAlias', 'InterfaceIndex', 'AddressFamily'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const { adapter } = machine.network;
    const aliases = bound.texts('InterfaceAlias');
    const indexes = bound.texts('InterfaceIndex').map(Number);
    for (const alias of aliases)
      if (!context.like(adapter.alias, alias))
        context.writeError(
          noInstance('MSFT_DNSClientServerAddress', 'InterfaceAlias', alias, 'Get-DnsClientServerAddress'),
        );
    if (aliases.length > 0 && !aliases.some((alias) => context.like(adapter.alias, alias))) return;
    if (indexes.length > 0 && !indexes.includes(adapter.index)) return;
    const families = bound.texts('AddressFamily').map((family) => family.toLowerCase());
    for (const family of [2, 23] as const)
      if (families.length === 0 || families.includes(family === 2 ? 'ipv4' : 'ipv6'))
        context.write(serverAddress(machine, family));
  },
});

const setServers = command('Set-DnsClientServerAddress', {
  commandType: 'Function',
  sets: ['ByAlias', 'ByName', 'InputObject (cdxml)'],
  pipeline: { InterfaceAlias: 'name', InterfaceIndex: 'name', InputObject: 'value' },
  parameterAliases: {
    InterfaceAlias: ['ifAlias'],
    InterfaceIndex: ['ifIndex'],
    ServerAddresses: ['Addresses'],
    ResetServerAddresses: ['ResetAddresses'],
    CimSession: ['Session'],
  },
  simulated: ['InterfaceAlias', 'InterfaceIndex', 'InputObject', 'ServerAddresses', 'ResetServerAddresses', 'PassThru'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const { adapter } = machine.network;
    const aliases = bound.texts('InterfaceAlias');
    if (aliases.length > 0 && !aliases.some((alias) => context.like(adapter.alias, alias)))
      return context.writeError(
        noInstance('MSFT_DNSClientServerAddress', 'InterfaceAlias', aliases[0] ?? '', 'Set-DnsClientServerAddress'),
      );
    const servers = bound.flag('ResetServerAddresses') ? [] : bound.texts('ServerAddresses');
    if (!context.shouldProcess(adapter.alias, 'Set-DnsClientServerAddress')) return;
    yield machine.network.setServers(servers, pid);
    if (bound.flag('PassThru')) context.write(serverAddress(machine, 2));
  },
});

/** Commands of the module DnsClient. */
export const dnsCmdlets = [resolveName, clearCache, getCache, getServers, setServers];
