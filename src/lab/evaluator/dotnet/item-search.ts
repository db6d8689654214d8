import { itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import type { CallContext, Task } from '../host.ts';
import { list, typedArray } from '../make.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { defaultValue } from './default-value.ts';

function* answer(script: Value, value: Value, context: CallContext): Task<Value> {
  if (!isBoxed(script) || script.kind !== 'scriptblock')
    return context.unsupported('a delegate that is no script block');
  // A delegate gets its argument only: `$_` stays what it is around the call.
  const output = yield* context.invoke(script, [value]);
  return output.length > 1 ? output : output[0];
}

/** The elements that a predicate is true for. */
export function* matching(items: readonly Value[], test: Value, context: CallContext): Task<Value[]> {
  const found: Value[] = [];
  for (const value of items) if (isTrue(yield* answer(test, value, context))) found.push(value);
  return found;
}

/** The place of the first element that a predicate is true for; -1 if there is none. */
export function* placeOf(items: readonly Value[], test: Value, context: CallContext): Task<number> {
  for (const [place, value] of items.entries()) if (isTrue(yield* answer(test, value, context))) return place;
  return -1;
}

function* lastPlaceOf(items: readonly Value[], test: Value, context: CallContext): Task<number> {
  for (let place = items.length - 1; place >= 0; place--)
    if (isTrue(yield* answer(test, items[place], context))) return place;
  return -1;
}

function* converted(items: readonly Value[], converter: Value, context: CallContext): Task<Value[]> {
  const made: Value[] = [];
  for (const value of items) made.push(yield* answer(converter, value, context));
  return made;
}

/** The place that a binary search gives: that of an equal element, or the complement of where it would stand. */
export const binarySearch = (items: readonly Value[], wanted: Value, order: (a: Value, b: Value) => number): number => {
  let [low, high] = [0, items.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const sign = order(items[middle], wanted);
    if (sign === 0) return middle;
    if (sign < 0) low = middle + 1;
    else high = middle - 1;
  }
  return ~low;
};

type Search = (target: List, args: Value[], context: CallContext) => Task<Value>;

/** The methods of List[T] that take a delegate. */
export const delegateMethods: Readonly<Record<string, Search>> = {
  *Exists({ items }, [test], context) {
    return (yield* placeOf(items, test, context)) >= 0;
  },
  *Find({ items, elementType }, [test], context) {
    const place = yield* placeOf(items, test, context);
    return place < 0 ? defaultValue(elementType ?? '', context) : items[place];
  },
  *FindLast({ items, elementType }, [test], context) {
    const place = yield* lastPlaceOf(items, test, context);
    return place < 0 ? defaultValue(elementType ?? '', context) : items[place];
  },
  FindIndex: ({ items }, [test], context) => placeOf(items, test, context),
  FindLastIndex: ({ items }, [test], context) => lastPlaceOf(items, test, context),
  *FindAll({ items, type, elementType }, [test], context) {
    return list(yield* matching(items, test, context), type, elementType);
  },
  *TrueForAll({ items }, [test], context) {
    return (yield* matching(items, test, context)).length === items.length;
  },
  *ConvertAll({ items, type }, [converter], context) {
    return list(yield* converted(items, converter, context), type, 'System.Object');
  },
};

const asList = (array: Value, elementType: string): List => ({
  kind: 'list',
  type: 'System.Array',
  elementType,
  items: itemsOf(array) ?? [],
});

/**
 * The same searches as static methods of System.Array.
 * @param elementOf tells the element type of an array
 */
export const arraySearches = (elementOf: (array: Value) => string): Readonly<Record<string, StaticMethod>> => {
  const searches = Object.entries(delegateMethods).map(([name, search]): [string, StaticMethod] => [
    name,
    function* ([array, ...rest], context) {
      const found = yield* search(asList(array, elementOf(array)), rest, context);
      return isBoxed(found) && found.kind === 'list' && found.type === 'System.Array'
        ? typedArray(found.elementType ?? 'System.Object', found.items)
        : found;
    },
  ]);
  return Object.fromEntries(searches);
};
