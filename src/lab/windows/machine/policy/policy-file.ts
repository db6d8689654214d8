import type { RegistryData, RegistryKind } from '../registry/registry.ts';

/** One value that a policy sets; `data` null: the value must not be there. Keys are seen from HKEY_LOCAL_MACHINE. */
export type PolicyValue = {
  readonly key: string;
  readonly name: string;
  readonly kind: RegistryKind;
  readonly data: RegistryData | null;
};

const kinds: readonly (readonly [RegistryKind, number])[] = [
  ['None', 0],
  ['String', 1],
  ['ExpandString', 2],
  ['Binary', 3],
  ['DWord', 4],
  ['MultiString', 7],
  ['QWord', 11],
];
const removed = '**del.';

/** Bytes of a value as the registry keeps them. */
export const policyBytes = (data: RegistryData | null): Buffer => {
  if (data === null) return Buffer.from(' \u0000', 'utf16le');
  if (typeof data === 'string') return Buffer.from(`${data}\u0000`, 'utf16le');
  if (typeof data === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(data >>> 0);
    return bytes;
  }
  if (typeof data === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(data);
    return bytes;
  }
  if (data instanceof Uint8Array) return Buffer.from(data);
  return Buffer.from(`${data.map((one) => `${one}\u0000`).join('')}\u0000`, 'utf16le');
};

const fromBytes = (kind: RegistryKind, bytes: Buffer): RegistryData => {
  const text = bytes.toString('utf16le').replace(/\u0000+$/, '');
  switch (kind) {
    case 'DWord':
      return bytes.length >= 4 ? bytes.readUInt32LE(0) : 0;
    case 'QWord':
      return bytes.length >= 8 ? bytes.readBigUInt64LE(0) : 0n;
    case 'MultiString':
      return text === '' ? [] : text.split('\u0000');
    case 'String':
    case 'ExpandString':
      return text;
    default:
      return new Uint8Array(bytes);
  }
};

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** The bytes of a Registry.pol file (MS-GPREG 2.2.1). */
export const encodePolicyFile = (values: readonly PolicyValue[]): Uint8Array => {
  const parts: Buffer[] = [Buffer.from('PReg', 'latin1'), number(1)];
  for (const { key, name, kind, data } of values) {
    const bytes = policyBytes(data);
    const type = data === null ? 1 : (kinds.find(([known]) => known === kind)?.[1] ?? 0);
    parts.push(
      wide(`[${key}\u0000;${data === null ? removed : ''}${name}\u0000;`),
      number(type),
      wide(';'),
      number(bytes.length),
      wide(';'),
      bytes,
      wide(']'),
    );
  }
  return new Uint8Array(Buffer.concat(parts));
};

/** Reads a Registry.pol file; empty where the bytes are none. */
export const decodePolicyFile = (file: Uint8Array): PolicyValue[] => {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 4) !== 'PReg') return [];
  const values: PolicyValue[] = [];
  let at = 8;
  const text = (): string => {
    const start = at;
    while (at + 1 < bytes.length && bytes.readUInt16LE(at) !== 0) at += 2;
    const found = bytes.toString('utf16le', start, at);
    at += 4;
    return found;
  };
  while (at + 2 <= bytes.length && bytes.readUInt16LE(at) === 0x5b) {
    at += 2;
    const key = text();
    const name = text();
    const kind = kinds.find(([, value]) => value === bytes.readUInt32LE(at))?.[0] ?? 'None';
    const length = bytes.readUInt32LE(at + 6);
    const data = bytes.subarray(at + 12, at + 12 + length);
    at += 12 + length + 2;
    const isRemoved = name.startsWith(removed);
    values.push({
      key,
      name: isRemoved ? name.slice(removed.length) : name,
      kind,
      data: isRemoved ? null : fromBytes(kind, data),
    });
  }
  return values;
};
