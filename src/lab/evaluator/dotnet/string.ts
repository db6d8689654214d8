import { charsOf } from '../conversion/convert.ts';
import { joined } from '../conversion/joined.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { mapInSlices } from '../in-slices.ts';
import { affordable, spend } from '../limit.ts';
import { char, list, typedArray } from '../make.ts';
import { withArity } from '../members/definitions.ts';
import { overload } from '../members/universal-methods.ts';
import { compareText } from '../operators/compare.ts';
import { formatText } from '../operators/format-text.ts';
import { frameOf } from '../registry-of.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { ignoresCase, intArgument } from './argument-values.ts';
import { charactersIn, partsBetween, splitText } from './split-text.ts';

const range = (parameter: string): never => {
  throw netError(
    'System.ArgumentOutOfRangeException',
    `Index and length must refer to a location within the string.\r\nParameter name: ${parameter}`,
    {
      properties: { ParamName: parameter },
    },
  );
};

const trimmer =
  (side: 'start' | 'end' | 'both') =>
  (text: string, args: Value[], context: CallContext): Value => {
    const set = args.map((arg) => charactersIn(arg, context)).join('');
    const isTrimmed = (c: string): boolean => (set === '' ? /\s/.test(c) : set.includes(c));
    let [start, end] = [0, text.length];
    if (side !== 'end') while (start < end && isTrimmed(text[start] ?? '')) start++;
    if (side !== 'start') while (end > start && isTrimmed(text[end - 1] ?? '')) end--;
    return text.slice(start, end);
  };

const search = (text: string, args: Value[], context: CallContext, last: boolean): Value => {
  const [needle, from] = args;
  const wanted = context.text(needle);
  const comparison = args.slice(1).find((arg) => (isBoxed(arg) && arg.kind === 'enum') || typeof arg === 'string');
  const [hay, what] = ignoresCase(comparison, context) ? [text.toLowerCase(), wanted.toLowerCase()] : [text, wanted];
  const start = typeof from === 'number' ? from : undefined;
  if (start !== undefined && (start < 0 || start > text.length)) {
    throw netError(
      'System.ArgumentOutOfRangeException',
      'Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: startIndex',
    );
  }
  return last ? hay.lastIndexOf(what, start ?? hay.length) : hay.indexOf(what, start ?? 0);
};

const searchAny = (text: string, [set, from]: Value[], context: CallContext): Value => {
  const wanted = charactersIn(set, context);
  for (let i = intArgument(from ?? 0, context); i < text.length; i++) if (wanted.includes(text[i] ?? '')) return i;
  return -1;
};

const searchLastOfAny = (text: string, [set, from]: Value[], context: CallContext): Value => {
  const wanted = charactersIn(set, context);
  const start = from === undefined ? text.length - 1 : intArgument(from, context);
  for (let i = start; i >= 0; i--) if (wanted.includes(text[i] ?? '')) return i;
  return -1;
};

const testEdge = (text: string, [edge, comparison, ...rest]: Value[], context: CallContext, atEnd: boolean): Value => {
  const flag = typeof comparison === 'boolean' ? comparison : ignoresCase(comparison, context) || rest.includes(true);
  const [a, b] = flag ? [text.toLowerCase(), context.text(edge).toLowerCase()] : [text, context.text(edge)];
  return atEnd ? a.endsWith(b) : a.startsWith(b);
};

const pad = (text: string, [width, fill]: Value[], context: CallContext, left: boolean): Value => {
  const filler = fill === undefined ? ' ' : context.text(fill);
  const total = affordable(intArgument(width, context), 2);
  if (total < 0) return range('totalWidth');
  return left ? text.padStart(total, filler) : text.padEnd(total, filler);
};

const substring = (text: string, [from, count]: Value[], context: CallContext): Value => {
  const start = intArgument(from, context);
  if (start < 0 || start > text.length)
    throw netError(
      'System.ArgumentOutOfRangeException',
      'startIndex cannot be larger than length of string.\r\nParameter name: startIndex',
      { properties: { ParamName: 'startIndex' } },
    );
  if (count === undefined) return text.slice(start);
  const length = intArgument(count, context);
  if (length < 0 || start + length > text.length) return range('length');
  return text.slice(start, start + length);
};

const join: StaticMethod = ([separator, ...rest], context) => {
  const items = rest.length === 1 ? context.enumerate(rest[0]) : rest;
  return items.map((item) => context.text(item)).join(context.text(separator));
};

const normalForms: Readonly<Record<string, string>> = { FormD: 'NFD', FormKC: 'NFKC', FormKD: 'NFKD' };

// .NET maps single characters to single characters.
const upper = (text: string): string => {
  spend(text.length / 8);
  const whole = text.toUpperCase();
  if (whole.length === text.length) return whole;
  return Array.from(text, (c) => (c.toUpperCase().length === c.length ? c.toUpperCase() : c)).join('');
};

const lowerCase = (text: string): string => {
  spend(text.length / 8);
  return text.toLowerCase();
};

const ordinal = (a: string, b: string): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.charCodeAt(i) - b.charCodeAt(i);
  return a.length - b.length;
};

const compareStatic: StaticMethod = ([a, b, option], context) => {
  const [x, y] = [context.text(a), context.text(b)];
  if (!isBoxed(option) || option.kind !== 'enum' || !context.text(option).startsWith('Ordinal'))
    return Math.sign(compareText(x, y, !ignoresCase(option, context)));
  return ignoresCase(option, context) ? ordinal(upper(x), upper(y)) : ordinal(x, y);
};

/** About what a Char takes. */
const charBytes = 32;

function* codesOf(text: string): Generator<number> {
  for (let at = 0; at < text.length; at++) yield text.charCodeAt(at);
}

/** System.String. */
export const stringType = defineType<string>({
  name: 'System.String',
  aliases: ['string'],
  properties: { Length: { get: (text) => text.length, hidden: false } },
  methods: {
    Substring: withArity(1, 2, substring),
    Replace: withArity(2, 2, function* (text: string, [from, to]: Value[], context: CallContext): Task<Value> {
      const wanted = context.text(from);
      if (wanted === '')
        throw netError('System.ArgumentException', 'String cannot be of zero length.\r\nParameter name: oldValue');
      const replacement = context.text(to);
      const parts = yield* partsBetween(text, wanted, frameOf(context).session);
      return joined(parts, replacement);
    }),
    Split: splitText,
    Trim: trimmer('both'),
    TrimStart: trimmer('start'),
    TrimEnd: trimmer('end'),
    ToUpper: upper,
    ToLower: lowerCase,
    ToUpperInvariant: upper,
    ToLowerInvariant: lowerCase,
    StartsWith: withArity(1, 3, (text: string, args: Value[], context: CallContext) =>
      testEdge(text, args, context, false),
    ),
    EndsWith: withArity(1, 3, (text: string, args: Value[], context: CallContext) =>
      testEdge(text, args, context, true),
    ),
    Contains: withArity(
      1,
      2,
      (text: string, args: Value[], context: CallContext) =>
        (search(text, [args[0], args[1]], context, false) as number) >= 0,
    ),
    IndexOf: withArity(1, 4, (text: string, args: Value[], context: CallContext) => search(text, args, context, false)),
    LastIndexOf: withArity(1, 4, (text: string, args: Value[], context: CallContext) =>
      search(text, args, context, true),
    ),
    IndexOfAny: searchAny,
    LastIndexOfAny: searchLastOfAny,
    PadLeft: withArity(1, 2, (text: string, args: Value[], context: CallContext) => pad(text, args, context, true)),
    PadRight: withArity(1, 2, (text: string, args: Value[], context: CallContext) => pad(text, args, context, false)),
    Insert: withArity(2, 2, (text: string, [at, piece]: Value[], context: CallContext) => {
      const index = intArgument(at, context);
      if (index < 0 || index > text.length) return range('startIndex');
      return text.slice(0, index) + context.text(piece) + text.slice(index);
    }),
    Remove: withArity(1, 2, (text: string, [at, count]: Value[], context: CallContext) => {
      const start = intArgument(at, context);
      if (start < 0 || start > text.length || start + intArgument(count ?? 0, context) > text.length)
        return range('startIndex');
      return count === undefined
        ? text.slice(0, start)
        : text.slice(0, start) + text.slice(start + intArgument(count, context));
    }),
    *ToCharArray(text, _none, context) {
      affordable(text.length, charBytes, 0);
      return typedArray('System.Char', yield* mapInSlices(codesOf(text), frameOf(context).session, char));
    },
    Equals: (text, [other, option], context) =>
      typeof other === 'string' &&
      (ignoresCase(option, context) ? text.toLowerCase() === other.toLowerCase() : text === other),
    CompareTo: (text, [other]) => {
      if (other === null || other === undefined) return 1;
      if (typeof other === 'string') return Math.sign(compareText(text, other, true));
      throw netError('System.ArgumentException', 'Object must be of type String.');
    },
    Normalize(text, [form], context) {
      spend(text.length * 1.5);
      return text.normalize(normalForms[context.text(form)] ?? 'NFC');
    },
    Clone: (text) => text,
    GetEnumerator: (text) => list([...charsOf(text)]),
    Chars: (text, [at], context) => char(text.charCodeAt(intArgument(at, context))),
    ToString: (text, args) => (typeof args[0] === 'string' ? overload('ToString', args.length) : text),
  },
  statics: {
    properties: { Empty: { get: () => '' } },
    methods: {
      IsNullOrEmpty: ([text]) => text === null || text === undefined || text === '',
      IsNullOrWhiteSpace: ([text], context) => text === null || text === undefined || context.text(text).trim() === '',
      Join: join,
      Format: ([pattern, ...args], context) => {
        // A leading culture is skipped: the lab formats in one culture.
        const isCulture = isBoxed(pattern) && pattern.kind === 'instance';
        const [format, ...values] = isCulture ? args : [pattern, ...args];
        const flat = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
        return formatText(context.text(format), flat, frameOf(context).session);
      },
      Compare: compareStatic,
      CompareOrdinal: ([a, b], context) => {
        const [x, y] = [context.text(a), context.text(b)];
        return ordinal(x, y);
      },
      Equals: ([a, b, option], context) =>
        ignoresCase(option, context) ? context.text(a).toLowerCase() === context.text(b).toLowerCase() : a === b,
      Concat: (args, context) =>
        args
          .flatMap((arg) => context.enumerate(arg))
          .map((arg) => context.text(arg))
          .join(''),
      Copy: ([text], context) => context.text(text),
    },
  },
});
