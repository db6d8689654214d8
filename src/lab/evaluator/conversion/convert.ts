import { NetError, PowerShellError } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import type { Language } from '../language.ts';
import { spend, unitsOfEntry } from '../limit.ts';
import { char, customObject, exception, list, switchValue, typedArray, typeLiteral } from '../make.ts';
import { runtimeError } from '../raise.ts';
import { arrayElement, genericParts, isOfType, resolveTypeText, typeChain } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import {
  isNumber,
  numericTypes,
  refuse,
  refuseOther,
  toBoolean,
  toChar,
  toDateTime,
  toEnum,
  toNumericType,
  toTimeSpan,
} from './convert-scalars.ts';
import { itemsOf } from './items.ts';
import type { NumericType } from './numeric.ts';
import { toText } from './to-text.ts';
import { isTrue } from './truth.ts';

/** A single value that its element type does not take fails as the array's. */
const scalarFault = (value: Value, error: unknown): unknown =>
  error instanceof PowerShellError && !itemsOf(value) && error.record.id !== 'ConvertToFinalInvalidCastException'
    ? runtimeError({
        id: 'InvalidCastExceptionScalarToArray',
        message: error.message,
        category: 'InvalidArgument',
        ...(error.record.exception.inner ? { inner: error.record.exception.inner } : {}),
      })
    : error;

/**
 * `ToCharArray()` and `[char[]]`.
 * @throws LimitReached if the text is too long to be taken apart at once
 */
export const charsOf = (text: string): Value[] => {
  spend(text.length * 6);
  return typedArray(
    'System.Char',
    Array.from({ length: text.length }, (_unused, i) => char(text.charCodeAt(i))),
  );
};

const toArray = (value: Value, element: string, language: Language): Value => {
  try {
    return arrayOf(value, element, language);
  } catch (error) {
    throw scalarFault(value, error);
  }
};

const arrayOf = (value: Value, element: string, language: Language): Value => {
  if (value === undefined || value === null) return null;
  if (element === 'System.Byte') return value instanceof Uint8Array ? value : toBytes(value, language);
  if (element === 'System.Char' && typeof value === 'string') return charsOf(value);
  const items = itemsOf(value) ?? [value];
  if (Array.isArray(value) && typeNameOf(value) === `${element}[]`) return value;
  if (element === 'System.Object') return [...items];
  const own = element === 'System.Int32' ? 'number' : element === 'System.String' ? 'string' : undefined;
  for (const item of items) spend(typeof item === own ? 4 : 24);
  return typedArray(
    element,
    items.map((item) => convert(item, element, language)),
  );
};

const toBytes = (value: Value, language: Language): Uint8Array => {
  const items = itemsOf(value) ?? [value];
  spend(items.length * 24);
  return Uint8Array.from(items, (item) => {
    const byte = convert(item, 'System.Byte', language);
    return isBoxed(byte) && byte.kind === 'integer' ? Number(byte.value) : 0;
  });
};

const toCustom = (value: Value, language: Language): Value => {
  if (!(isBoxed(value) && value.kind === 'hashtable')) return value;
  spend(value.size * unitsOfEntry * 2);
  const entries = value.entries().map(([key, item]) => [toText(key, language), item] as const);
  const typed = entries.find(([key]) => key.toLowerCase() === 'pstypename');
  const object = customObject(
    entries.filter(([key]) => key.toLowerCase() !== 'pstypename'),
    typed ? [toText(typed[1], language)] : [],
  );
  return object;
};

const toHashtable = (value: Value, type: string, language: Language): Value => {
  if (isBoxed(value) && value.kind === 'hashtable') {
    if (type !== 'System.Collections.Hashtable' || value.type === type) return value;
    spend(value.size * unitsOfEntry);
    const copy = new Hashtable();
    for (const [key, item] of value.entries()) copy.set(key, item);
    return copy;
  }
  return refuse(value, type, language, 'ConvertToFinalInvalidCastException');
};

const delegates = new Set([
  'System.Predicate',
  'System.Converter',
  'System.Func',
  'System.Action',
  'System.Comparison',
]);

const listTypes = new Set([
  'System.Collections.ArrayList',
  'System.Collections.Generic.List',
  'System.Collections.ObjectModel.Collection',
  'System.Collections.Generic.Queue',
  'System.Collections.Generic.Stack',
  'System.Collections.Queue',
  'System.Collections.Stack',
  'System.Collections.Generic.HashSet',
]);

const toDefined = (value: Value, type: string, language: Language): Value => {
  const definition = language.registry.types.get(type.toLowerCase());
  if (!definition) return undefined;
  try {
    const converted = definition.convertFrom?.(value, language.context);
    if (converted !== undefined) return converted;
  } catch (error) {
    if (error instanceof NetError) {
      throw runtimeError({
        id:
          type === 'System.Xml.XmlDocument'
            ? 'InvalidCastToXmlDocument'
            : type === 'System.Text.RegularExpressions.Regex' && typeof value === 'string'
              ? 'InvalidCastFromStringToRegex'
              : typeof value === 'string'
                ? type === 'System.DateTimeOffset' || type === 'System.Guid'
                  ? 'InvalidCastParseTargetInvocationWithFormatProvider'
                  : 'InvalidCastParseTargetInvocation'
                : 'InvalidCastConstructorException',
        message: `Cannot convert value "${toText(value, language)}" to type "${type}". Error: "${error.exception.message}"`,
        category: 'InvalidArgument',
        inner: error.exception,
      });
    }
    throw error;
  }
  return undefined;
};

const toType = (value: Value, language: Language): Value => {
  if (typeof value !== 'string' && !isNumber(value)) return refuseOther(value, 'System.Type', language);
  const name = typeof value === 'string' ? resolveTypeText(language.registry, value) : undefined;
  if (name !== undefined) return typeLiteral(name);
  return refuse(value, 'System.Type', language, 'InvalidCastFromStringToType');
};

/**
 * `[type]$value`.
 * @param type full .NET name
 * @throws PowerShellError as PowerShell's casts fail
 */
export const convert = (value: Value, type: string, language: Language): Value => {
  if (type === 'System.Object') return value;
  if (type === 'System.Management.Automation.PSObject') return toCustom(value, language);
  if (type === 'System.Management.Automation.PSCustomObject') return toCustom(value, language);
  if (type === 'System.String') {
    if (isBoxed(value) && value.kind === 'enum' && !value.type.flags) return toText(value, language);
    return value === null || value === undefined ? '' : toText(value, language);
  }
  if (type === 'System.Void') return undefined;
  const own = typeNameOf(value);
  if (own === type) return value;
  const short = type.startsWith('System.') ? type.slice(7) : type;
  if (type === 'System.Numerics.BigInteger') return toNumericType(value, 'BigInteger', type, language);
  if (numericTypes.has(short)) return toNumericType(value, short as NumericType, type, language);
  switch (type) {
    case 'System.Boolean':
      return isTrue(value);
    case 'System.Char':
      return value === null || value === undefined ? char(0) : toChar(value, type, language);
    case 'System.DateTime':
      return value === null || value === undefined
        ? refuse(value, type, language, 'nullToObjectInvalidCast')
        : toDateTime(value, type, language);
    case 'System.TimeSpan':
      return value === null || value === undefined
        ? refuse(value, type, language, 'nullToObjectInvalidCast')
        : toTimeSpan(value, type, language);
    case 'System.Management.Automation.SwitchParameter':
      if (value === null || value === undefined || typeof value === 'boolean') return switchValue(isTrue(value));
      return refuse(value, type, language, 'ConvertToFinalInvalidCastException');
    default:
      break;
  }
  if (language.registry.enums.has(type.toLowerCase())) return toEnum(value, type, language);
  if (value === null || value === undefined)
    return type === 'System.Guid' ? refuse(value, type, language, 'nullToObjectInvalidCast') : null;
  return convertObject(value, own ?? '', type, language);
};

const convertObject = (value: Value, own: string, type: string, language: Language): Value => {
  const element = arrayElement(type);
  if (element !== undefined) return toArray(value, element, language);
  if (type === 'System.Array') return itemsOf(value) && Array.isArray(value) ? value : [...(itemsOf(value) ?? [value])];
  const generic = genericParts(type);
  if (generic.name === 'System.Nullable') return convert(value, generic.args[0] ?? 'System.Object', language);
  // A script block is what a delegate runs.
  if (delegates.has(generic.name) && isBoxed(value) && value.kind === 'scriptblock') return value;
  if (listTypes.has(generic.name)) {
    const items = itemsOf(value) ?? [value];
    const [argument] = generic.args;
    if (argument === undefined && !itemsOf(value)) return refuseOther(value, type, language);
    const converted = argument === undefined ? [...items] : items.map((item) => convert(item, argument, language));
    // A stack is filled by pushing: what came last is on top.
    return list(generic.name.endsWith('Stack') ? converted.reverse() : converted, generic.name, argument);
  }
  if (
    type === 'System.Collections.Hashtable' ||
    type === 'System.Collections.IDictionary' ||
    type === 'System.Collections.Specialized.OrderedDictionary'
  ) {
    return toHashtable(value, type, language);
  }
  if (type === 'System.Type') return isBoxed(value) && value.kind === 'type' ? value : toType(value, language);
  if (typeChain(language.registry, own).includes(type)) return value;
  if (isOfType(language.registry, value, type)) return value;
  const defined = toDefined(value, type, language);
  if (defined !== undefined) return defined;
  if (language.registry.exceptions.has(type.toLowerCase()) && typeof value === 'string') return exception(type, value);
  const items = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  if (items !== undefined) return convert(items, type, language);
  // A number is read as its text where text is.
  if (isNumber(value) && readable.has(type)) return convert(toText(value, language), type, language);
  if (typeof value === 'string' && language.registry.types.get(type.toLowerCase())?.statics?.methods?.['Parse']) {
    return refuse(
      value,
      type,
      language,
      `InvalidCastParseTargetInvocation${type === 'System.Guid' ? 'WithFormatProvider' : ''}`,
      'Input string was not in a correct format.',
    );
  }
  if (type === 'System.Xml.XmlDocument') return refuse(value, type, language, 'InvalidCastToXmlDocument');
  return refuseOther(value, type, language);
};

/** Types that are made of text. */
const readable = new Set([
  'System.Guid',
  'System.Version',
  'System.Net.IPAddress',
  'System.Text.RegularExpressions.Regex',
]);

/** Conversion for parameters and typed variables, where text is no boolean. */
export const convertStrict = (value: Value, type: string, language: Language): Value => {
  if (type === 'System.Boolean') return toBoolean(value, type);
  if (type === 'System.Management.Automation.SwitchParameter') return switchValue(toBoolean(value, type));
  return convert(value, type, language);
};

/** `-as`: the converted value, or null. */
export const convertOrNull = (value: Value, type: string, language: Language): Value => {
  try {
    return convert(value, type, language) ?? null;
  } catch (error) {
    if (error instanceof PowerShellError) return null;
    throw error;
  }
};
