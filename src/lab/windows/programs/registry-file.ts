import type { RegistryData, RegistryKey, RegistryKind, RegistryValue } from '../machine/registry/registry.ts';

const head = 'Windows Registry Editor Version 5.00';

// Numbers of the kinds (winnt.h REG_*).
const kindNumbers: Readonly<Record<RegistryKind, number>> = {
  None: 0,
  String: 1,
  ExpandString: 2,
  Binary: 3,
  DWord: 4,
  MultiString: 7,
  QWord: 11,
};

/** Data as the bytes that the registry keeps. */
const bytesOf = (data: RegistryData): Uint8Array => {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return Buffer.from(`${data}\u0000`, 'utf16le');
  const buffer = Buffer.alloc(typeof data === 'bigint' ? 8 : 4);
  if (typeof data === 'bigint') buffer.writeBigInt64LE(BigInt.asIntN(64, data));
  else if (typeof data === 'number') buffer.writeUInt32LE(data >>> 0);
  else return Buffer.from(`${data.map((item) => `${item}\u0000`).join('')}\u0000`, 'utf16le');
  return buffer;
};

/** Data of a kind from its bytes. */
const dataOf = (kind: RegistryKind, bytes: Uint8Array): RegistryData => {
  const buffer = Buffer.from(bytes);
  if (kind === 'DWord') return buffer.length < 4 ? 0 : buffer.readUInt32LE();
  if (kind === 'QWord') return buffer.length < 8 ? 0n : buffer.readBigInt64LE();
  const text = (): string => buffer.toString('utf16le');
  if (kind === 'String' || kind === 'ExpandString') return text().replace(/\u0000+$/, '');
  if (kind === 'MultiString')
    return text()
      .replace(/\u0000+$/, '')
      .split('\u0000');
  return bytes;
};

const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** Hex pairs, broken as the registry editor breaks its lines. */
const hexLines = (prefix: string, bytes: Uint8Array): string => {
  let line = prefix;
  const lines: string[] = [];
  for (const [index, byte] of bytes.entries()) {
    const piece = `${byte.toString(16).padStart(2, '0')}${index + 1 < bytes.length ? ',' : ''}`;
    if (line.length + piece.length > 77) {
      lines.push(`${line}\\`);
      line = '  ';
    }
    line += piece;
  }
  return [...lines, line].join('\r\n');
};

const valueLine = ({ name, kind, data }: RegistryValue): string => {
  const label = name === '' ? '@=' : `"${escapeText(name)}"=`;
  if (kind === 'String') return `${label}"${escapeText(String(data))}"`;
  if (kind === 'DWord') return `${label}dword:${Number(data).toString(16).padStart(8, '0')}`;
  const number = kindNumbers[kind];
  return hexLines(`${label}hex${number === 3 ? '' : `(${number.toString(16)})`}:`, bytesOf(data));
};

/** The text of a .reg file for keys with their full paths. */
export const writeRegistryFile = (keys: Iterable<readonly [path: string, key: RegistryKey]>): Uint8Array => {
  const blocks = Array.from(keys, ([path, { values }]) => [`[${path}]`, ...Array.from(values.values(), valueLine), '']);
  return Buffer.from(`\ufeff${[head, '', ...blocks.flat(), ''].join('\r\n')}`, 'utf16le');
};

/** One step of a .reg file. */
export type RegistryStep =
  | { readonly kind: 'key'; readonly path: string }
  | { readonly kind: 'remove-key'; readonly path: string }
  | { readonly kind: 'value'; readonly path: string; readonly value: RegistryValue }
  | { readonly kind: 'remove-value'; readonly path: string; readonly name: string };

const readValue = (path: string, line: string): RegistryStep | undefined => {
  const found = /^(?:@|"((?:[^"\\]|\\.)*)")=(.*)$/s.exec(line);
  if (!found) return undefined;
  const unescape = (text: string): string => text.replace(/\\(.)/g, '$1');
  const name = unescape(found[1] ?? '');
  const text = found[2] ?? '';
  if (text === '-') return { kind: 'remove-value', path, name };
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  if (quoted) return { kind: 'value', path, value: { name, kind: 'String', data: unescape(quoted[1] ?? '') } };
  const dword = /^dword:([0-9a-f]{1,8})$/i.exec(text);
  if (dword)
    return { kind: 'value', path, value: { name, kind: 'DWord', data: Number.parseInt(dword[1] ?? '0', 16) >>> 0 } };
  const hex = /^hex(?:\(([0-9a-f]+)\))?:([0-9a-f,\s]*)$/i.exec(text);
  if (!hex) return undefined;
  const number = hex[1] === undefined ? 3 : Number.parseInt(hex[1], 16);
  const kind = (Object.keys(kindNumbers) as RegistryKind[]).find((one) => kindNumbers[one] === number) ?? 'Binary';
  const bytes = Uint8Array.from((hex[2] ?? '').match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
  return { kind: 'value', path, value: { name, kind, data: dataOf(kind, bytes) } };
};

/** Reads a .reg file; `undefined` when it is none. */
export const readRegistryFile = (bytes: Uint8Array): RegistryStep[] | undefined => {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = Buffer.from(bytes)
    .toString(isUtf16 ? 'utf16le' : 'latin1')
    .replace(/^\ufeff/, '');
  const lines = text.replace(/\\\r?\n\s*/g, '').split(/\r?\n/);
  if (lines[0] !== head && lines[0] !== 'REGEDIT4') return undefined;
  let path = '';
  const steps: RegistryStep[] = [];
  for (const line of lines.slice(1)) {
    const key = /^\[(-?)(.+)\]$/.exec(line);
    if (key) {
      path = key[2] ?? '';
      steps.push(key[1] === '-' ? { kind: 'remove-key', path } : { kind: 'key', path });
    } else if (line !== '' && !line.startsWith(';')) {
      const step = readValue(path, line);
      if (step) steps.push(step);
    }
  }
  return steps;
};
