import { itemsOf } from '../conversion/items.ts';
import { defineEnum, defineType } from '../define.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { intArgument } from './argument-values.ts';

/** RegexOptions. */
export const regexOptionsEnum = defineEnum(
  'System.Text.RegularExpressions.RegexOptions',
  {
    None: 0,
    IgnoreCase: 1,
    Multiline: 2,
    ExplicitCapture: 4,
    Compiled: 8,
    Singleline: 16,
    IgnorePatternWhitespace: 32,
    RightToLeft: 64,
    ECMAScript: 256,
    CultureInvariant: 512,
  },
  { flags: true, aliases: ['Text.RegularExpressions.RegexOptions'] },
);

/** A place where a group captured. */
export type CaptureState = { readonly index: number; readonly value: string };

/** Capture. */
export const captureType: TypeDefinition<CaptureState> = defineType<CaptureState>({
  name: 'System.Text.RegularExpressions.Capture',
  properties: {
    Index: { get: (capture) => capture.index },
    Length: { get: (capture) => capture.value.length },
    Value: { get: (capture) => capture.value },
  },
  toText: (capture) => capture.value,
  isTrue: () => true,
});

/** What an index gives of a collection, or each of several: `Groups[1, 2]`. */
export const itemAt = (index: Value, find: (one: Value) => Value): Value => itemsOf(index)?.map(find) ?? find(index);

/** CaptureCollection. */
export const captureCollectionType: TypeDefinition<readonly Value[]> = defineType<readonly Value[]>({
  name: 'System.Text.RegularExpressions.CaptureCollection',
  properties: { Count: { get: (captures) => captures.length } },
  enumerate: (captures) => [...captures],
  getItem: (captures, [index], context) => itemAt(index, (one) => captures.at(intArgument(one, context)) ?? null),
  isTrue: (captures) => captures.length > 0,
});
