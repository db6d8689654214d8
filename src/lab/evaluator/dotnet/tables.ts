import { watchSize } from '../conversion/items.ts';
import { defineType, netError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import { list, newObject } from '../make.ts';
import { entryPart } from '../members/index-access.ts';
import { frameOf } from '../registry-of.ts';
import type { MethodDefinition, PropertyDefinition, TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';
import { same } from './lists.ts';

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

const viewOf = (table: Hashtable, part: 0 | 1): Value =>
  watchSize(
    list(
      sorted(table).map((pair) => pair[part]),
      'System.Collections.ObjectModel.Collection',
    ),
    () => table.size,
  );

const tableProperties: Readonly<Record<string, PropertyDefinition<Hashtable>>> = {
  Count: { get: (table) => table.size },
  Keys: {
    get: (table) => viewOf(table, 0),
  },
  Values: {
    get: (table) => viewOf(table, 1),
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
    table.delete(table.keys()[intArgument(at, context)]);
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

/** The dictionary types. */
export const tableTypes: TypeDefinition<Hashtable>[] = tableNames.map((name) => {
  const drop = name === 'System.Collections.Specialized.OrderedDictionary' ? [] : ['Insert', 'RemoveAt'];
  const methods = Object.fromEntries(Object.entries(tableMethods).filter(([method]) => !drop.includes(method)));
  return defineType<Hashtable>({ name, properties: tableProperties, methods });
});
