import { itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { spend } from '../limit.ts';
import { list, typedArray } from '../make.ts';
import { compare } from '../operators/compare.ts';
import { frameOf } from '../registry-of.ts';
import type { MethodDefinition, PropertyDefinition, TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

/** Order of elements as Sort() has it. */
export const order =
  (context: CallContext) =>
  (a: Value, b: Value): number => {
    spend(2);
    return compare(a, b, frameOf(context).session, { caseSensitive: true });
  };

/** Equality of elements as Contains() has it. */
export const same = (context: CallContext, a: Value, b: Value): boolean =>
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

function* those(target: List, test: Value, context: CallContext, most = Infinity): Task<Value[]> {
  const found: Value[] = [];
  for (const value of target.items) {
    if (found.length >= most) break;
    if (!isBoxed(test) || test.kind !== 'scriptblock')
      return context.unsupported('a predicate that is no script block');
    const output = yield* context.invoke(test, [value], { underscore: value });
    if (isTrue(output.length > 1 ? output : output[0])) found.push(value);
  }
  return found;
}

function* placeOf(target: List, test: Value, context: CallContext): Task<number> {
  for (const [place, value] of target.items.entries())
    if ((yield* those({ ...target, items: [value] }, test, context)).length > 0) return place;
  return -1;
}

const caseless = new WeakSet<List>();

/** Makes a set look at texts without regard to case. */
export const ignoreCaseIn = (set: List): void => void caseless.add(set);

const sameIn = (target: List, context: CallContext, a: Value, b: Value): boolean =>
  caseless.has(target) ? context.equals(a, b) : same(context, a, b);

const within = (some: readonly Value[], all: readonly Value[], context: CallContext): boolean =>
  some.every((value) => all.some((other) => same(context, other, value)));

const keep = (target: List, wanted: (value: Value) => boolean): undefined => {
  const kept = target.items.filter(wanted);
  target.items.length = 0;
  for (const value of kept) target.items.push(value);
  return undefined;
};

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
  Exists: function* (target, [test], context) {
    return (yield* placeOf(target, test, context)) >= 0;
  },
  Find: function* (target, [test], context) {
    return target.items[yield* placeOf(target, test, context)] ?? null;
  },
  FindIndex: (target, [test], context) => placeOf(target, test, context),
  FindAll: function* (target, [test], context) {
    return list(yield* those(target, test, context), target.type, target.elementType);
  },
  TrueForAll: function* (target, [test], context) {
    return (yield* those(target, test, context)).length === target.items.length;
  },
  ForEach: function* (target, [action], context) {
    if (!isBoxed(action) || action.kind !== 'scriptblock')
      return context.unsupported('List.ForEach() of no script block');
    for (const value of target.items.slice()) yield* context.invoke(action, [value], { underscore: value });
    return undefined;
  },
  RemoveAll: function* (target, [test], context) {
    const gone = new Set(yield* those(target, test, context));
    const before = target.items.length;
    keep(target, (value) => !gone.has(value));
    return before - target.items.length;
  },
  IntersectWith: (target, [values], context) =>
    keep(target, (value) => (itemsOf(values) ?? []).some((other) => same(context, other, value))),
  ExceptWith: (target, [values], context) =>
    keep(target, (value) => !(itemsOf(values) ?? []).some((other) => same(context, other, value))),
  SetEquals: (target, [values], context) => {
    const others = itemsOf(values) ?? [];
    return within(target.items, others, context) && within(others, target.items, context);
  },
  IsSubsetOf: (target, [values], context) => within(target.items, itemsOf(values) ?? [], context),
  IsSupersetOf: (target, [values], context) => within(itemsOf(values) ?? [], target.items, context),
  Overlaps: (target, [values], context) =>
    (itemsOf(values) ?? []).some((value) => within([value], target.items, context)),
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
  stack: ['Add', 'AddRange', 'Insert', 'InsertRange', 'Remove', 'RemoveAt', 'Enqueue', 'Dequeue', 'Sort'],
  queue: ['Add', 'AddRange', 'Insert', 'InsertRange', 'Remove', 'RemoveAt', 'Push', 'Pop', 'Sort'],
  list: ['Push', 'Pop', 'Peek', 'Enqueue', 'Dequeue'],
};
const ofSets = ['UnionWith', 'IntersectWith', 'ExceptWith', 'SetEquals', 'IsSubsetOf', 'IsSupersetOf', 'Overlaps'];
const ofLists = ['Exists', 'Find', 'FindIndex', 'FindAll', 'TrueForAll', 'RemoveAll', 'ForEach'];

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
