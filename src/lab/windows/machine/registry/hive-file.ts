import { Buffer } from 'node:buffer';
import type { SecurityDescriptor } from '../rights/security-descriptor.ts';
import type { RegistryData, RegistryKind, RegistryValue } from './registry.ts';

/** A key of a hive: its path below the hive's root (empty for the root itself). */
export type HiveKey = {
  readonly path: string;
  readonly values: readonly RegistryValue[];
  readonly security: SecurityDescriptor | undefined;
};

/** First bytes of every hive file. */
const magic = 'regf';

type WireValue = { readonly name: string; readonly kind: RegistryKind; readonly data: unknown };

const toWire = ({ name, kind, data }: RegistryValue): WireValue => ({
  name,
  kind,
  data:
    typeof data === 'bigint'
      ? { q: data.toString() }
      : data instanceof Uint8Array
        ? { b: Buffer.from(data).toString('base64') }
        : data,
});

const fromWire = ({ name, kind, data }: WireValue): RegistryValue => {
  const wrapped = data as { readonly q?: string; readonly b?: string };
  const read: RegistryData =
    wrapped.q !== undefined
      ? BigInt(wrapped.q)
      : wrapped.b !== undefined
        ? new Uint8Array(Buffer.from(wrapped.b, 'base64'))
        : (data as string | readonly string[] | number);
  return { name, kind, data: read };
};

/** Content of a hive file. It begins as Windows' own does; what follows is the lab's own. Equal keys give equal bytes. */
export const encodeHive = (keys: readonly HiveKey[]): Uint8Array => {
  const wire = keys.map(({ path, values, security }) => ({ path, values: values.map(toWire), security }));
  return new Uint8Array(Buffer.from(`${magic}\n${JSON.stringify(wire)}`));
};

/** Whether bytes begin as a hive file does. */
export const isHive = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString('latin1') === magic;

/** Keys of a hive file; `undefined` when the file is no hive or is torn. */
export const decodeHive = (bytes: Uint8Array): HiveKey[] | undefined => {
  if (!isHive(bytes)) return undefined;
  try {
    const wire = JSON.parse(Buffer.from(bytes.subarray(5)).toString()) as readonly (Omit<HiveKey, 'values'> & {
      readonly values: readonly WireValue[];
    })[];
    return wire.map(({ path, values, security }) => ({ path, values: values.map(fromWire), security }));
  } catch {
    return undefined;
  }
};
