import { classOf } from '../classes/script-class.ts';
import { isTask } from '../compile/code.ts';
import { ticksOf } from '../conversion/calendar.ts';
import { convert } from '../conversion/convert.ts';
import { enumerate, itemsOf } from '../conversion/items.ts';
import { toText } from '../conversion/to-text.ts';
import { errorRecord, netError } from '../define.ts';
import { defaultValue } from '../dotnet/default-value.ts';
import { makeMultiArray } from '../dotnet/multi-array.ts';
import { ignoreCaseIn } from '../dotnet/set-operations.ts';
import { stringComparerType } from '../dotnet/string-comparer.ts';
import { entryType } from '../dotnet/tables.ts';
import type { Frame } from '../frame.ts';
import { Hashtable } from '../hashtable.ts';
import type { Task } from '../host.ts';
import { affordable, unitsOfCopy } from '../limit.ts';
import { customObject, dateTime, double, exception, list, newObject, timeSpan, toValue, typedArray } from '../make.ts';
import { raise } from '../raise.ts';
import { arrayElement, genericParts, isOfType } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { ErrorCategory, Exception, Instance, Value } from '../value.ts';
import { errorCategories } from '../value.ts';
import { callMethod, guarded, methodNotFound } from './call-method.ts';

const dictionaries: Readonly<Record<string, ConstructorParameters<typeof Hashtable>[0]>> = {
  'System.Collections.Hashtable': 'System.Collections.Hashtable',
  'System.Collections.Specialized.OrderedDictionary': 'System.Collections.Specialized.OrderedDictionary',
  'System.Collections.Generic.Dictionary': 'System.Collections.Generic.Dictionary',
  'System.Collections.Generic.SortedDictionary': 'System.Collections.Generic.SortedDictionary',
  'System.Collections.SortedList': 'System.Collections.SortedList',
  'System.Collections.Generic.SortedList': 'System.Collections.Generic.SortedList',
};

const lists = new Set([
  'System.Collections.ArrayList',
  'System.Collections.Generic.List',
  'System.Collections.Stack',
  'System.Collections.Queue',
  'System.Collections.Generic.Stack',
  'System.Collections.Generic.Queue',
  'System.Collections.Generic.HashSet',
  'System.Collections.ObjectModel.Collection',
]);

const isComparer = (value: Value): value is Instance<string> =>
  isBoxed(value) && value.kind === 'instance' && value.type.name === stringComparerType.name;

const makeDictionary = (name: string, typeArgs: readonly string[], args: Value[]): Value => {
  const type = dictionaries[name];
  const [first, second] = args;
  const comparer = [first, second].find(isComparer);
  // .NET dictionaries look at case unless a comparer says otherwise; so does New-Object Hashtable.
  const ignoreCase = comparer?.state.endsWith('IgnoreCase') === true;
  const pair = typeArgs.length === 2 ? ([typeArgs[0] ?? '', typeArgs[1] ?? ''] as const) : undefined;
  const table = new Hashtable(type, pair ? { ignoreCase, typeArguments: pair } : { ignoreCase });
  if (isBoxed(first) && first.kind === 'hashtable') for (const [key, value] of first.entries()) table.set(key, value);
  return table;
};

/** What the constructor of a list copies: of a dictionary its entries, although it counts as one value in a pipeline. */
const elementsOf = (collection: Value): readonly Value[] =>
  isBoxed(collection) && collection.kind === 'hashtable'
    ? collection.entries().map(([key, value]) => newObject(entryType, { key, value }))
    : enumerate(collection);

const makeList = (name: string, element: string | undefined, args: Value[], frame: Frame): Value => {
  const [first] = args;
  const comparer = name.endsWith('HashSet') ? args.find(isComparer) : undefined;
  const items = first === undefined || typeof first === 'number' || first === comparer ? [] : elementsOf(first);
  const converted =
    element === undefined || element === 'System.Object'
      ? [...items]
      : items.map((item) => convert(item, element, frame.session));
  // A stack is filled by pushing: what came last is on top.
  if (name.endsWith('Stack')) return list(converted.toReversed(), name, element);
  if (!name.endsWith('HashSet')) return list(converted, name, element);
  const set = list([], name, element);
  if (comparer?.state.endsWith('IgnoreCase')) ignoreCaseIn(set);
  // What is equal to something in the set stays out.
  for (const item of converted) {
    const call = callMethod(set, 'Add', [item], frame);
    if (isTask(call)) return frame.context.unsupported('a set of this collection');
  }
  return set;
};

const makeArray = (element: string, args: Value[], frame: Frame): Value => {
  const asked = Number(convert(args[0] ?? 0, 'System.Int32', frame.session));
  const isBytes = element === 'System.Byte';
  // Memory that is all zeros comes with next to no work.
  const length = isBytes ? affordable(asked, 1, asked / 1024) : affordable(asked, 8, unitsOfCopy(asked));
  if (isBytes) return new Uint8Array(length);
  const empty = defaultValue(element, frame.context);
  return typedArray(
    element,
    Array.from({ length }, () => empty),
  );
};

const isException = (value: Value): value is Exception => isBoxed(value) && value.kind === 'exception';

const defaultMessages: Readonly<Record<string, string>> = {
  'System.ArgumentNullException': 'Value cannot be null.',
  'System.ArgumentException': 'Value does not fall within the expected range.',
  'System.TimeoutException': 'The operation has timed out.',
  'System.InvalidOperationException': 'Operation is not valid due to the current state of the object.',
  'System.UnauthorizedAccessException': 'Attempted to perform an unauthorized operation.',
};

const makeException = (name: string, args: Value[], frame: Frame): Exception => {
  const text = (value: Value): string => toText(value, frame.session);
  const [first, second] = args;
  const inner = args.find(isException);
  const options = inner ? { inner } : {};
  if (isOfType(frame.session.registry, exception(name, ''), 'System.ArgumentException')) {
    const nameFirst = name !== 'System.ArgumentException';
    const parameter =
      args.length > 1 || nameFirst ? (nameFirst ? first : isException(second) ? undefined : second) : undefined;
    const message = nameFirst
      ? second === undefined || isException(second)
        ? defaultMessages['System.ArgumentNullException']
        : text(second)
      : text(first ?? defaultMessages[name] ?? '');
    if (parameter === undefined || isException(parameter)) return exception(name, message ?? '', options);
    return exception(name, `${message ?? ''}\r\nParameter name: ${text(parameter)}`, {
      ...options,
      properties: { ParamName: text(parameter) },
    });
  }
  const number =
    args.length > 1 && (typeof second === 'number' || (isBoxed(second) && second.kind === 'integer'))
      ? second
      : undefined;
  if (name === 'System.ComponentModel.Win32Exception' && typeof first === 'number') {
    return exception(name, second === undefined ? `Win32 error ${first}` : text(second), {
      properties: { NativeErrorCode: first },
      hresult: 0x80004005,
    });
  }
  if (name === 'System.IO.FileNotFoundException' && second !== undefined && !isException(second))
    return exception(name, text(first), { ...options, properties: { FileName: text(second) } });
  const several = Array.isArray(second) ? second.filter(isException) : [];
  if (name === 'System.AggregateException' && several[0])
    return exception(name, text(first), {
      inner: several[0],
      properties: {
        InnerExceptions: list(several, 'System.Collections.ObjectModel.ReadOnlyCollection', 'System.Exception'),
      },
    });
  const message =
    first === undefined || isException(first)
      ? (defaultMessages[name] ?? `Exception of type '${name}' was thrown.`)
      : text(first);
  if (number === undefined) return exception(name, message, options);
  const hresult =
    Number(convert(number, 'System.Int64', frame.session) === undefined ? 0 : toText(number, frame.session)) | 0;
  return exception(name, message, { hresult, properties: { ErrorCode: hresult } });
};

const makeErrorRecord = (args: Value[], frame: Frame): Value => {
  const [thrown, id, category, target] = args;
  const session = frame.session;
  const categoryText = toText(category, session);
  const known =
    errorCategories.find((name) => name.toLowerCase() === categoryText.toLowerCase()) ??
    errorCategories[Number(categoryText)];
  if (!isException(thrown) || !known)
    throw netError(
      'System.ArgumentException',
      'The arguments of ErrorRecord are an exception, an id, a category and a target.',
    );
  return errorRecord({
    id: toText(id, session),
    message: thrown.message,
    category: known satisfies ErrorCategory,
    target: target ?? null,
    exception: thrown,
  });
};

const makeDate = (args: Value[], frame: Frame): Value => {
  const numbers = args.filter((arg) => typeof arg === 'number' || (isBoxed(arg) && arg.kind === 'integer'));
  const kind =
    args.find((arg) => isBoxed(arg) && arg.kind === 'enum') ?? args.slice(7).find((arg) => typeof arg === 'string');
  const zone = kind === undefined ? 'Unspecified' : toText(kind, frame.session);
  const plain = numbers.map((value) => BigInt(toText(value, frame.session)));
  if (args.length === 0) return dateTime(0n);
  const safe = zone === 'Utc' || zone === 'Local' ? zone : 'Unspecified';
  if (plain.length === 1) return dateTime(plain[0] ?? 0n, safe);
  const all = args.filter((arg) => arg !== kind).map((arg) => Number(convert(arg, 'System.Int32', frame.session)));
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = all;
  const ticks = ticksOf(year, month, day, hour, minute, second, ms * 10_000);
  if (ticks === undefined)
    throw netError(
      'System.ArgumentOutOfRangeException',
      'Year, Month, and Day parameters describe an un-representable DateTime.',
    );
  return dateTime(ticks, safe);
};

const makeSpan = (args: Value[], frame: Frame): Value => {
  const numbers = args.map((arg) => Number(toText(convert(arg, 'System.Int64', frame.session), frame.session)));
  if (numbers.length === 1) return timeSpan(BigInt(numbers[0] ?? 0));
  const [days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = numbers.length === 3 ? [0, ...numbers] : numbers;
  return timeSpan(BigInt(((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 10_000_000n + BigInt(ms) * 10_000n);
};

const builtIn = (type: string, args: Value[], frame: Frame): Value => {
  const { name, args: typeArgs } = genericParts(type);
  const element = arrayElement(type);
  if (/\[,+\]$/.test(type)) {
    const lengths = args.map((length) => Number(convert(length, 'System.Int32', frame.session)));
    return makeMultiArray(type, lengths, defaultValue(type.slice(0, type.lastIndexOf('[')), frame.context));
  }
  if (element !== undefined) return makeArray(element, args, frame);
  if (name in dictionaries) return makeDictionary(name, typeArgs, args);
  if (lists.has(name)) return makeList(name, typeArgs[0], args, frame);
  if (frame.session.registry.exceptions.has(type.toLowerCase())) return makeException(type, args, frame);
  switch (type) {
    case 'System.Management.Automation.PSObject':
    case 'System.Management.Automation.PSCustomObject':
      return args.length > 0 ? args[0] : customObject({});
    case 'System.Object':
      return customObject({});
    case 'System.Management.Automation.ErrorRecord':
      return makeErrorRecord(args, frame);
    case 'System.DateTime':
      return makeDate(args, frame);
    case 'System.TimeSpan':
      return makeSpan(args, frame);
    case 'System.String':
      return makeString(args, frame);
    case 'System.Int32':
      return args.length === 0 ? 0 : undefined;
    case 'System.Double':
      return args.length === 0 ? double(0) : undefined;
    default:
      return undefined;
  }
};

const makeString = (args: Value[], frame: Frame): Value => {
  const [first, second] = args;
  if (args.length === 2)
    return toText(first, frame.session).repeat(affordable(Number(convert(second, 'System.Int32', frame.session)), 2));
  return (itemsOf(first) ?? []).map((item) => toText(item, frame.session)).join('');
};

/**
 * `[type]::new(args)` and New-Object.
 * @throws PowerShellError MethodInvocationException when the constructor throws
 */
export const construct = (type: string, args: Value[], frame: Frame): Value | Task<Value> => {
  const definition = frame.session.registry.types.get(genericParts(type).name.toLowerCase());
  if (definition?.construct && classOf(definition)) return definition.construct(frame.context, args);
  const result = guarded(
    () => (definition?.construct ? definition.construct(frame.context, args) : builtIn(type, args, frame)),
    '.ctor',
    args.length,
  );
  if (isTask(result)) return result;
  if (result === undefined && !definition?.construct) {
    if (definition)
      return raise({
        id: 'MethodCountCouldNotFindBest',
        message: `Cannot find an overload for "new" and the argument count: "${args.length}".`,
        category: 'NotSpecified',
        type: 'System.Management.Automation.MethodException',
      });
    return methodNotFound(type, 'new');
  }
  return toValue(result);
};
