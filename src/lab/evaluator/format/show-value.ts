import { formatDate } from '../conversion/date-format.ts';
import { entryType } from '../dotnet/tables.ts';
import type { CallContext, Task } from '../host.ts';
import { newObject } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import type { FormatDocument } from './format-document.ts';
import type { ShownProperty } from './format-properties.ts';
import { columnsOf, fieldsOf, namedProperties, ownProperties } from './format-properties.ts';

/** What a call of a Format cmdlet asks for. */
export type FormatRequest = {
  /** Undefined: as the first object is, a table for up to four properties. */
  readonly shape: 'table' | 'list' | undefined;
  /** `-Property`; empty: the objects' own. */
  readonly specs: readonly Value[];
  readonly autoSize: boolean;
};

/** A document that grows, and what its first object decided. */
export type Formatting = { readonly document: FormatDocument; properties: readonly ShownProperty[] | undefined };

const plainKinds = new Set(['integer', 'float', 'decimal', 'char', 'enum', 'scriptblock']);

const plainText = (value: Value, context: CallContext): string | undefined => {
  if (typeof value !== 'object' || value === null) return context.text(value);
  return isBoxed(value) && plainKinds.has(value.kind) ? context.text(value) : undefined;
};

const isEntry = (value: Value): boolean => isBoxed(value) && value.kind === 'instance' && value.type === entryType;

/** Widths count where all columns have one, and no automatic ones are asked for. */
const keepsWidths = (properties: readonly ShownProperty[], autoSize: boolean): boolean =>
  !autoSize && properties.every(({ width }) => width !== undefined);

function* showObject(
  formatting: Formatting,
  value: Value,
  { shape, specs, autoSize }: FormatRequest,
  context: CallContext,
): Task<void> {
  const { document } = formatting;
  const isFirst = formatting.properties === undefined;
  const find = (): readonly ShownProperty[] =>
    specs.length > 0 ? namedProperties(specs, value, context) : ownProperties(value, context);
  formatting.properties ??= find();
  document.shape ??= shape ?? (formatting.properties.length > 4 ? 'list' : 'table');
  const inTable = document.shape === 'table';
  // Each object of a list shows its own properties; the rows of a table those of the first.
  const properties = inTable ? formatting.properties : find();
  if (isEntry(value) !== (properties[0]?.width === 30) && specs.length === 0)
    context.unsupported('the view of tables and objects one after the other as text');
  const { fields, values } = yield* fieldsOf(value, properties, context, inTable && !isEntry(value));
  if (isFirst && inTable)
    document.columns = columnsOf(properties, values).map((column) =>
      keepsWidths(properties, autoSize) ? column : { ...column, width: undefined },
    );
  document.entries.push({ kind: 'object', fields });
}

/** Adds a value to a document: plain values as text, objects by their properties, dictionaries by their entries. */
export function* showValue(
  formatting: Formatting,
  value: Value,
  request: FormatRequest,
  context: CallContext,
): Task<void> {
  if (value === null || value === undefined) return;
  const text = plainText(value, context);
  if (text !== undefined) formatting.document.entries.push({ kind: 'text', text });
  else if (isBoxed(value) && value.kind === 'datetime' && request.specs.length === 0)
    // A date stands in a line of its own.
    formatting.document.entries.push({ kind: 'line', text: formatDate(value, 'F', 0) });
  else if (isBoxed(value) && value.kind === 'hashtable')
    for (const [key, item] of value.entries())
      yield* showObject(formatting, newObject(entryType, { key, value: item }), request, context);
  else if (Array.isArray(value) || value instanceof Uint8Array || (isBoxed(value) && value.kind === 'list'))
    for (const item of context.enumerate(value)) yield* showValue(formatting, item, request, context);
  else yield* showObject(formatting, value, request, context);
}
