import { convert, convertOrNull } from '../conversion/convert.ts';
import { formatDate } from '../conversion/date-format.ts';
import { itemsOf } from '../conversion/items.ts';
import { joined } from '../conversion/joined.ts';
import { dotToString, toText } from '../conversion/to-text.ts';
import { isTrue } from '../conversion/truth.ts';
import { NetError } from '../define.ts';
import { regexOf } from '../dotnet/regex.ts';
import type { Frame } from '../frame.ts';
import { Hashtable } from '../hashtable.ts';
import type { Task } from '../host.ts';
import { eachInSlices, mapInSlices } from '../in-slices.ts';
import type { Language } from '../language.ts';
import { spend } from '../limit.ts';
import { typedArray } from '../make.ts';
import type { RegexMatch } from '../matching/run-regex.ts';
import { fits, readWildcard } from '../matching/wildcard.ts';
import { raise, runtimeError } from '../raise.ts';
import type { ScriptBlock } from '../script-block.ts';
import { genericParts, isOfType, resolveTypeText } from '../type-names.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';
import { equals } from './compare.ts';
import { formatText } from './format-text.ts';
import type { Regex, RegexOptions } from './regex.ts';
import { makeRegex } from './regex.ts';
import { matchFrom, replaceAll, splitAt } from './regex-use.ts';

type Negatable = { readonly caseSensitive: boolean; readonly negated: boolean };

/** The regex of an operand: a [regex] as it is, anything else as pattern. */
const patternOf = (value: Value, frame: Frame, options: RegexOptions, id?: string): Regex => {
  const ready = regexOf(value);
  if (ready) return ready;
  try {
    return makeRegex(toText(value, frame.session), options);
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    // -match and -split let the .NET exception through.
    if (id === undefined) throw error;
    throw runtimeError({
      id,
      message: `The regular expression pattern ${toText(value, frame.session)} is not valid.`,
      category: 'InvalidOperation',
      inner: error.exception,
    });
  }
};

/** `-f`. */
export const formatOperator = (left: Value, right: Value, frame: Frame): Value => {
  try {
    return formatText(toText(left, frame.session), itemsOf(right) ?? [right], frame.session);
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    throw runtimeError({
      id: 'FormatError',
      message: `Error formatting a string: ${error.exception.message}.`,
      inner: error.exception,
    });
  }
};

/** `-like` and `-notlike`. */
export const likeOperator = (left: Value, right: Value, frame: Frame, { caseSensitive, negated }: Negatable): Value => {
  const pattern = readWildcard(toText(right, frame.session), caseSensitive);
  const test = (text: string): boolean => {
    spend(6);
    return fits(pattern, text) !== negated;
  };
  const items = itemsOf(left);
  // Unlike -match it gives the texts that it compared.
  return items ? items.map((item) => toText(item, frame.session)).filter(test) : test(toText(left, frame.session));
};

/** The `$Matches` table of a match. */
export const matchTable = (regex: Regex, match: RegexMatch): Hashtable => {
  const table = new Hashtable();
  for (const { name, index } of regex.groups.toReversed()) {
    const text = match[index];
    if (text !== undefined) table.set(/^\d+$/.test(name) ? Number(name) : name, text);
  }
  return table;
};

/** `-match` and `-notmatch`; sets `$Matches` for a single value. */
export const matchOperator = (
  left: Value,
  right: Value,
  frame: Frame,
  { caseSensitive, negated }: Negatable,
): Value => {
  const regex = patternOf(right, frame, { ignoreCase: !caseSensitive });
  const items = itemsOf(left);
  if (items) spend(items.length * 8);
  if (items) return items.filter((item) => (matchFrom(regex, toText(item, frame.session), 0) !== null) !== negated);
  const match = matchFrom(regex, toText(left, frame.session), 0);
  if (match) frame.scope.put('Matches', matchTable(regex, match));
  return (match !== null) !== negated;
};

/** `-replace`. */
export function* replaceOperator(left: Value, right: Value, frame: Frame, caseSensitive: boolean): Task<Value> {
  const parts = itemsOf(right) ?? [right];
  if (parts.length > 2)
    raise({
      id: 'BadReplaceArgument',
      message: `The -replace operator allows only two elements to follow it, not ${parts.length}.`,
    });
  const [pattern, replacement] = parts;
  if (isBoxed(replacement) && replacement.kind === 'scriptblock')
    return frame.context.unsupported('-replace with a script block (PowerShell 7)');
  const regex = patternOf(pattern, frame, { ignoreCase: !caseSensitive }, 'InvalidRegularExpression');
  const text = toText(replacement, frame.session);
  const { session } = frame;
  const items = itemsOf(left);
  if (!items) return yield* replaceAll(regex, toText(left, session), text, session);
  const replaced: Value[] = [];
  for (const [at, item] of items.entries()) {
    if (at % 64 === 63 && session.isDue()) yield undefined;
    replaced.push(yield* replaceAll(regex, toText(item, session), text, session));
  }
  return replaced;
}

const word = /\S+/g;

/** `-split`, unary without separator. */
export function* splitOperator(left: Value, right: Value, frame: Frame, caseSensitive: boolean): Task<Value> {
  const { session } = frame;
  const texts = yield* mapInSlices(itemsOf(left) ?? [left], session, (item) => toText(item, session));
  const parts: string[] = [];
  if (right === undefined) {
    // A text without a word is one empty part.
    for (const text of texts)
      if (text.trim() === '') parts.push('');
      else yield* eachInSlices(text.matchAll(word), session, ([part]) => void parts.push(part));
    return typedArray('System.String', parts);
  }
  const terms = itemsOf(right) ?? [right];
  if (terms.length === 0) raise({ id: 'BadOperatorArgument', message: 'The right operand of -split is empty.' });
  const [separator, limitValue, optionsValue] = terms;
  const limit = limitValue === undefined ? 0 : Number(frame.context.convert(limitValue, 'System.Int32'));
  const options = toText(optionsValue, frame.session).toLowerCase();
  const pattern = toText(separator, frame.session);
  const simple = options.includes('simplematch');
  const regex = simple
    ? makeRegex(pattern.replace(/[\\^$.*+?()[\]{}|#\s]/g, String.raw`\$&`), {
        ignoreCase: !caseSensitive || options.includes('ignorecase'),
      })
    : patternOf(separator, frame, {
        ignoreCase: !caseSensitive || options.includes('ignorecase'),
        multiline: options.includes('multiline'),
        singleline: options.includes('singleline'),
      });
  for (const text of texts) for (const part of yield* splitAt(regex, text, session, limit)) parts.push(part);
  return typedArray('System.String', parts);
}

/** `-split` with a block that says of each character whether it separates. */
export function* splitByBlock(left: Value, block: ScriptBlock, limitValue: Value, frame: Frame): Task<Value> {
  const limit = limitValue === undefined ? 0 : Number(frame.context.convert(limitValue, 'System.Int32'));
  const parts: string[] = [];
  for (const text of (itemsOf(left) ?? [left]).map((item) => toText(item, frame.session))) {
    const first = parts.length;
    let from = 0;
    for (let at = 0; at < text.length && (limit <= 0 || parts.length - first < limit - 1); at++) {
      const output = yield* frame.context.invoke(block, [], { underscore: text[at] });
      if (!isTrue(output.length > 1 ? output : output[0])) continue;
      parts.push(text.slice(from, at));
      from = at + 1;
    }
    parts.push(text.slice(from));
  }
  return typedArray('System.String', parts);
}

// Elements give what their ToString() gives; that of a custom object is empty.
const elementText = (value: Value, language: Language): string => {
  if (!isBoxed(value)) return Array.isArray(value) ? dotToString(value, language) : toText(value, language);
  if (value.kind === 'custom') return '';
  if (value.kind === 'datetime') return formatDate(value, 'G', 0);
  return value.kind === 'type' || value.kind === 'list' ? dotToString(value, language) : toText(value, language);
};

/** `-join`. */
export function* joinOperator(left: Value, right: Value, frame: Frame): Task<Value> {
  const { session } = frame;
  const items = itemsOf(left);
  if (!items) return toText(left, session);
  const texts = yield* mapInSlices(items, session, (item) => elementText(item, session));
  return joined(texts, toText(right, session));
}

/** `-contains`. */
export const containsOperator = (list: Value, value: Value, frame: Frame, caseSensitive: boolean): boolean =>
  (itemsOf(list) ?? [list]).some((item) => {
    spend(6);
    return equals(item, value, frame.session, { caseSensitive });
  });

const typeOperand = (right: Value, frame: Frame, operator: 'is' | 'as'): string => {
  if (isBoxed(right) && right.kind === 'type') return right.name;
  if (right === null || right === undefined)
    raise({
      id: operator === 'is' ? 'IsOperatorRequiresType' : 'AsOperatorRequiresType',
      message: `The right operand of '-${operator}' must be a type.`,
    });
  if (operator === 'as' && typeof right !== 'string') {
    const type = convert(right, 'System.Type', frame.session);
    if (isBoxed(type) && type.kind === 'type') return type.name;
  }
  const name = typeof right === 'string' ? resolveTypeText(frame.session.registry, right) : undefined;
  return (
    name ??
    raise({
      id: operator === 'is' ? 'RuntimeException' : 'InvalidCastFromStringToType',
      message: `Cannot convert the "${toText(right, frame.session)}" value of type "${typeNameOf(right) ?? ''}" to type "System.Type".`,
      category: operator === 'is' ? 'NotSpecified' : 'InvalidArgument',
    })
  );
};

/** `-is`. */
export const isOperator = (left: Value, right: Value, frame: Frame): boolean => {
  const type = typeOperand(right, frame, 'is');
  if (isOfType(frame.session.registry, left, type)) return true;
  // An open generic name stands for all its closed types.
  const { args } = genericParts(type);
  return (
    args.length === 0 &&
    type.startsWith('System.Collections.Generic') &&
    isBoxed(left) &&
    left.kind === 'list' &&
    left.type === type
  );
};

/** `-as`. */
export const asOperator = (left: Value, right: Value, frame: Frame): Value => {
  const type = typeOperand(right, frame, 'as');
  // Unlike a cast it asks for the text in the current culture.
  if (type === 'System.String' && isBoxed(left) && left.kind === 'datetime') return formatDate(left, 'G', 0);
  return convertOrNull(left, type, frame.session);
};
