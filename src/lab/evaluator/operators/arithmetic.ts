import { isTask } from '../compile/code.ts';
import { convert } from '../conversion/convert.ts';
import { itemsOf } from '../conversion/items.ts';
import type { Numeric } from '../conversion/numeric.ts';
import { numericOf, parseNumeric } from '../conversion/numeric.ts';
import { toText } from '../conversion/to-text.ts';
import { NetError, netError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import type { Language } from '../language.ts';
import { affordable, spend, unitsOfCopy, unitsOfEntry } from '../limit.ts';
import { dateTime, elementTypeOf, enumValue, exception, timeSpan, typedArray } from '../make.ts';
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

/** "does not contain a method named" of an operator's method. */
export const noOperator = (value: Value, method: string): never => {
  const type = typeNameOf(value) ?? 'System.Object';
  const shown = type === 'System.Management.Automation.PSCustomObject' ? 'System.Management.Automation.PSObject' : type;
  return raise({
    id: 'MethodNotFound',
    message: `Method invocation failed because [${shown}] does not contain a method named '${method}'.`,
  });
};

const undefinedOperation = (operator: ArithmeticOperator, left: Value, right: Value): never => {
  const [a, b] = [typeNameOf(left) ?? 'System.Object', typeNameOf(right) ?? 'System.Object'];
  if ((a === 'System.Boolean' || a === 'System.Char') && typeof right !== 'string') {
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
  return noOperator(left, methods[operator]);
};

const fitting: Partial<Record<Numeric['type'], string>> = {
  Single: 'System.Double',
  Double: 'System.Double',
  Decimal: 'System.Decimal',
};

/** The number that an operand means; text is converted as a cast to the kind of the other operand would, with its error. */
export const operand = (value: Value, other: Value, language: Language): Numeric | undefined => {
  if (typeof value !== 'string') return numericOf(value);
  const parsed = parseNumeric(value);
  if (parsed) return parsed;
  const type = fitting[numericOf(other)?.type ?? 'Int32'] ?? 'System.Int32';
  return numericOf(convert(value, type, language));
};

const notAnArgument = (operator: ArithmeticOperator, right: Value, language: Language): never =>
  raise({
    id: 'MethodArgumentConversionInvalidCastArgument',
    message: `Cannot convert argument "t", with value: "${toText(right, language)}", for "${methods[operator]}" to type "System.TimeSpan".`,
    category: 'NotSpecified',
    type: 'System.Management.Automation.MethodException',
  });

/** The time that stands beside a date or a time: text is read as one, a whole number counts ticks. */
const timeBeside = (operator: ArithmeticOperator, right: Value, language: Language): bigint => {
  const whole = typeof right === 'string' ? undefined : numericOf(right);
  const isCount = typeof right === 'number' || (isBoxed(right) && right.kind === 'integer');
  if (isCount && whole && 'integer' in whole) return whole.integer;
  const time = typeof right === 'string' ? convert(right, 'System.TimeSpan', language) : right;
  return isBoxed(time) && time.kind === 'timespan' ? time.ticks : notAnArgument(operator, right, language);
};

const addDates = (operator: ArithmeticOperator, left: Value, right: Value, language: Language): Value => {
  if (!isBoxed(left) || (left.kind !== 'datetime' && left.kind !== 'timespan')) return undefined;
  if (operator !== '-' && operator !== '+') return undefined;
  const sign = operator === '-' ? -1n : 1n;
  if (left.kind === 'timespan') return timeSpan(left.ticks + sign * timeBeside(operator, right, language));
  if (operator === '+') return dateTime(left.ticks + timeBeside(operator, right, language), left.zone);
  if (isBoxed(right) && right.kind === 'datetime') return timeSpan(left.ticks - right.ticks);
  if (isBoxed(right) && right.kind === 'timespan') return dateTime(left.ticks - right.ticks, left.zone);
  // A date and a time can both be taken away: what is neither fits both or none.
  return raise({
    id: 'MethodCountCouldNotFindBest',
    message: 'Cannot find an overload for "op_Subtraction" and the argument count: "2".',
    category: 'NotSpecified',
    type: 'System.Management.Automation.MethodException',
  });
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

/** How often something is repeated. */
const often = (times: number): number => {
  if (times >= 0) return times;
  throw netError(
    'System.ArgumentOutOfRangeException',
    `times ('${times}') must be a non-negative value. (Parameter 'times')\r\nActual value was ${times}.`,
  );
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
    if (typeof left === 'string') return left.repeat(affordable(often(times()) * left.length, 2) / (left.length || 1));
    if (Array.isArray(left)) {
      const count = often(times());
      affordable(count * left.length, 8, unitsOfCopy(count * left.length));
      return typedArray(elementTypeOf(left), repeatItems(left, count));
    }
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
      const b = operand(right, left, language);
      return b
        ? numericArithmetic(operator, { type: 'Int32', integer: 0n }, b)
        : undefinedOperation(operator, left, right);
    }
  }
  if ((typeof left === 'boolean' || (isBoxed(left) && left.kind === 'char')) && operator === '*')
    return undefinedOperation(operator, left, right);
  const a = operand(left, right, language);
  const b = a && operand(right, left, language);
  if (a?.type === 'Decimal' && !b) return notAnArgument(operator, right, language);
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
