import { enumeratorOf, enumeratorValue } from '../compile/enumerator.ts';
import { itemsOf, sequenceOf } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { spend } from '../limit.ts';
import { list, typedArray } from '../make.ts';
import { compare } from '../operators/compare.ts';
import { frameOf } from '../registry-of.ts';
import { runSync } from '../run-sync.ts';
import { sortInSlices } from '../sort-in-slices.ts';
import type { MethodDefinition, PropertyDefinition, TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { binarySearch, delegateMethods } from './item-search.ts';
import { removeMatching, same, sameIn, setOperations } from './set-operations.ts';

/** Order of elements as Sort() has it. */
export const order =
  (context: CallContext) =>
  (a: Value, b: Value): number => {
    spend(typeof a === 'string' ? 12 : 5);
    return compare(a, b, frameOf(context).session, { caseSensitive: true });
  };

const orderBy =
  (comparison: Value, context: CallContext) =>
  (a: Value, b: Value): number => {
    if (!isBoxed(comparison) || comparison.kind !== 'scriptblock')
      return context.unsupported('a comparer that is no script block');
    const [sign] = runSync(context.invoke(comparison, [a, b]));
    return Number(context.convert(sign, 'System.Int32'));
  };

const outOfRange = (): never => {
  throw netError(
    'System.ArgumentOutOfRangeException',
    'Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: index',
    {
      properties: { ParamName: 'index' },
    },
  );
};

const item = (target: List, value: Value, context: CallContext): Value =>
  target.elementType === undefined || target.elementType === 'System.Object'
    ? (value ?? null)
    : context.convert(value, target.elementType);

const isGeneric = (target: List): boolean => target.elementType !== undefined;

const listMethods: Readonly<Record<string, MethodDefinition<List>>> = {
  Add: (target, [value], context) => {
    if (target.type.endsWith('HashSet')) {
      if (target.items.some((known) => sameIn(target, context, known, value))) return false;
      target.items.push(item(target, value, context));
      return true;
    }
    target.items.push(item(target, value, context));
    return isGeneric(target) || target.type.endsWith('Collection') ? undefined : target.items.length - 1;
  },
  AddRange: (target, [values], context) => {
    for (const value of itemsOf(values) ?? [values]) target.items.push(item(target, value, context));
    return undefined;
  },
  Clear: (target) => {
    target.items.length = 0;
    return undefined;
  },
  Contains: (target, [value], context) => target.items.some((known) => sameIn(target, context, known, value)),
  IndexOf: (target, [value], context) => target.items.findIndex((known) => same(context, known, value)),
  LastIndexOf: (target, [value], context) => target.items.findLastIndex((known) => same(context, known, value)),
  BinarySearch: (target, [value], context) => binarySearch(target.items, value, order(context)),
  Insert: (target, [at, value], context) => {
    const index = intArgument(at, context);
    if (index < 0 || index > target.items.length) return outOfRange();
    target.items.splice(index, 0, item(target, value, context));
    return undefined;
  },
  InsertRange: (target, [at, values], context) => {
    const index = intArgument(at, context);
    if (index < 0 || index > target.items.length) return outOfRange();
    target.items.splice(index, 0, ...(itemsOf(values) ?? [values]).map((value) => item(target, value, context)));
    return undefined;
  },
  Remove: (target, [value], context) => {
    const at = target.items.findIndex((known) => sameIn(target, context, known, value));
    if (at >= 0) target.items.splice(at, 1);
    return isGeneric(target) ? at >= 0 : undefined;
  },
  RemoveAt: (target, [at], context) => {
    const index = intArgument(at, context);
    if (index < 0 || index >= target.items.length) return outOfRange();
    target.items.splice(index, 1);
    return undefined;
  },
  RemoveRange: (target, [at, count], context) => {
    target.items.splice(intArgument(at, context), intArgument(count, context));
    return undefined;
  },
  Reverse: (target) => {
    target.items.reverse();
    return undefined;
  },
  *Sort(target, [comparison], context) {
    const by = comparison === undefined ? order(context) : orderBy(comparison, context);
    const sorted = yield* sortInSlices(target.items, frameOf(context).session, by);
    for (const [place, value] of sorted.entries()) target.items[place] = value;
    return undefined;
  },
  GetRange: (target, [at, count], context) =>
    list(
      target.items.slice(intArgument(at, context), intArgument(at, context) + intArgument(count, context)),
      target.type,
      target.elementType,
    ),
  ToArray: (target) => typedArray(target.elementType ?? 'System.Object', [...target.items]),
  // The top of a stack stands first.
  Push: (target, [value], context) => {
    target.items.unshift(item(target, value, context));
    return undefined;
  },
  Pop: (target) => (target.items.length === 0 ? empty('Stack') : target.items.shift()),
  Peek: (target) => (target.items.length === 0 ? empty('Collection') : target.items[0]),
  Enqueue: (target, [value], context) => {
    target.items.push(item(target, value, context));
    return undefined;
  },
  Dequeue: (target) => (target.items.length === 0 ? empty('Queue') : target.items.shift()),
  Clone: (target) => list([...target.items], target.type, target.elementType),
  TrimExcess: () => undefined,
  TrimToSize: () => undefined,
  GetEnumerator: (target) => enumeratorValue(enumeratorOf(target, sequenceOf(target) ?? [])),
  CopyTo: (target, [array, at], context) => {
    if (Array.isArray(array))
      for (const [i, value] of target.items.entries()) array[intArgument(at ?? 0, context) + i] = value;
    return undefined;
  },
  ...delegateMethods,
  ForEach: function* (target, [action], context) {
    if (!isBoxed(action) || action.kind !== 'scriptblock')
      return context.unsupported('List.ForEach() of no script block');
    for (const value of target.items.slice()) yield* context.invoke(action, [value], { underscore: value });
    return undefined;
  },
  RemoveAll: removeMatching,
  ...setOperations,
};

const empty = (name: string): never => {
  throw netError('System.InvalidOperationException', `${name} empty.`);
};

const listProperties: Readonly<Record<string, PropertyDefinition<List>>> = {
  Count: { get: (target) => target.items.length },
  Capacity: { get: (target) => Math.max(4, target.items.length), hidden: true },
  IsReadOnly: { get: () => false, hidden: true },
  IsFixedSize: { get: () => false, hidden: true },
};

const listNames = [
  'System.Collections.ArrayList',
  'System.Collections.Generic.List',
  'System.Collections.Stack',
  'System.Collections.Queue',
  'System.Collections.Generic.Stack',
  'System.Collections.Generic.Queue',
  'System.Collections.Generic.HashSet',
  'System.Collections.ObjectModel.Collection',
];

// Each kind of list has its own operations only.
const without: Readonly<Record<string, readonly string[]>> = {
  stack: [
    'Add',
    'AddRange',
    'Insert',
    'InsertRange',
    'Remove',
    'RemoveAt',
    'Enqueue',
    'Dequeue',
    'Sort',
    'LastIndexOf',
    'BinarySearch',
  ],
  queue: [
    'Add',
    'AddRange',
    'Insert',
    'InsertRange',
    'Remove',
    'RemoveAt',
    'Push',
    'Pop',
    'Sort',
    'LastIndexOf',
    'BinarySearch',
  ],
  list: ['Push', 'Pop', 'Peek', 'Enqueue', 'Dequeue'],
};
const ofSets = Object.keys(setOperations);
const ofLists = [...Object.keys(delegateMethods), 'RemoveAll', 'ForEach'];

/** The types of growable lists. */
export const listTypes: TypeDefinition<List>[] = listNames.map((name) => {
  const kind = name.endsWith('Stack') ? 'stack' : name.endsWith('Queue') ? 'queue' : 'list';
  const dropped = [
    ...(without[kind] ?? []),
    ...(name.endsWith('HashSet') ? [] : ofSets),
    ...(name === 'System.Collections.Generic.List' ? [] : ofLists),
  ];
  const methods = Object.fromEntries(Object.entries(listMethods).filter(([method]) => !dropped.includes(method)));
  return defineType<List>({ name, properties: listProperties, methods });
});
