import { isTask } from '../compile/code.ts';
import { convert } from '../conversion/convert.ts';
import { itemsOf } from '../conversion/items.ts';
import type { Numeric } from '../conversion/numeric.ts';
import { numericOf, parseNumeric } from '../conversion/numeric.ts';
import { toText } from '../conversion/to-text.ts';
import { NetError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import type { Language } from '../language.ts';
import { affordable, spend, unitsOfCopy, unitsOfEntry } from '../limit.ts';
import { dateTime, enumValue, exception, timeSpan } from '../make.ts';
import { raise } from '../raise.ts';
import { runSync } from '../run-sync.ts';
import type { EnumDefinition } from '../type-definition.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { ArithmeticOperator } from './number-arithmetic.ts';
import { floatArithmetic, numericArithmetic } from './number-arithmetic.ts';

const methods: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'op_Addition',
  '-': 'op_Subtraction',
  '*': 'op_Multiply',
  '/': 'op_Division',
  '%': 'op_Modulus',
};

const undefinedOperation = (operator: ArithmeticOperator, left: Value, right: Value): never => {
  const [a, b] = [typeNameOf(left) ?? 'System.Object', typeNameOf(right) ?? 'System.Object'];
  if (['System.Boolean'].includes(a)) {
    return raise({
      id: 'NotADefinedOperationForType',
      message: `The operation '[${a}] ${operator} [${b}]' is not defined.`,
    });
  }
  if (a === 'System.DateTime' && b === a) {
    return raise({
      id: 'MethodArgumentConversionInvalidCastArgument',
      message: `Cannot convert argument "t", with value: "${b}", for "${methods[operator]}" to type "System.TimeSpan".`,
      category: 'NotSpecified',
      type: 'System.Management.Automation.MethodException',
    });
  }
  const shown = a === 'System.Management.Automation.PSCustomObject' ? 'System.Management.Automation.PSObject' : a;
  return raise({
    id: 'MethodNotFound',
    message: `Method invocation failed because [${shown}] does not contain a method named '${methods[operator]}'.`,
  });
};

/** The number that an operand of arithmetic means; text is converted as a cast would, with its error. */
const operand = (value: Value, language: Language): Numeric | undefined => {
  if (typeof value === 'string') {
    const parsed = parseNumeric(value);
    if (parsed) return parsed;
    convert(value, 'System.Int32', language);
    return undefined;
  }
  return numericOf(value);
};

const addDates = (operator: ArithmeticOperator, left: Value, right: Value, language: Language): Value => {
  if (!isBoxed(left)) return undefined;
  const other = isBoxed(right)
    ? right
    : typeof right === 'string'
      ? convert(
          right,
          left.kind === 'datetime' && operator === '-' && /[-/]/.test(right) ? 'System.DateTime' : 'System.TimeSpan',
          language,
        )
      : typeof right === 'number' && (left.kind === 'datetime' || left.kind === 'timespan')
        ? timeSpan(BigInt(right))
        : right;
  if (!isBoxed(other)) return undefined;
  const sign = operator === '-' ? -1n : operator === '+' ? 1n : 0n;
  if (sign === 0n) return undefined;
  if (left.kind === 'datetime' && other.kind === 'timespan')
    return dateTime(left.ticks + sign * other.ticks, left.zone);
  if (left.kind === 'datetime' && other.kind === 'datetime' && operator === '-')
    return timeSpan(left.ticks - other.ticks);
  if (left.kind === 'timespan' && other.kind === 'timespan') return timeSpan(left.ticks + sign * other.ticks);
  return undefined;
};

const addTables = (left: Hashtable, right: Value, language: Language): Value => {
  if (!(isBoxed(right) && right.kind === 'hashtable')) {
    return raise({
      id: 'AddHashTableToNonHashTable',
      message: 'A hash table can only be added to another hash table.',
    });
  }
  spend((left.size + right.size) * unitsOfEntry);
  const sum = new Hashtable(left.type);
  for (const [key, value] of left.entries()) sum.set(key, value);
  for (const [key, value] of right.entries()) {
    if (sum.has(key)) {
      const message = `Item has already been added. Key in dictionary: '${toText(sum.written(key), language)}'  Key being added: '${toText(key, language)}'`;
      throw new NetError(exception('System.ArgumentException', message));
    }
    sum.set(key, value);
  }
  return sum;
};

const repeatItems = (items: Value[], times: number): Value[] => {
  const result: Value[] = [];
  for (let i = 0; i < times; i++) for (const item of items) result.push(item);
  return result;
};

/** An operator that a simulated type has as a method of its own. */
const ownOperator = (operator: ArithmeticOperator, left: Value, right: Value, language: Language): Value => {
  const method = isBoxed(left) && left.kind === 'instance' ? left.type.methods?.[methods[operator]] : undefined;
  if (!method || !isBoxed(left) || left.kind !== 'instance') return undefined;
  const result = method(left.state, [right], language.context);
  return isTask(result) ? runSync(result) : result;
};

const special = (operator: ArithmeticOperator, left: Value, right: Value, language: Language): Value => {
  if (operator === '+') {
    if (typeof left === 'string') {
      const more = toText(right, language);
      affordable(left.length + more.length, 2, 1);
      return left + more;
    }
    if (isBoxed(left) && left.kind === 'char') return toText(left, language) + toText(right, language);
    const items = itemsOf(left);
    if (items) {
      const more = right === undefined ? [] : (itemsOf(right) ?? [right]);
      affordable(items.length + more.length, 8, unitsOfCopy(items.length + more.length) / 2);
      return items.concat(more);
    }
    if (isBoxed(left) && left.kind === 'hashtable') return addTables(left, right, language);
  }
  if (operator === '*') {
    const times = (): number => Number(convert(right, 'System.Int32', language));
    if (typeof left === 'string')
      return left.repeat(affordable(Math.max(0, times() * left.length), 2) / (left.length || 1));
    if (Array.isArray(left))
      return repeatItems(
        left,
        affordable(times() * left.length, 8, unitsOfCopy(times() * left.length)) / (left.length || 1),
      );
  }
  return addDates(operator, left, right, language) ?? ownOperator(operator, left, right, language);
};

/** `left op right`. */
export const arithmetic = (operator: ArithmeticOperator, left: Value, right: Value, language: Language): Value => {
  if (typeof left === 'number' && typeof right === 'number') {
    const fast = floatArithmetic(operator, left, right);
    if (operator !== '/' && operator !== '%' && fast >= -2147483648 && fast <= 2147483647) return fast;
  }
  if ((left === null || left === undefined) && operator === '+') return right === undefined ? null : right;
  const found = special(operator, left, right, language);
  if (found !== undefined) return found;
  if (left === null || left === undefined) {
    if (operator === '*') return null;
    if (operator === '-' || operator === '/' || operator === '%') {
      const b = operand(right, language);
      return b
        ? numericArithmetic(operator, { type: 'Int32', integer: 0n }, b)
        : undefinedOperation(operator, left, right);
    }
  }
  if (typeof left === 'boolean' && operator !== '+' && operator !== '-')
    return undefinedOperation(operator, left, right);
  const a = operand(left, language);
  const b = a && operand(right, language);
  // A number beside something else asks that for its operator.
  if (a && !b) return undefinedOperation(operator, right, left);
  if (!a || !b) return undefinedOperation(operator, left, right);
  const result = numericArithmetic(operator, a, b);
  return isBoxed(left) && left.kind === 'enum' ? backToEnum(left.type, result) : result;
};

/** What arithmetic makes of an enum value is one of the same enum. */
const backToEnum = (type: EnumDefinition, result: Value): Value => {
  if (typeof result === 'number') return enumValue(type, result);
  const message = `Unable to cast object of type '${typeNameOf(result) ?? ''}' to type '${type.name}'.`;
  throw new NetError(exception('System.InvalidCastException', message));
};

/** `-value` and `+value`. */
export const signed = (operator: '-' | '+', value: Value, language: Language): Value => {
  if (isBoxed(value) && value.kind === 'timespan') return operator === '-' ? timeSpan(-value.ticks) : value;
  if (Array.isArray(value)) return undefinedOperation(operator, value, value);
  return arithmetic(operator, 0, value, language);
};

/** `++` and `--`. */
export const increment = (value: Value, by: 1 | -1, language: Language): Value => {
  if (value === null || value === undefined) return by;
  if (numericOf(value) === undefined) {
    return raise({
      id: 'OperatorRequiresNumber',
      message: `The '${by === 1 ? '++' : '--'}' operator works only on numbers. The operand is a '${typeNameOf(value) ?? ''}'.`,
    });
  }
  return arithmetic('+', value, by, language);
};
