import { affordable } from '../limit.ts';
import { integer } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

const everyByte: readonly bigint[] = Array.from({ length: 256 }, (_unused, byte) => BigInt(byte));

const byteValue = (byte: number | undefined): Value => integer('Byte', everyByte[byte ?? 0] ?? 0n);

/** Items that can be read one by one; an array is one. */
export type Sequence = { readonly length: number; at(index: number): Value };

/** The elements of what PowerShell enumerates (arrays, lists, collections, not dictionaries and text); undefined for single values. */
export const itemsOf = (value: Value): Value[] | undefined => {
  if (Array.isArray(value)) return value;
  if (value instanceof Uint8Array) {
    affordable(value.length, 8, value.length * 2);
    const items: Value[] = [];
    for (let i = 0; i < value.length; i++) items.push(byteValue(value[i]));
    return items;
  }
  if (!isBoxed(value)) return undefined;
  if (value.kind === 'list') return value.items;
  if (value.kind === 'instance' && value.type.enumerate) return value.type.enumerate(value.state);
  return undefined;
};

/** The elements as they are now, for who goes through them once; undefined for single values. */
export const sequenceOf = (value: Value): Sequence | undefined => {
  if (!(value instanceof Uint8Array)) return itemsOf(value)?.slice();
  const bytes = value.slice();
  return { length: bytes.length, at: (index) => byteValue(bytes[index]) };
};

const versions = new WeakMap<object, () => number>();

/** Says where a list has its elements from, so that a change there is seen. */
export const watchVersion = <V extends object>(made: V, version: () => number): V => {
  versions.set(made, version);
  return made;
};

/** A number that changes when a collection that can grow and shrink does; undefined for others. */
export const versionOf = (value: Value): number | undefined => {
  if (value === null || typeof value !== 'object') return undefined;
  return versions.get(value)?.() ?? (isBoxed(value) && value.kind === 'list' ? value.items.length : undefined);
};

/** What the pipeline and foreach get of a value: nothing for no output, elements of collections, else the value itself. */
export const enumerate = (value: Value): Value[] => (value === undefined ? [] : (itemsOf(value) ?? [value]));

/** One value of what was written: none, the only one, or an array. */
export const collapse = (items: Value[]): Value =>
  items.length === 0 ? undefined : items.length === 1 ? items[0] : items;
