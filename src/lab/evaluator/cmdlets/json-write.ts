import { itemsOf } from '../conversion/items.ts';
import { decimalText, floatText } from '../conversion/number-text.ts';
import type { CallContext } from '../host.ts';
import { spend, spendOn } from '../limit.ts';
import { raise } from '../raise.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { listProperties } from './properties.ts';

/** Escapes as Windows PowerShell does: quotes, backslash, control characters, and `<`, `>`, `&`, `'` as \u escapes. */
function quoted(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '"': '\\"',
    '\\': '\\\\',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  };
  const escaped = text.replace(
    /["\\\u0000-\u001f\u0085\u2028\u2029]/g,
    (character) => named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

type Layout = { readonly compress: boolean; readonly context: CallContext };

const wrap = (open: string, close: string, parts: readonly string[], indent: number, layout: Layout): string => {
  if (parts.length === 0) return open + close;
  for (const part of parts) spend(part.length / 16);
  if (layout.compress) return open + parts.join(',') + close;
  const pad = '    '.repeat(indent + 1);
  return `${open}\r\n${parts.map((part) => pad + part).join(',\r\n')}\r\n${'    '.repeat(indent)}${close}`;
};

const pairs = (entries: Iterable<readonly [string, Value]>, depth: number, indent: number, layout: Layout): string =>
  wrap(
    '{',
    '}',
    Array.from(
      entries,
      ([name, value]) =>
        `${quoted(name)}:${layout.compress ? '' : '  '}${writeJson(value, depth - 1, indent + 1, layout)}`,
    ),
    indent,
    layout,
  );

const number = (text: string): string => (/^-?\d/.test(text) ? text : quoted(text));

/** Text of a double in JSON: always with a fraction or an exponent. */
const doubleText = (text: string): string => (/^-?\d+$/.test(text) ? `${text}.0` : number(text));

const textKey = (key: Value, type: string): string =>
  typeof key === 'string'
    ? key
    : raise({
        id: 'NonStringKeyInDictionary,Microsoft.PowerShell.Commands.ConvertToJsonCommand',
        message: `The type '${type}' is not supported for serialization or deserialization of a dictionary. Keys must be strings.`,
        type: 'System.InvalidOperationException',
      });

/** Writes a value; what lies deeper than `depth` becomes its text. */
export function writeJson(value: Value, depth: number, indent: number, layout: Layout): string {
  const { context } = layout;
  spend(20);
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return String(value);
  spend(40);
  spendOn(value);
  if (typeof value === 'string') return quoted(value);
  const items = itemsOf(value);
  if (items !== undefined) {
    if (depth < 0) return quoted(items.map((item) => context.text(item)).join(' '));
    return wrap(
      '[',
      ']',
      items.map((item) => writeJson(item, depth - 1, indent + 1, layout)),
      indent,
      layout,
    );
  }
  if (!isBoxed(value)) return quoted(context.text(value));
  switch (value.kind) {
    case 'integer':
      return String(value.value);
    case 'float':
      return doubleText(floatText(value));
    case 'decimal':
      return doubleText(decimalText(value));
    case 'enum':
      return String(value.value);
    case 'switch':
      return depth < 0
        ? quoted(String(value.isPresent))
        : pairs([['IsPresent', value.isPresent]], depth, indent, layout);
    case 'char':
    case 'scriptblock':
    case 'type':
      return quoted(context.text(value));
    case 'datetime': {
      // Windows PowerShell's serializer writes /Date(ms)/.
      const unixMs = (value.ticks - 621355968000000000n) / 10_000n;
      const offset = value.zone === 'Utc' ? 0 : context.hooks.utcOffsetMinutes(Number(unixMs));
      return `"\\/Date(${unixMs - BigInt(offset) * 60_000n})\\/"`;
    }
    case 'hashtable':
      if (depth < 0) return quoted(context.text(value));
      return pairs(
        value.entries().map(([key, each]) => [textKey(key, value.type), each] as const),
        depth,
        indent,
        layout,
      );
    default: {
      if (depth < 0 || (value.kind === 'instance' && value.type.name === 'System.Guid'))
        return quoted(context.text(value));
      const properties = listProperties(value, context);
      if (properties.length === 0 && value.kind !== 'custom') return quoted(context.text(value));
      return pairs(
        properties.map((property) => [property.name, property.value] as const),
        depth,
        indent,
        layout,
      );
    }
  }
}
