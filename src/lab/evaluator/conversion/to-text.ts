import { enumText } from '../enum-text.ts';
import type { Language } from '../language.ts';
import { spend } from '../limit.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Boxed, CustomObject, Exception, Value } from '../value.ts';
import { dateText } from './date-format.ts';
import { decimalText, floatText } from './number-text.ts';
import { timeSpanText } from './time-span-text.ts';

const shortTypes: Readonly<Record<string, string>> = {
  'System.Int32': 'int',
  'System.Int64': 'long',
  'System.String': 'string',
  'System.Boolean': 'bool',
  'System.Object': 'System.Object',
  'System.Double': 'double',
  'System.Single': 'float',
  'System.Byte': 'byte',
  'System.Char': 'char',
  'System.Decimal': 'decimal',
  'System.Collections.Hashtable': 'hashtable',
  'System.DateTime': 'datetime',
  'System.TimeSpan': 'timespan',
  'System.Array': 'array',
  'System.Xml.XmlDocument': 'xml',
  'System.Guid': 'guid',
  'System.Version': 'version',
  'System.Text.RegularExpressions.Regex': 'regex',
  'System.Management.Automation.ScriptBlock': 'scriptblock',
  'System.Management.Automation.SwitchParameter': 'switch',
};

/** `@{A=1; B=x}` of a custom object. */
export const customText = (value: CustomObject, language: Language): string => {
  if (value.text !== undefined) return value.text;
  if (value.members.size === 0) return '';
  const parts: string[] = [];
  for (const member of value.members.values()) {
    if (member.kind === 'scriptMethod') continue;
    // No script runs to make a text.
    if (member.kind === 'scriptProperty') {
      parts.push(`${member.name}=System.Management.Automation.PSScriptProperty`);
      continue;
    }
    const shown = language.context.property(value, member.name);
    parts.push(
      `${member.name}=${Array.isArray(shown) || (shown !== null && typeof shown === 'object' && 'kind' in shown && shown.kind === 'custom') ? innerText(shown, language) : toText(shown, language)}`,
    );
  }
  return `@{${parts.join('; ')}}`;
};

// Inside the text of a custom object nested objects and arrays show their type only.
const innerText = (value: Value, language: Language): string => {
  if (Array.isArray(value)) return `${typeNameOf(value) ?? ''}`;
  return value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'custom'
    ? customText(value, language)
    : '';
};

/** `Type: message` and its inner exceptions, as Exception.ToString() without stack. */
export const exceptionText = (value: Exception): string => {
  const inner = value.inner ? ` ---> ${exceptionText(value.inner)}` : '';
  return `${value.type}: ${value.message}${inner}`;
};

// Collections inside a collection show their type only.
const elementText = (value: Value, language: Language): string => {
  const isList =
    Array.isArray(value) || (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'list');
  if (isList) return typeNameOf(value) ?? '';
  // The ToString() of a custom object gives nothing, unless it was given one.
  if (isBoxed(value) && value.kind === 'custom' && value.text === undefined && !value.members.has('tostring'))
    return '';
  return toText(value, language);
};

const boxedText = (value: Boxed, language: Language): string => {
  switch (value.kind) {
    case 'integer':
      return value.value.toString();
    case 'float':
      return floatText(value);
    case 'decimal':
      return decimalText(value);
    case 'char':
      return String.fromCharCode(value.code);
    case 'datetime':
      return dateText(value);
    case 'timespan':
      return timeSpanText(value.ticks);
    case 'enum':
      return enumText(value.type, value.value);
    case 'hashtable':
      return typeNameOf(value) ?? '';
    case 'list':
      spend(value.items.length * 16);
      return value.items.map((item) => elementText(item, language)).join(language.ofs());
    case 'custom':
      return customText(value, language);
    case 'instance':
      if (value.type.toText) return value.type.toText(value.state);
      return value.type.enumerate
        ? value.type
            .enumerate(value.state)
            .map((item) => toText(item, language))
            .join(language.ofs())
        : value.type.name;
    case 'scriptblock':
      return value.text;
    case 'error':
      return value.details ?? value.exception.message;
    case 'exception':
      return exceptionText(value);
    case 'type':
      return (
        shortTypes[value.name] ??
        value.name.replace(
          /^System\.(Int32|String|Object)\[\]$/,
          (_all, name: string) => `${shortTypes[`System.${name}`] ?? name}[]`,
        )
      );
    case 'switch':
      return value.isPresent ? 'True' : 'False';
    case 'ref':
      return 'System.Management.Automation.PSReference';
  }
};

/** The text of a value inside a string. */
export const toText = (value: Value, language: Language): string => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) {
    spend(value.length * 16);
    return value.map((item) => elementText(item, language)).join(language.ofs());
  }
  if (value instanceof Uint8Array) spend(value.length * 16);
  if (value instanceof Uint8Array) return [...value].join(language.ofs());
  return boxedText(value, language);
};

/** What `.ToString()` gives where it differs from the text in a string (collections show their type). */
export const dotToString = (value: Value, language: Language): string => {
  if (Array.isArray(value) || value instanceof Uint8Array) return typeNameOf(value) ?? '';
  if (value !== null && typeof value === 'object') {
    if (value.kind === 'list') return typeNameOf(value) ?? '';
    if (value.kind === 'type') return value.name;
    if (value.kind === 'instance' && !value.type.toText) return value.type.name;
    if (value.kind === 'datetime') return language.context.text(value);
  }
  return toText(value, language);
};
