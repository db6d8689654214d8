import type { Sequence } from '../conversion/items.ts';
import { versionOf } from '../conversion/items.ts';
import { defineType } from '../define.ts';
import { affordable } from '../limit.ts';
import { newObject } from '../make.ts';
import { raise } from '../raise.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';

/** A place in a sequence: what `$foreach` and `$switch` are. */
export type Enumerator = {
  readonly source: Value;
  readonly items: Sequence;
  /** What the collection was when it began. */
  readonly version: number | undefined;
  at: number;
};

/** Starts before the first item. */
export const enumeratorOf = (source: Value, items: Sequence): Enumerator => ({
  source,
  items,
  version: versionOf(source),
  at: -1,
});

/** The item at its place: nothing before the first and behind the last. */
export const currentOf = ({ items, at }: Enumerator): Value =>
  at >= 0 && at < items.length ? items.at(at) : undefined;

/**
 * Goes to the next item; false behind the last.
 * @throws PowerShellError if the collection has changed since the start
 */
export const moveNext = (enumerator: Enumerator): boolean => {
  if (enumerator.version !== versionOf(enumerator.source)) {
    raise({
      id: 'System.InvalidOperationException',
      message: 'Collection was modified; enumeration operation may not execute.',
      category: 'OperationStopped',
      type: 'System.InvalidOperationException',
    });
  }
  enumerator.at++;
  return enumerator.at < enumerator.items.length;
};

/** System.Collections.IEnumerator. */
export const enumeratorType: TypeDefinition<Enumerator> = defineType<Enumerator>({
  name: 'System.Collections.IEnumerator',
  // Who enumerates takes what is left.
  enumerate: (enumerator) => {
    const { items, at } = enumerator;
    const count = affordable(Math.max(0, items.length - at - 1), 16);
    enumerator.at = items.length;
    return Array.from({ length: count }, (_unused, i) => items.at(at + 1 + i));
  },
  isTrue: () => true,
  properties: { Current: { get: (enumerator) => currentOf(enumerator) ?? null } },
  methods: {
    MoveNext: moveNext,
    Reset: (enumerator) => {
      enumerator.at = -1;
      return undefined;
    },
  },
});

/** The value of an enumerator. */
export const enumeratorValue = (enumerator: Enumerator): Value => newObject(enumeratorType, enumerator);
