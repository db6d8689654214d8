import { readPieces } from '../../../../kernel/fits-pieces.ts';
import { fits } from '../../../evaluator/matching/wildcard.ts';
import type { Registry } from '../registry/registry.ts';

/** A proxy and what goes past it. */
export type ProxySetting = {
  /** `host:port`, or a list by scheme (`http=a:1;https=b:2`). */
  readonly server: string;
  /** Names that go directly, `;` between them; `<local>` for names without a dot. */
  readonly bypass: string;
};

const internetSettings = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

/** Key and name of the machine's WinHTTP setting. */
export const winHttpValue = {
  key: `HKLM\\${internetSettings}\\Connections`,
  name: 'WinHttpSettings',
} as const;

/**
 * The bytes of WinHttpSettings: size of the header, a counter, flags (1 direct, 3 by proxy), then the proxy and the bypass list, each with
 * its length before it. No specification is published; this is what tools that read it take for granted.
 */
export const encodeWinHttp = (setting: ProxySetting | undefined): Uint8Array => {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const text = (value: string): Buffer => Buffer.concat([number(value.length), Buffer.from(value, 'latin1')]);
  return new Uint8Array(
    Buffer.concat([
      number(0x18),
      number(0),
      number(setting ? 3 : 1),
      text(setting?.server ?? ''),
      text(setting?.bypass ?? ''),
      ...(setting ? [] : [number(0)]),
    ]),
  );
};

/** Reads WinHttpSettings; `undefined`: direct (also where the bytes are torn). */
export const decodeWinHttp = (bytes: Uint8Array): ProxySetting | undefined => {
  const data = Buffer.from(bytes);
  if (data.length < 20 || (data.readUInt32LE(8) & 2) === 0) return undefined;
  const length = data.readUInt32LE(12);
  const after = 16 + length;
  if (after > data.length) return undefined;
  const more = after + 4 <= data.length ? data.readUInt32LE(after) : 0;
  return {
    server: data.subarray(16, after).toString('latin1'),
    bypass: data.subarray(after + 4, after + 4 + more).toString('latin1'),
  };
};

/** The machine's WinHTTP proxy: what services use. */
export const winHttpProxy = (registry: Registry): ProxySetting | undefined => {
  const data = registry.data(winHttpValue.key, winHttpValue.name);
  return data instanceof Uint8Array ? decodeWinHttp(data) : undefined;
};

/** The WinINET proxy of an account: what programs of a user and .NET use. With ProxySettingsPerUser 0 that of the machine counts. */
export const winInetProxy = (registry: Registry, sid: string): ProxySetting | undefined => {
  const perUser = registry.data(
    'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings',
    'ProxySettingsPerUser',
  );
  const key = perUser === 0 ? `HKLM\\${internetSettings}` : `HKU\\${sid}\\${internetSettings}`;
  const server = registry.data(key, 'ProxyServer');
  if (registry.data(key, 'ProxyEnable') !== 1 || typeof server !== 'string' || server === '') return undefined;
  const bypass = registry.data(key, 'ProxyOverride');
  return { server, bypass: typeof bypass === 'string' ? bypass : '' };
};

/** Host and port of the proxy that a URL goes through; `undefined`: directly. */
export const proxyFor = (
  setting: ProxySetting | undefined,
  url: { readonly protocol: string; readonly hostname: string },
): { readonly host: string; readonly port: number } | undefined => {
  if (!setting) return undefined;
  const host = url.hostname.toLowerCase();
  for (const entry of setting.bypass.toLowerCase().split(/[;\s]+/)) {
    if (entry === '') continue;
    if (entry === '<local>' ? !host.includes('.') : matches(host, entry)) return undefined;
  }
  const scheme = url.protocol.replace(/:$/, '');
  const parts = setting.server.split(/[;\s]+/).filter(Boolean);
  const part = parts.find((one) => one.startsWith(`${scheme}=`)) ?? parts.find((one) => !one.includes('='));
  if (part === undefined) return undefined;
  const [name = '', port] = part
    .replace(/^\w+=/, '')
    .replace(/^\w+:\/\//, '')
    .split(':');
  return { host: name, port: port === undefined ? 80 : Number(port) };
};

const matches = (host: string, pattern: string): boolean => fits(readPieces(pattern, { '*': 'any text' }), host);
