import { currentOf, type Enumerator, enumeratorOf, enumeratorType, enumeratorValue } from '../compile/enumerator.ts';
import { watchVersion } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import type { CallContext } from '../host.ts';
import { eachInSlices } from '../in-slices.ts';

import { list, newObject } from '../make.ts';
import { entryPart } from '../members/index-access.ts';
import { frameOf } from '../registry-of.ts';
import type { MethodDefinition, PropertyDefinition, TypeDefinition } from '../type-definition.ts';
import { genericName, isBoxed, typeNameOf } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { defaultValue } from './default-value.ts';
import { order } from './lists.ts';
import { same } from './set-operations.ts';

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

/** What GetEnumerator() of a dictionary gives: it stands before the first entry. */
const tableEnumeratorType = defineType<Enumerator>({
  ...enumeratorType,
  name: 'System.Collections.IDictionaryEnumerator',
  bases: [enumeratorType.name],
  properties: {
    ...enumeratorType.properties,
    Entry: { get: (enumerator) => currentOf(enumerator) ?? null },
    Key: { get: (enumerator, context) => context.property(currentOf(enumerator), 'Key') },
    Value: { get: (enumerator, context) => context.property(currentOf(enumerator), 'Value') },
  },
});

const pairTypes = new Map<string, TypeDefinition<Entry>>();

/** KeyValuePair[TKey, TValue]: an entry of a generic dictionary. */
const pairType = (typeArguments: readonly [string, string]): TypeDefinition<Entry> => {
  const name = genericName('System.Collections.Generic.KeyValuePair', typeArguments);
  const known = pairTypes.get(name);
  if (known) return known;
  const made = defineType<Entry>({
    name,
    bases: ['System.ValueType'],
    properties: { Key: { get: (entry) => entry.key }, Value: { get: (entry) => entry.value } },
    methods: { ToString: ({ key, value }, _args, context) => `[${context.text(key)}, ${context.text(value)}]` },
    toText: ({ key, value }) => `[${plainText(key)}, ${plainText(value)}]`,
  });
  pairTypes.set(name, made);
  return made;
};

const plainText = (value: Value): string =>
  value === null || typeof value !== 'object' ? String(value ?? '') : String(typeNameOf(value));

const viewTypes: Readonly<Record<string, readonly [keys: string, values: string]>> = {
  'System.Collections.Hashtable': [
    'System.Collections.Hashtable+KeyCollection',
    'System.Collections.Hashtable+ValueCollection',
  ],
  'System.Collections.Specialized.OrderedDictionary': [
    'System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection',
    'System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection',
  ],
};

/** The collections of keys and values: they can be counted and gone through, no more. */
const viewDefinitions = [...new Set(Object.values(viewTypes).flat())].map((name) =>
  defineType<List>({
    name,
    bases: ['System.Collections.ICollection', 'System.Collections.IEnumerable'],
    properties: { Count: { get: (view) => view.items.length } },
    methods: {
      GetEnumerator: (view) => enumeratorValue(enumeratorOf(view, [...view.items])),
      CopyTo: (view, [array, at], context) => {
        if (Array.isArray(array))
          for (const [i, value] of view.items.entries()) array[intArgument(at ?? 0, context) + i] = value;
        return undefined;
      },
    },
  }),
);

const viewOf = (table: Hashtable, part: 0 | 1, context: CallContext): Value =>
  watchVersion(
    list(
      sorted(table, context).map((pair) => pair[part]),
      viewTypes[table.type]?.[part] ?? 'System.Collections.ObjectModel.Collection',
    ),
    () => table.version,
  );

const tableProperties: Readonly<Record<string, PropertyDefinition<Hashtable>>> = {
  IsReadOnly: { get: () => false },
  IsFixedSize: { get: () => false },
  IsSynchronized: { get: () => false },
  Keys: {
    get: (table, context) => viewOf(table, 0, context),
  },
  Values: {
    get: (table, context) => viewOf(table, 1, context),
  },
  SyncRoot: { get: () => null, hidden: true },
  Count: { get: (table) => table.size },
};

const sorted = (table: Hashtable, context: CallContext): [Value, Value][] => {
  const entries = table.entries();
  if (!table.type.includes('.Sorted')) return entries;
  const byKey = order(context);
  return entries.toSorted(([a], [b]) => byKey(a, b));
};

const tableMethods: Readonly<Record<string, MethodDefinition<Hashtable>>> = {
  Add: (table, [key, value], context) => {
    if (key === null || key === undefined)
      throw netError('System.ArgumentNullException', 'Key cannot be null.\r\nParameter name: key');
    if (table.has(key)) {
      const text = table.typeArguments
        ? 'An item with the same key has already been added.'
        : `Item has already been added. Key in dictionary: '${context.text(table.written(key))}'  Key being added: '${context.text(key)}'`;
      throw netError('System.ArgumentException', text);
    }
    table.set(entryPart(table, key, 0, frameOf(context).session), entryPart(table, value, 1, frameOf(context).session));
    return undefined;
  },
  Remove: (table, [key]) => {
    const removed = table.delete(key);
    return table.typeArguments || table.type === 'System.Management.Automation.PSBoundParametersDictionary'
      ? removed
      : undefined;
  },
  RemoveAt: (table, [at], context) => {
    table.delete(placed(table, at, context)[0]);
    return undefined;
  },
  ContainsKey: (table, [key]) => {
    if (key === null || key === undefined)
      throw netError('System.ArgumentNullException', 'Key cannot be null.\r\nParameter name: key');
    return table.has(key);
  },
  Contains: (table, [key]) => table.has(key),
  ContainsValue: (table, [value], context) => table.values().some((known) => same(context, known, value)),
  Clear: (table) => {
    table.clear();
    return undefined;
  },
  *Clone(table, _none, context) {
    const copy = new Hashtable(table.type, { ignoreCase: table.ignoreCase });
    yield* eachInSlices(table.entries(), frameOf(context).session, ([key, value]) => copy.set(key, value));
    return copy;
  },
  Insert: (table, [at, key, value], context) => {
    table.insert(intArgument(at, context), key, value ?? null);
    return undefined;
  },
  GetEnumerator: (table, _args, context) => {
    const type = table.typeArguments ? pairType(table.typeArguments) : entryType;
    const entries = sorted(table, context).map(([key, value]) => newObject(type, { key, value }));
    return newObject(tableEnumeratorType, enumeratorOf(null, entries));
  },
  TryGetValue: (table, [key, reference], context) => {
    const known = table.has(key);
    if (isBoxed(reference) && reference.kind === 'ref')
      reference.set(known ? table.get(key) : defaultValue(table.typeArguments?.[1] ?? 'System.Object', context));
    return known;
  },
  get_Item: (table, [key]) => table.get(key),
  set_Item: (table, [key, value]) => {
    table.set(key, value);
    return undefined;
  },
};

/** The entry at a place. */
const placed = (table: Hashtable, at: Value, context: CallContext): [Value, Value] => {
  const entry = sorted(table, context)[intArgument(at, context)];
  if (entry) return entry;
  throw netError(
    'System.ArgumentOutOfRangeException',
    'Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: index',
    { properties: { ParamName: 'index' } },
  );
};

/** What only sorted lists have: their entries have places. */
const sortedListMethods: Readonly<Record<string, MethodDefinition<Hashtable>>> = {
  GetKey: (table, [at], context) => placed(table, at, context)[0],
  GetByIndex: (table, [at], context) => placed(table, at, context)[1],
  SetByIndex: (table, [at, value], context) => {
    table.set(placed(table, at, context)[0], value);
    return undefined;
  },
  IndexOfKey: (table, [key], context) => sorted(table, context).findIndex(([known]) => same(context, known, key)),
  IndexOfValue: (table, [value], context) =>
    sorted(table, context).findIndex(([, known]) => same(context, known, value)),
};

const tableNames = [
  'System.Collections.Hashtable',
  'System.Collections.Specialized.OrderedDictionary',
  'System.Collections.Generic.Dictionary',
  'System.Collections.Generic.SortedDictionary',
  'System.Collections.SortedList',
  'System.Collections.Generic.SortedList',
  'System.Management.Automation.PSBoundParametersDictionary',
];

/** The dictionary types. */
export const tableTypes: TypeDefinition<never>[] = [
  ...viewDefinitions,
  ...tableNames.map((name) => {
    const isList = name.endsWith('SortedList');
    const isOrdered = name === 'System.Collections.Specialized.OrderedDictionary';
    const dropped = [...(isOrdered ? [] : ['Insert']), ...(isOrdered || isList ? [] : ['RemoveAt'])];
    const kept = Object.entries(tableMethods).filter(([method]) => !dropped.includes(method));
    const methods = { ...Object.fromEntries(kept), ...(isList ? sortedListMethods : {}) };
    return defineType<Hashtable>({ name, properties: tableProperties, methods });
  }),
];
