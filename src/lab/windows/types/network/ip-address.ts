import { defineEnum, defineType, netError } from '../../../evaluator/define.ts';
import { enumValue, newObject, typedArray } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import { isAddress } from '../../machine/network/hosts-file.ts';
import { actorOf } from '../../runtime/process-hooks.ts';

/** System.Net.Sockets.AddressFamily. */
export const socketFamilyEnum = defineEnum('System.Net.Sockets.AddressFamily', {
  Unspecified: 0,
  InterNetwork: 2,
  InterNetworkV6: 23,
});

/** System.Net.IPAddress. */
export const ipAddressType: TypeDefinition<string> = defineType<string>({
  name: 'System.Net.IPAddress',
  properties: {
    AddressFamily: {
      get: (address) => enumValue(socketFamilyEnum, address.includes(':') ? 'InterNetworkV6' : 'InterNetwork'),
    },
    IPAddressToString: { get: (address) => address },
    IsIPv6LinkLocal: { get: (address) => /^fe80:/i.test(address) },
  },
  methods: {
    ToString: (address) => address,
    Equals: (address, args, context) => context.text(args[0]) === address,
  },
  toText: (address) => address,
  keyText: (address) => address,
  statics: {
    properties: {
      Loopback: { get: () => newObject(ipAddressType, '127.0.0.1') },
      Any: { get: () => newObject(ipAddressType, '0.0.0.0') },
    },
    methods: {
      Parse: (args, context) => parse(context.text(args[0])),
      IsLoopback: (args, context) => /^127\.|^::1$/.test(context.text(args[0])),
    },
  },
  convertFrom: (value) => (typeof value === 'string' && isAddress(value) ? newObject(ipAddressType, value) : undefined),
});

const parse = (text: string): Value => {
  if (isAddress(text)) return newObject(ipAddressType, text);
  throw netError('System.FormatException', 'An invalid IP address was specified.');
};

/** A socket error; 11001 (no such host), 10060 (timed out), 10061 (refused), 10054 (reset). */
export const socketError = (code: number, message: string): ReturnType<typeof netError> =>
  netError('System.Net.Sockets.SocketException', message, {
    hresult: 0x80004005,
    properties: { ErrorCode: code, NativeErrorCode: code, SocketErrorCode: code },
  });

const hostEntryType = defineType<{ readonly name: string; readonly address: string }>({
  name: 'System.Net.IPHostEntry',
  properties: {
    HostName: { get: ({ name }) => name },
    Aliases: { get: () => typedArray('System.String', []) },
    AddressList: { get: ({ address }) => typedArray('System.Net.IPAddress', [newObject(ipAddressType, address)]) },
  },
});

/** System.Net.Dns. */
export const dnsType: TypeDefinition<never> = defineType<never>({
  name: 'System.Net.Dns',
  statics: {
    methods: {
      GetHostName: (_args, context) => actorOf(context).machine.name,
      *GetHostAddresses(args, context) {
        const { machine, pid } = actorOf(context);
        const found = machine.network.resolve(context.text(args[0]));
        yield machine.clock.wait(pid, found.kind === 'silent' ? 12_000 : 20);
        if (found.kind !== 'found') throw socketError(11_001, 'No such host is known');
        return typedArray('System.Net.IPAddress', [newObject(ipAddressType, found.address)]);
      },
      *GetHostEntry(args, context) {
        const { machine, pid } = actorOf(context);
        const name = context.text(args[0]);
        const found = machine.network.resolve(name);
        yield machine.clock.wait(pid, found.kind === 'silent' ? 12_000 : 20);
        if (found.kind !== 'found') throw socketError(11_001, 'No such host is known');
        return newObject(hostEntryType, { name: isAddress(name) ? name : name.toLowerCase(), address: found.address });
      },
    },
  },
});

/** Types whose objects are made here. */
export const addressTypes = [ipAddressType, hostEntryType, dnsType] as const;
