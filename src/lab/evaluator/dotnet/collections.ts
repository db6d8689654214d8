import { itemsOf } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import type { CallContext, MethodDefinition, PropertyDefinition, StaticMethod, TypeDefinition } from '../host.ts';
import { elementTypeOf, list, newObject, typedArray } from '../make.ts';
import { compare } from '../operators/compare.ts';
import { frameOf } from '../registry-of.ts';
import { isBoxed } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

type Entry = { readonly key: Value; readonly value: Value };

/** DictionaryEntry and KeyValuePair. */
export const entryType = defineType<Entry>({
  name: 'System.Collections.DictionaryEntry',
  properties: {
    Key: { get: (entry) => entry.key },
    Value: { get: (entry) => entry.value },
    Name: { get: (entry) => entry.key, hidden: true },
  },
  toText: () => 'System.Collections.DictionaryEntry',
});

const order =
  (context: CallContext) =>
  (a: Value, b: Value): number =>
    compare(a, b, frameOf(context).session, { caseSensitive: true });

const same = (context: CallContext, a: Value, b: Value): boolean =>
  a === b || context.equals(a, b, { caseSensitive: true });

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
      if (target.items.some((known) => same(context, known, value))) return false;
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
  Contains: (target, [value], context) => target.items.some((known) => same(context, known, value)),
  IndexOf: (target, [value], context) => target.items.findIndex((known) => same(context, known, value)),
  Insert: (target, [at, value], context) => {
    const index = intArgument(at, context);
    if (index < 0 || index > target.items.length) return outOfRange();
    target.items.splice(index, 0, item(target, value, context));
    return undefined;
  },
  Remove: (target, [value], context) => {
    const at = target.items.findIndex((known) => same(context, known, value));
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
  Sort: (target, _args, context) => {
    target.items.sort(order(context));
    return undefined;
  },
  GetRange: (target, [at, count], context) =>
    list(
      target.items.slice(intArgument(at, context), intArgument(at, context) + intArgument(count, context)),
      target.type,
      target.elementType,
    ),
  ToArray: (target) =>
    typedArray(
      target.elementType ?? 'System.Object',
      target.type.endsWith('Stack') ? target.items.toReversed() : [...target.items],
    ),
  Push: (target, [value], context) => {
    target.items.push(item(target, value, context));
    return undefined;
  },
  Pop: (target) => (target.items.length === 0 ? empty('Stack') : target.items.pop()),
  Peek: (target) =>
    target.items.length === 0
      ? empty('Collection')
      : target.type.endsWith('Stack')
        ? target.items.at(-1)
        : target.items[0],
  Enqueue: (target, [value], context) => {
    target.items.push(item(target, value, context));
    return undefined;
  },
  Dequeue: (target) => (target.items.length === 0 ? empty('Queue') : target.items.shift()),
  Clone: (target) => list([...target.items], target.type, target.elementType),
  GetEnumerator: (target) => target,
  CopyTo: (target, [array, at], context) => {
    if (Array.isArray(array))
      for (const [i, value] of target.items.entries()) array[intArgument(at ?? 0, context) + i] = value;
    return undefined;
  },
  UnionWith: (target, [values], context) => {
    for (const value of itemsOf(values) ?? [])
      if (!target.items.some((known) => same(context, known, value))) target.items.push(value);
    return undefined;
  },
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
  stack: ['Add', 'AddRange', 'Insert', 'Remove', 'RemoveAt', 'Enqueue', 'Dequeue', 'Sort'],
  queue: ['Add', 'AddRange', 'Insert', 'Remove', 'RemoveAt', 'Push', 'Pop', 'Sort'],
  list: ['Push', 'Pop', 'Peek', 'Enqueue', 'Dequeue', 'UnionWith'],
};

const listTypes: TypeDefinition<List>[] = listNames.map((name) => {
  const kind = name.endsWith('Stack') ? 'stack' : name.endsWith('Queue') ? 'queue' : 'list';
  const dropped = without[kind] ?? [];
  const methods = Object.fromEntries(Object.entries(listMethods).filter(([method]) => !dropped.includes(method)));
  return defineType<List>({ name, properties: listProperties, methods });
});

const tableProperties: Readonly<Record<string, PropertyDefinition<Hashtable>>> = {
  Count: { get: (table) => table.size },
  Keys: {
    get: (table) =>
      list(
        sorted(table).map(([key]) => key),
        'System.Collections.ObjectModel.Collection',
      ),
  },
  Values: {
    get: (table) =>
      list(
        sorted(table).map(([, value]) => value),
        'System.Collections.ObjectModel.Collection',
      ),
  },
  IsReadOnly: { get: () => false },
  IsFixedSize: { get: () => false },
  SyncRoot: { get: () => null, hidden: true },
  IsSynchronized: { get: () => false },
};

const sorted = (table: Hashtable): [Value, Value][] => {
  const entries = table.entries();
  if (table.type !== 'System.Collections.Generic.SortedDictionary') return entries;
  const text = (key: Value): string => (typeof key === 'string' ? key : JSON.stringify(key));
  return entries.toSorted(([a], [b]) => (text(a) < text(b) ? -1 : 1));
};

const typed = (table: Hashtable, value: Value, at: 0 | 1, context: CallContext): Value => {
  const type = table.typeArguments?.[at];
  return type === undefined || type === 'System.Object' ? (value ?? null) : context.convert(value, type);
};

const tableMethods: Readonly<Record<string, MethodDefinition<Hashtable>>> = {
  Add: (table, [key, value], context) => {
    if (key === null || key === undefined)
      throw netError('System.ArgumentNullException', 'Key cannot be null.\r\nParameter name: key');
    if (table.has(key)) {
      const text = table.typeArguments
        ? 'An item with the same key has already been added.'
        : `Item has already been added. Key in dictionary: '${context.text(key)}'  Key being added: '${context.text(key)}'`;
      throw netError('System.ArgumentException', text);
    }
    table.set(typed(table, key, 0, context), typed(table, value, 1, context));
    return undefined;
  },
  Remove: (table, [key]) => {
    const removed = table.delete(key);
    return table.typeArguments || table.type === 'System.Management.Automation.PSBoundParametersDictionary'
      ? removed
      : undefined;
  },
  RemoveAt: (table, [at], context) => {
    table.delete(table.keys()[intArgument(at, context)]);
    return undefined;
  },
  ContainsKey: (table, [key]) => table.has(key),
  Contains: (table, [key]) => table.has(key),
  ContainsValue: (table, [value], context) => table.values().some((known) => same(context, known, value)),
  Clear: (table) => {
    table.clear();
    return undefined;
  },
  Clone: (table) => {
    const copy = new Hashtable(table.type, { ignoreCase: table.ignoreCase });
    for (const [key, value] of table.entries()) copy.set(key, value);
    return copy;
  },
  Insert: (table, [at, key, value], context) => {
    table.insert(intArgument(at, context), key, value ?? null);
    return undefined;
  },
  GetEnumerator: (table) => sorted(table).map(([key, value]) => newObject(entryType, { key, value })),
  TryGetValue: (table, [key, reference]) => {
    if (isBoxed(reference) && reference.kind === 'ref') reference.set(table.get(key) ?? null);
    return table.has(key);
  },
  get_Item: (table, [key]) => table.get(key),
  set_Item: (table, [key, value]) => {
    table.set(key, value);
    return undefined;
  },
};

const tableNames = [
  'System.Collections.Hashtable',
  'System.Collections.Specialized.OrderedDictionary',
  'System.Collections.Generic.Dictionary',
  'System.Collections.Generic.SortedDictionary',
  'System.Management.Automation.PSBoundParametersDictionary',
];

const tableTypes: TypeDefinition<Hashtable>[] = tableNames.map((name) => {
  const drop = name === 'System.Collections.Specialized.OrderedDictionary' ? [] : ['Insert', 'RemoveAt'];
  const methods = Object.fromEntries(Object.entries(tableMethods).filter(([method]) => !drop.includes(method)));
  return defineType<Hashtable>({ name, properties: tableProperties, methods });
});

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
              null,
              intArgument(from ?? 0, context),
              intArgument(from ?? 0, context) + intArgument(count ?? items.length, context),
            ),
        ),
      CreateInstance: ([type, count], context) =>
        typedArray(
          isBoxed(type) && type.kind === 'type' ? type.name : 'System.Object',
          Array.from({ length: intArgument(count, context) }, () => null),
        ),
    },
  },
});

const context64 = (value: number): Value => ({ kind: 'integer', type: 'Int64', value: BigInt(value) });

/** Collections. */
export const collectionTypes = [entryType, arrayType, ...listTypes, ...tableTypes];
