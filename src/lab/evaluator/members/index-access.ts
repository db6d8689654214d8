import { convert, convertOrNull } from '../conversion/convert.ts';
import { itemsOf } from '../conversion/items.ts';
import { numericOf, toNumber } from '../conversion/numeric.ts';
import type { Frame } from '../frame.ts';
import type { Hashtable } from '../hashtable.ts';
import type { Language } from '../language.ts';
import { char, elementTypeOf, integer, toValue } from '../make.ts';
import { raise } from '../raise.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { List, Value } from '../value.ts';
import { definitionOf, stateOfValue } from './definitions.ts';

const nullIndex = (): never =>
  raise({ id: 'NullArrayIndex', message: 'Index operation failed; the array index evaluated to null.' });

const position = (index: Value, length: number, frame: Frame): number | undefined => {
  if (index === null || index === undefined) return nullIndex();
  const whole = convertOrNull(index, 'System.Int32', frame.session);
  if (typeof whole !== 'number') return undefined;
  return whole < 0 ? length + whole : whole;
};

const outOfRange = (frame: Frame, index: Value, length: number): Value => {
  if (frame.scope.strictVersion >= 3) {
    return raise({
      id: 'System.IndexOutOfRangeException',
      message: `Index was outside the bounds of the array.`,
      category: 'OperationStopped',
      type: 'System.IndexOutOfRangeException',
      target: index ?? length,
    });
  }
  return null;
};

const elementAt = (items: readonly Value[], index: Value, frame: Frame): Value => {
  const at = position(index, items.length, frame);
  if (at === undefined || at < 0 || at >= items.length) return outOfRange(frame, index, items.length);
  return items[at];
};

const fromItems = (items: readonly Value[], index: Value, frame: Frame): Value => {
  const several = itemsOf(index);
  if (!several) return elementAt(items, index, frame);
  const found: Value[] = [];
  for (const one of several) {
    const at = position(one, items.length, frame);
    if (at !== undefined && at >= 0 && at < items.length) found.push(items[at]);
  }
  return found;
};

const fromText = (text: string, index: Value, frame: Frame): Value => {
  const several = itemsOf(index);
  const places = (several ?? [index]).map((one) => position(one, text.length, frame));
  const found = places.flatMap((at) =>
    at !== undefined && at >= 0 && at < text.length ? [char(text.charCodeAt(at))] : [],
  );
  if (several) return found;
  return found[0] ?? outOfRange(frame, index, text.length);
};

const noIndex = (target: Value): never =>
  raise({ id: 'CannotIndex', message: `Unable to index into an object of type ${typeNameOf(target) ?? ''}.` });

/** A key (0) or value (1) as a generic dictionary holds it. */
export const entryPart = (table: Hashtable, value: Value, at: 0 | 1, language: Language): Value => {
  const type = table.typeArguments?.[at];
  return type === undefined || type === 'System.Object' ? (value ?? null) : convert(value, type, language);
};

/** `$target[index]`. */
export const getIndex = (target: Value, index: Value, frame: Frame): Value => {
  if (target === null || target === undefined)
    return raise({ id: 'NullArray', message: 'Cannot index into a null array.' });
  if (Array.isArray(target)) return fromItems(target, index, frame);
  if (typeof target === 'string') return fromText(target, index, frame);
  if (target instanceof Uint8Array) {
    const at = itemsOf(index) ? undefined : position(index, target.length, frame);
    if (at === undefined) return fromItems(itemsOf(target) ?? [], index, frame);
    const byte = target[at];
    return byte === undefined ? outOfRange(frame, index, target.length) : integer('Byte', byte);
  }
  if (!isBoxed(target)) return index === 0 || index === -1 ? target : undefined;
  if (target.kind === 'hashtable') {
    if (index === null || index === undefined) return nullIndex();
    if (target.ordered && typeof index === 'number' && !target.has(index))
      return target.values()[index < 0 ? target.size + index : index] ?? null;
    const several = Array.isArray(index) ? index : undefined;
    return several
      ? several.map((key) => getIndex(target, key, frame))
      : (target.get(entryPart(target, index, 0, frame.session)) ?? null);
  }
  // The keys and values of a dictionary have no places: an index gives the whole collection.
  if (target.kind === 'list' && target.type.startsWith('System.Collections.Hashtable+'))
    return index === 0 || index === -1 ? target : noIndex(target);
  if (target.kind === 'list') return fromItems(target.items, index, frame);
  const definition = definitionOf(frame.session.registry, target);
  if (definition?.getItem) return toValue(definition.getItem(stateOfValue(target), [index], frame.context));
  const items = itemsOf(target);
  if (items) return fromItems(items, index, frame);
  if (index === 0 || index === -1) return target;
  // Several places, or what is no place, find nothing in a single value.
  return itemsOf(index) || typeof index === 'string' ? null : noIndex(target);
};

const setElement = (items: Value[], elementType: string, index: Value, value: Value, frame: Frame): void => {
  const at = position(index, items.length, frame);
  if (at === undefined || at < 0 || at >= items.length) {
    raise({
      id: 'System.IndexOutOfRangeException',
      message: 'Index was outside the bounds of the array.',
      category: 'OperationStopped',
      type: 'System.IndexOutOfRangeException',
    });
    return;
  }
  items[at] = elementType === 'System.Object' ? (value ?? null) : convert(value, elementType, frame.session);
};

const setInList = (target: List, index: Value, value: Value, frame: Frame): void =>
  setElement(target.items, target.elementType ?? 'System.Object', index, value, frame);

/** `$target[index] = value`. */
export const setIndex = (target: Value, index: Value, value: Value, frame: Frame): void => {
  if (target === null || target === undefined) raise({ id: 'NullArray', message: 'Cannot index into a null array.' });
  else if (Array.isArray(target)) setElement(target, elementTypeOf(target), index, value, frame);
  else if (target instanceof Uint8Array) {
    const at = position(index, target.length, frame);
    const byte = numericOf(convert(value, 'System.Byte', frame.session));
    if (at !== undefined && byte) target[at] = toNumber(byte);
  } else if (isBoxed(target) && target.kind === 'hashtable') {
    if (target.ordered && typeof index === 'number' && !target.has(index) && index < target.size)
      target.set(target.keys()[index], value ?? null);
    else if (index === null || index === undefined) nullIndex();
    else target.set(entryPart(target, index, 0, frame.session), entryPart(target, value, 1, frame.session));
  } else if (isBoxed(target) && target.kind === 'list') setInList(target, index, value, frame);
  else {
    const definition = definitionOf(frame.session.registry, target);
    if (definition?.setItem) definition.setItem(stateOfValue(target), [index], value, frame.context);
    else raise({ id: 'CannotIndex', message: `Unable to index into an object of type ${typeNameOf(target) ?? ''}.` });
  }
};
