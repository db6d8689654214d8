import { isIP, isIPv6 } from 'node:net';
import { defineEnum, defineType, netError } from '../define.ts';
import { enumValue, newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** System.Net.Sockets.AddressFamily, the families that addresses have. */
export const addressFamilyEnum = defineEnum('System.Net.Sockets.AddressFamily', {
  Unknown: -1,
  Unspecified: 0,
  InterNetwork: 2,
  InterNetworkV6: 23,
});

/** The address that a text means: with fewer than four numbers the last one fills the rest, as Windows reads it. */
const readAddress = (text: string): string | undefined => {
  if (isIPv6(text)) return text.toLowerCase();
  if (isIP(text) === 4) return text.split('.').map(Number).join('.');
  const parts = text.split('.');
  if (parts.length > 4 || parts.some((part) => !/^(0x[0-9a-f]+|\d+)$/i.test(part))) return undefined;
  const numbers = parts.map(Number);
  const last = numbers.pop() ?? 0;
  const room = 4 - numbers.length;
  if (numbers.some((part) => part > 255) || last >= 256 ** room) return undefined;
  const rest = Array.from({ length: room }, (_unused, i) => Math.floor(last / 256 ** (room - 1 - i)) % 256);
  return [...numbers, ...rest].join('.');
};

const bytesOf = (address: string): Uint8Array => {
  if (!address.includes(':')) return Uint8Array.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const [first, second] = [words(head), words(tail ?? '')];
  const all = tail === undefined ? first : [...first, ...Array(8 - first.length - second.length).fill(0), ...second];
  return Uint8Array.from(all.flatMap((word: number) => [word >> 8, word & 255]));
};

/** The address whose bytes a number holds, the first in its lowest bits. */
const inNetworkOrder = (address: number): string => [0, 8, 16, 24].map((bits) => (address >>> bits) & 255).join('.');

const notAnAddress = (): never => {
  throw netError('System.FormatException', 'An invalid IP address was specified.');
};

const known = (text: string) => ({ get: (): Value => newObject(ipAddressType, text) });

/** System.Net.IPAddress; its state is the text. */
export const ipAddressType: TypeDefinition<string> = defineType<string>({
  name: 'System.Net.IPAddress',
  aliases: ['ipaddress'],
  properties: {
    AddressFamily: {
      get: (address) => enumValue(addressFamilyEnum, address.includes(':') ? 'InterNetworkV6' : 'InterNetwork'),
    },
    IPAddressToString: { get: (address) => address },
    IsIPv6LinkLocal: { get: (address) => /^fe[89ab]/.test(address) },
    IsIPv6Multicast: { get: (address) => address.startsWith('ff') },
  },
  methods: { ToString: (address) => address, GetAddressBytes: bytesOf },
  toText: (address) => address,
  keyText: (address) => address,
  construct: (_context, [given]) => {
    if (!(given instanceof Uint8Array) || given.length !== 4) return notAnAddress();
    return newObject(ipAddressType, [...given].join('.'));
  },
  convertFrom: (value, context) => {
    const whole =
      typeof value === 'number' ? BigInt(value) : isBoxed(value) && value.kind === 'integer' ? value.value : -1n;
    if (whole >= 0n && whole <= 0xffffffffn) return newObject(ipAddressType, inNetworkOrder(Number(whole)));
    if (typeof value !== 'string') return undefined;
    const address = readAddress(context.text(value).trim());
    return address === undefined ? notAnAddress() : newObject(ipAddressType, address);
  },
  statics: {
    properties: {
      Any: known('0.0.0.0'),
      Loopback: known('127.0.0.1'),
      Broadcast: known('255.255.255.255'),
      None: known('255.255.255.255'),
      IPv6Any: known('::'),
      IPv6Loopback: known('::1'),
    },
    methods: {
      Parse: ([text], context) => newObject(ipAddressType, readAddress(context.text(text)) ?? notAnAddress()),
      TryParse: ([text, target], context) => {
        const address = readAddress(context.text(text));
        if (isBoxed(target) && target.kind === 'ref')
          target.set(address === undefined ? null : newObject(ipAddressType, address));
        return address !== undefined;
      },
      IsLoopback: ([address], context) => /^(127\.|::1$)/.test(context.text(address)),
    },
  },
});
