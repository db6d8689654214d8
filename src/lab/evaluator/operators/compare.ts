import { type ClassState, equalityOf } from '../classes/script-class.ts';
import { convert, convertOrNull } from '../conversion/convert.ts';
import type { Numeric } from '../conversion/numeric.ts';
import { numericOf, parseNumeric, toDecimal, toNumber } from '../conversion/numeric.ts';
import { toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import { PowerShellError } from '../define.ts';
import type { Language } from '../language.ts';
import { spend } from '../limit.ts';
import { raise } from '../raise.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';

/** How text is compared. */
export type CompareOptions = { readonly caseSensitive?: boolean };

const collator = new Intl.Collator('en-US', { sensitivity: 'base', ignorePunctuation: false });
const exactCollator = new Intl.Collator('en-US', { sensitivity: 'variant', caseFirst: 'lower' });

// Most texts that scripts compare are plain ASCII letters and digits; the collator is slow.
const simple = /^[a-z0-9 _.]*$/;

/** Counts comparing long texts, of which every character takes so many units; short ones are counted by who compares many. */
const spendOnText = (length: number, unitsEach: number): void => {
  if (length > 1024) spend(length * unitsEach);
};

/** Order of two texts in the en-US culture. */
export const compareText = (a: string, b: string, caseSensitive = false): number => {
  if (a === b) return 0;
  spendOnText(a.length + b.length, 1);
  if (!caseSensitive) {
    const [x, y] = [a.toLowerCase(), b.toLowerCase()];
    if (x === y) return 0;
    if (simple.test(x) && simple.test(y) && !/[ _.]/.test(x + y)) return x < y ? -1 : 1;
    const order = collator.compare(a, b);
    return order === 0 ? (x < y ? -1 : 1) : order;
  }
  const order = exactCollator.compare(a, b);
  return order === 0 ? (a < b ? -1 : 1) : order;
};

const compareNumeric = (a: Numeric, b: Numeric): number => {
  if ('integer' in a && 'integer' in b) return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0;
  const isEndless = [a, b].some((one) => 'float' in one && !Number.isFinite(one.float));
  if (!isEndless && (a.type === 'Decimal' || b.type === 'Decimal')) {
    const [x, y] = [toDecimal(a), toDecimal(b)];
    const left = x.unscaled * 10n ** BigInt(y.scale);
    const right = y.unscaled * 10n ** BigInt(x.scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const [x, y] = [toNumber(a), toNumber(b)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
};

/** The other side of a comparison turned into the type of the left one; undefined if it does not convert. */
const towards = (left: Value, right: Value, language: Language): Value => {
  const type = typeNameOf(left);
  if (type === undefined) return undefined;
  return convertOrNull(right, type, language);
};

const numericEquals = (left: Value, a: Numeric, right: Value, language: Language): boolean => {
  if (right === null || right === undefined) return false;
  if (typeof left === 'boolean') return left === isTrue(right);
  const b = typeof right === 'string' ? parseNumeric(right) : numericOf(right);
  if (b) return compareNumeric(a, b) === 0;
  if (isBoxed(left) && left.kind === 'enum' && typeof right === 'string') {
    const converted = convertOrNull(right, left.type.name, language);
    return isBoxed(converted) && converted.kind === 'enum' && converted.value === left.value;
  }
  return false;
};

const boxedEquals = (left: Value, right: Value, language: Language): boolean => {
  if (!isBoxed(left)) return false;
  const own = left.kind === 'instance' ? equalityOf(left.type) : undefined;
  if (own && left.kind === 'instance') return own(left.state as ClassState, right);
  const other = typeNameOf(right) === typeNameOf(left) ? right : towards(left, right, language);
  if (!isBoxed(other) || other.kind !== left.kind) return false;
  if (left.kind === 'datetime' && other.kind === 'datetime') return left.ticks === other.ticks;
  if (left.kind === 'timespan' && other.kind === 'timespan') return left.ticks === other.ticks;
  if (left.kind === 'type' && other.kind === 'type') return left.name === other.name;
  if (left.kind === 'instance' && other.kind === 'instance' && left.type === other.type) {
    const key = left.type.keyText?.(left.state);
    return key !== undefined && key === other.type.keyText?.(other.state);
  }
  return false;
};

/** `-eq` of two single values. */
export const equals = (left: Value, right: Value, language: Language, options: CompareOptions = {}): boolean => {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (left === right) return true;
  if (typeof left === 'string') {
    spendOnText(left.length, 1 / 2);
    if (right === null || right === undefined) return false;
    const text = typeof right === 'string' ? right : toText(right, language);
    return options.caseSensitive ? left === text : left === text || left.toLowerCase() === text.toLowerCase();
  }
  if (isBoxed(left) && left.kind === 'char' && typeof right === 'number') return left.code === right;
  if (isBoxed(left) && left.kind === 'char' && !options.caseSensitive) {
    return (
      right !== null &&
      right !== undefined &&
      toText(left, language).toLowerCase() === toText(right, language).toLowerCase()
    );
  }
  const a = numericOf(left);
  if (a) return numericEquals(left, a, right, language);
  return right === null || right === undefined ? false : boxedEquals(left, right, language);
};

const notComparable = (left: Value, right: Value, language: Language): never =>
  raise({
    id: 'NotIcomparable',
    message: `Cannot compare "${toText(left, language)}" because it is not IComparable.`,
    target: right,
  });

/** Kinds of values that have no order. */
const unordered: ReadonlySet<string> = new Set(['hashtable', 'type', 'scriptblock', 'list', 'error', 'exception']);

const compareBoxed = (left: Value, right: Value, language: Language): number => {
  const type = typeNameOf(left) ?? '';
  if (isBoxed(left) && left.kind === 'custom')
    raise({
      id: 'PSObjectCompareTo',
      message: `Cannot compare "${toText(left, language)}" because it is not IComparable.`,
    });
  if (isBoxed(left) && unordered.has(left.kind)) notComparable(left, right, language);
  if (isBoxed(left) && left.kind === 'instance' && !left.type.compare) notComparable(left, right, language);
  let other = right;
  if (typeNameOf(right) !== type) {
    try {
      other = convert(right, type, language);
    } catch (error) {
      if (!(error instanceof PowerShellError)) throw error;
      const message = `Could not compare "${toText(left, language)}" to "${toText(right, language)}". Error: "${error.message}"`;
      return raise({ id: 'ComparisonFailure', message });
    }
  }
  if (isBoxed(left) && isBoxed(other)) {
    if (left.kind === 'char' && other.kind === 'char') return Math.sign(left.code - other.code);
    if (
      (left.kind === 'datetime' && other.kind === 'datetime') ||
      (left.kind === 'timespan' && other.kind === 'timespan')
    ) {
      return left.ticks < other.ticks ? -1 : left.ticks > other.ticks ? 1 : 0;
    }
    if (left.kind === 'instance' && other.kind === 'instance' && left.type.compare)
      return left.type.compare(left.state, other.state);
  }
  return equals(left, right, language) ? 0 : notComparable(left, right, language);
};

const sortRank = (value: Value): number => {
  const number = numericOf(value);
  return number ? Math.sign(compareNumeric(number, { type: 'Int32', integer: 0n })) || 1 : 1;
};

/** Order of two single values (-lt, -gt, Sort-Object). */
export const compare = (left: Value, right: Value, language: Language, options: CompareOptions = {}): number => {
  const leftNull = left === null || left === undefined;
  const rightNull = right === null || right === undefined;
  // Null is less than everything but negative numbers.
  if (leftNull) return rightNull ? 0 : -sortRank(right);
  if (rightNull) return typeof left === 'string' ? 1 : sortRank(left);
  if (typeof left === 'string') return compareText(left, toText(right, language), options.caseSensitive);
  if (typeof left === 'boolean') return Number(left) - Number(isTrue(right));
  if (isBoxed(left) && left.kind === 'char') {
    if (isBoxed(right) && right.kind === 'char') return Math.sign(left.code - right.code);
    return compareBoxed(left, right, language);
  }
  if (isBoxed(left) && left.kind === 'enum' && typeof right === 'string') {
    const other = numericOf(convert(right, left.type.name, language));
    const own = numericOf(left);
    if (own && other) return compareNumeric(own, other);
  }
  const a = numericOf(left);
  if (!a) return compareBoxed(left, right, language);
  const b =
    typeof right === 'string'
      ? (parseNumeric(right) ?? numericOf(convert(right, typeNameOf(left) ?? '', language)))
      : numericOf(right);
  return b ? compareNumeric(a, b) : compareBoxed(left, right, language);
};

/** Comparison operators that order or equate. */
export type CompareOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** One comparison of two single values. */
export const compares = (
  operator: CompareOperator,
  left: Value,
  right: Value,
  language: Language,
  options: CompareOptions,
): boolean => {
  if (typeof left === 'number' && typeof right === 'number') {
    if (operator === 'eq') return left === right;
    if (operator === 'ne') return left !== right;
  } else {
    if (operator === 'eq') return equals(left, right, language, options);
    if (operator === 'ne') return !equals(left, right, language, options);
  }
  const order =
    typeof left === 'number' && typeof right === 'number' ? left - right : compare(left, right, language, options);
  switch (operator) {
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
  }
};
