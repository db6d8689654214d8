import { itemsOf } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { elementTypeOf, typedArray } from '../make.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { listTypes, order, same } from './lists.ts';
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
  for (let i = 0; i < count; i++) {
    if (source instanceof Uint8Array && target instanceof Uint8Array) target[to + i] = source[from + i] ?? 0;
    else if (Array.isArray(target)) target[to + i] = (itemsOf(source) ?? [])[from + i];
  }
  return undefined;
};

const fixedSize = (): never => {
  throw netError('System.NotSupportedException', 'Collection was of a fixed size.');
};

/** System.Array: members of all arrays. */
export const arrayType = defineType<Value>({
  name: 'System.Array',
  aliases: ['array'],
  properties: {
    Length: { get: (array) => (array instanceof Uint8Array || Array.isArray(array) ? array.length : 1) },
    Count: { get: (array) => (array instanceof Uint8Array || Array.isArray(array) ? array.length : 1), hidden: true },
    LongLength: { get: (array) => context64(itemsOf(array)?.length ?? 0), hidden: true },
    Rank: { get: () => 1, hidden: true },
    IsReadOnly: { get: () => false, hidden: true },
    IsFixedSize: { get: () => true, hidden: true },
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
    GetEnumerator: (array) => array,
    Add: fixedSize,
    Insert: fixedSize,
    Remove: fixedSize,
    RemoveAt: fixedSize,
    Clear: (array, _args, context) => inPlace(array, (items) => void items.fill(nothingOf(elementOf(array), context))),
    CopyTo: (array, [target, at], context) =>
      copyArray([array, 0, target, at ?? 0, (itemsOf(array) ?? []).length], context),
  },
  statics: {
    methods: {
      IndexOf: find,
      Reverse: ([array]) => inPlace(array, (items) => void items.reverse()),
      Sort: ([array], context) => inPlace(array, (items) => void items.sort(order(context))),
      Copy: copyArray,
      Clear: ([array, from, count], context) =>
        inPlace(
          array,
          (items) =>
            void items.fill(
              nothingOf(elementOf(array), context),
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

/** What an element of a type is before it is set. */
const nothingOf = (type: string, context: CallContext): Value =>
  /^System\.(U?Int\d+|S?Byte|Double|Single|Decimal|Boolean|Char)$/.test(type) ? context.convert(null, type) : null;

const elementOf = (array: Value): string => (Array.isArray(array) ? elementTypeOf(array) : 'System.Object');

const emptyArray = (type: string, count: number, context: CallContext): Value =>
  typedArray(
    type,
    Array.from({ length: count }, () => nothingOf(type, context)),
  );

const context64 = (value: number): Value => ({ kind: 'integer', type: 'Int64', value: BigInt(value) });

/** Collections. */
export const collectionTypes = [entryType, arrayType, ...listTypes, ...tableTypes];
