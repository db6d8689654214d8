import { netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { affordable } from '../limit.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

/** An array of several dimensions; the last index runs fastest. */
export type MultiArray = { readonly lengths: readonly number[]; readonly items: Value[] };

const outOfBounds = (): never => {
  throw netError('System.IndexOutOfRangeException', 'Index was outside the bounds of the array.');
};

const offsetOf = ({ lengths }: MultiArray, places: readonly number[]): number | undefined => {
  if (places.length !== lengths.length) return undefined;
  let offset = 0;
  for (const [i, length] of lengths.entries()) {
    // A negative place counts from the end.
    const place = (places[i] ?? 0) < 0 ? length + (places[i] ?? 0) : (places[i] ?? 0);
    if (place < 0 || place >= length) return undefined;
    offset = offset * length + place;
  }
  return offset;
};

const placesOf = (index: readonly Value[], context: CallContext): number[] =>
  index.flatMap((one) => (Array.isArray(one) ? one : [one])).map((one) => intArgument(one, context));

const lengthAt = ({ lengths }: MultiArray, dimension: Value, context: CallContext): number =>
  lengths[intArgument(dimension, context)] ?? outOfBounds();

const definitions = new Map<string, TypeDefinition<MultiArray>>();

const definitionFor = (name: string): TypeDefinition<MultiArray> => {
  const known = definitions.get(name);
  if (known) return known;
  const element = name.slice(0, name.lastIndexOf('['));
  const put = (array: MultiArray, places: readonly number[], value: Value, context: CallContext): void => {
    array.items[offsetOf(array, places) ?? outOfBounds()] =
      element === 'System.Object' ? (value ?? null) : context.convert(value, element);
  };
  const made: TypeDefinition<MultiArray> = {
    name,
    properties: {
      Length: { get: (array) => array.items.length },
      LongLength: { get: (array) => array.items.length },
      Count: { get: (array) => array.items.length },
      Rank: { get: (array) => array.lengths.length },
    },
    methods: {
      GetLength: (array, [dimension], context) => lengthAt(array, dimension, context),
      GetUpperBound: (array, [dimension], context) => lengthAt(array, dimension, context) - 1,
      GetLowerBound: () => 0,
      GetValue: (array, index, context) => array.items[offsetOf(array, placesOf(index, context)) ?? outOfBounds()],
      SetValue: (array, [value, ...index], context) => {
        put(array, placesOf(index, context), value, context);
        return undefined;
      },
      Clone: (array) => newObject(made, { lengths: array.lengths, items: [...array.items] }),
    },
    enumerate: (array) => array.items,
    getItem: (array, index, context) => {
      const offset = offsetOf(array, placesOf(index, context));
      return offset === undefined ? null : array.items[offset];
    },
    setItem: (array, index, value, context) => put(array, placesOf(index, context), value, context),
  };
  definitions.set(name, made);
  return made;
};

/**
 * Makes an array of several dimensions.
 * @param name full type name, e.g. `System.Int32[,]`
 * @param empty what its elements are at first
 */
export const makeMultiArray = (name: string, lengths: readonly number[], empty: Value): Value => {
  const count = affordable(
    lengths.reduce((product, length) => product * length, 1),
    8,
  );
  return newObject(definitionFor(name), { lengths, items: Array.from({ length: count }, () => empty) });
};

/** The array of several dimensions that a value is; undefined for others. */
export const multiArrayOf = (value: Value): MultiArray | undefined =>
  isBoxed(value) && value.kind === 'instance' && definitions.get(value.type.name) === (value.type as unknown)
    ? (value.state as MultiArray)
    : undefined;
