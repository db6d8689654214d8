import { enumeratorOf, enumeratorValue } from '../compile/enumerator.ts';
import { itemsOf, sequenceOf } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { elementTypeOf, typedArray } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import { sortInSlices } from '../sort-in-slices.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { defaultValue } from './default-value.ts';
import { arraySearches, binarySearch } from './item-search.ts';
import { listTypes, order } from './lists.ts';
import { same } from './set-operations.ts';
import { entryType, tableTypes } from './tables.ts';

const inPlace = (array: Value, change: (items: Value[]) => void): undefined => {
  if (Array.isArray(array)) change(array);
  else if (array instanceof Uint8Array) array.reverse();
  else if (isBoxed(array) && array.kind === 'list') change(array.items);
  return undefined;
};

const find: StaticMethod = ([array, value], context) =>
  (itemsOf(array) ?? []).findIndex((known) => same(context, known, value));

const copyArray: StaticMethod = (args, context) => {
  const [source, second, third, fourth, fifth] = args;
  const [from, target, to, count] =
    args.length >= 5
      ? [intArgument(second, context), third, intArgument(fourth, context), intArgument(fifth, context)]
      : [0, second, 0, intArgument(third, context)];
  if (source instanceof Uint8Array && target instanceof Uint8Array) target.set(source.subarray(from, from + count), to);
  else if (Array.isArray(target))
    for (const [i, item] of (itemsOf(source) ?? []).slice(from, from + count).entries()) target[to + i] = item;
  return undefined;
};

/** Sort(array) and Sort(keys, items): both get the order of the first. */
function* sortArray([keys, items]: Value[], context: CallContext): Task<Value> {
  if (keys instanceof Uint8Array) {
    keys.sort();
    return undefined;
  }
  const all = isBoxed(keys) && keys.kind === 'list' ? keys.items : keys;
  if (!Array.isArray(all)) return undefined;
  const byKey = order(context);
  const pairs = all.map((key, i) => ({ key, item: Array.isArray(items) ? items[i] : null }));
  const sorted = yield* sortInSlices(pairs, frameOf(context).session, (a, b) => byKey(a.key, b.key));
  for (const [place, { key, item }] of sorted.entries()) {
    all[place] = key;
    if (Array.isArray(items)) items[place] = item;
  }
  return undefined;
}

const lengthOf = (array: Value): number => (array instanceof Uint8Array || Array.isArray(array) ? array.length : 1);

const fixedSize = (): never => {
  throw netError('System.NotSupportedException', 'Collection was of a fixed size.');
};

/** System.Array: members of all arrays. */
export const arrayType = defineType<Value>({
  name: 'System.Array',
  aliases: ['array'],
  properties: {
    Length: { get: lengthOf },
    LongLength: { get: (array) => context64(itemsOf(array)?.length ?? 0) },
    Rank: { get: () => 1 },
    SyncRoot: { get: (array) => array },
    IsReadOnly: { get: () => false },
    IsFixedSize: { get: () => true },
    IsSynchronized: { get: () => false },
    Count: { get: lengthOf },
  },
  methods: {
    Contains: (array, [value], context) => (itemsOf(array) ?? []).some((known) => same(context, known, value)),
    IndexOf: (array, [value], context) => (itemsOf(array) ?? []).findIndex((known) => same(context, known, value)),
    Clone: (array) =>
      array instanceof Uint8Array
        ? array.slice()
        : Array.isArray(array)
          ? typedArray(elementTypeOf(array), [...array])
          : array,
    GetLength: (array) => (itemsOf(array) ?? []).length,
    GetUpperBound: (array) => (itemsOf(array) ?? []).length - 1,
    GetLowerBound: () => 0,
    GetValue: (array, [at], context) => (itemsOf(array) ?? [])[intArgument(at, context)],
    SetValue: (array, [value, at], context) => {
      if (Array.isArray(array)) array[intArgument(at, context)] = value;
      return undefined;
    },
    GetEnumerator: (array) => enumeratorValue(enumeratorOf(array, sequenceOf(array) ?? [])),
    Add: fixedSize,
    Insert: fixedSize,
    Remove: fixedSize,
    RemoveAt: fixedSize,
    Clear: (array, _args, context) =>
      inPlace(array, (items) => void items.fill(defaultValue(elementOf(array), context))),
    CopyTo: (array, [target, at], context) =>
      copyArray([array, 0, target, at ?? 0, (itemsOf(array) ?? []).length], context),
  },
  statics: {
    methods: {
      ...arraySearches((array) => elementOf(array)),
      IndexOf: find,
      LastIndexOf: ([array, value], context) =>
        (itemsOf(array) ?? []).findLastIndex((known) => same(context, known, value)),
      BinarySearch: ([array, value], context) => binarySearch(itemsOf(array) ?? [], value, order(context)),
      Reverse: ([array, from, count], context) =>
        inPlace(array, (items) => {
          const start = intArgument(from ?? 0, context);
          const length = intArgument(count ?? items.length, context);
          items.splice(start, length, ...items.slice(start, start + length).reverse());
        }),
      Sort: sortArray,
      Resize: ([reference, length], context) => {
        if (!isBoxed(reference) || reference.kind !== 'ref')
          return context.unsupported('[array]::Resize() of no [ref]');
        const old = reference.get();
        const made = emptyArray(elementOf(old), intArgument(length, context), context);
        reference.set(Array.isArray(made) ? copyOver(itemsOf(old) ?? [], made) : made);
        return undefined;
      },
      Copy: copyArray,
      Clear: ([array, from, count], context) =>
        inPlace(
          array,
          (items) =>
            void items.fill(
              defaultValue(elementOf(array), context),
              intArgument(from ?? 0, context),
              intArgument(from ?? 0, context) + intArgument(count ?? items.length, context),
            ),
        ),
      CreateInstance: ([type, count], context) =>
        emptyArray(
          isBoxed(type) && type.kind === 'type' ? type.name : 'System.Object',
          intArgument(count, context),
          context,
        ),
    },
  },
});

const elementOf = (array: Value): string => (Array.isArray(array) ? elementTypeOf(array) : 'System.Object');

const copyOver = (from: readonly Value[], to: Value[]): Value[] => {
  for (let i = 0; i < Math.min(from.length, to.length); i++) to[i] = from[i];
  return to;
};

const emptyArray = (type: string, count: number, context: CallContext): Value =>
  typedArray(
    type,
    Array.from({ length: count }, () => defaultValue(type, context)),
  );

const context64 = (value: number): Value => ({ kind: 'integer', type: 'Int64', value: BigInt(value) });

/** Collections. */
export const collectionTypes = [entryType, arrayType, ...listTypes, ...tableTypes];
