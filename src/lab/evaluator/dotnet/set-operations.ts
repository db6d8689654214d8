import { itemsOf } from '../conversion/items.ts';
import type { CallContext } from '../host.ts';
import type { MethodDefinition } from '../type-definition.ts';
import type { List, Value } from '../value.ts';
import { matching } from './item-search.ts';

const caseless = new WeakSet<List>();

/** Makes a set look at texts without regard to case. */
export const ignoreCaseIn = (set: List): void => void caseless.add(set);

/** Equality of elements as Contains() has it. */
export const same = (context: CallContext, a: Value, b: Value): boolean =>
  a === b || context.equals(a, b, { caseSensitive: true });

/** Equality of elements as the comparer of a set has it. */
export const sameIn = (target: List, context: CallContext, a: Value, b: Value): boolean =>
  caseless.has(target) ? context.equals(a, b) : same(context, a, b);

const within = (target: List, some: readonly Value[], all: readonly Value[], context: CallContext): boolean =>
  some.every((value) => all.some((other) => sameIn(target, context, other, value)));

const keep = (target: List, wanted: (value: Value) => boolean): undefined => {
  const kept = target.items.filter(wanted);
  target.items.length = 0;
  for (const value of kept) target.items.push(value);
  return undefined;
};

/** Takes out what a predicate is true for and gives how many those were. */
export const removeMatching: MethodDefinition<List> = function* (target, [test], context) {
  const gone = new Set(yield* matching(target.items, test, context));
  const before = target.items.length;
  keep(target, (value) => !gone.has(value));
  return before - target.items.length;
};

/** The operations of a set with another collection. */
export const setOperations: Readonly<Record<string, MethodDefinition<List>>> = {
  IntersectWith: (target, [values], context) =>
    keep(target, (value) => within(target, [value], itemsOf(values) ?? [], context)),
  ExceptWith: (target, [values], context) =>
    keep(target, (value) => !within(target, [value], itemsOf(values) ?? [], context)),
  UnionWith: (target, [values], context) => {
    for (const value of itemsOf(values) ?? [])
      if (!within(target, [value], target.items, context)) target.items.push(value);
    return undefined;
  },
  SymmetricExceptWith: (target, [values], context) => {
    const before = [...target.items];
    const others = itemsOf(values) ?? [];
    keep(target, (value) => !within(target, [value], others, context));
    for (const value of others) if (!within(target, [value], before, context)) target.items.push(value);
    return undefined;
  },
  SetEquals: (target, [values], context) => {
    const others = itemsOf(values) ?? [];
    return within(target, target.items, others, context) && within(target, others, target.items, context);
  },
  IsSubsetOf: (target, [values], context) => within(target, target.items, itemsOf(values) ?? [], context),
  IsSupersetOf: (target, [values], context) => within(target, itemsOf(values) ?? [], target.items, context),
  IsProperSubsetOf: (target, [values], context) => {
    const others = itemsOf(values) ?? [];
    return within(target, target.items, others, context) && !within(target, others, target.items, context);
  },
  IsProperSupersetOf: (target, [values], context) => {
    const others = itemsOf(values) ?? [];
    return within(target, others, target.items, context) && !within(target, target.items, others, context);
  },
  Overlaps: (target, [values], context) =>
    (itemsOf(values) ?? []).some((value) => within(target, [value], target.items, context)),
  RemoveWhere: removeMatching,
};
