import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** The truth of a value in a condition. */
export const isTrue = (value: Value): boolean => {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0;
  if (Array.isArray(value)) return arrayTruth(value);
  if (value instanceof Uint8Array) return value.length > 1 || (value[0] ?? 0) !== 0;
  if (!isBoxed(value)) return true;
  switch (value.kind) {
    case 'integer':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'decimal':
      return value.unscaled !== 0n;
    case 'char':
      return value.code !== 0;
    case 'enum':
      return value.value !== 0;
    case 'switch':
      return value.isPresent;
    case 'list':
      return arrayTruth(value.items);
    case 'instance': {
      if (value.type.isTrue) return value.type.isTrue(value.state);
      const items = value.type.enumerate?.(value.state);
      return items ? arrayTruth(items) : true;
    }
    default:
      return true;
  }
};

const arrayTruth = (items: readonly Value[]): boolean => {
  if (items.length === 0) return false;
  if (items.length > 1) return true;
  const [only] = items;
  // A list inside a list counts as an object with at least itself.
  return Array.isArray(only) ? only.length > 0 : isTrue(only);
};
