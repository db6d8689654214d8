import { formatDate } from '../conversion/date-format.ts';
import { itemsOf } from '../conversion/items.ts';
import { formatNumber } from '../conversion/number-format.ts';
import type { CallContext } from '../host.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** How many elements of a collection are shown: `$FormatEnumerationLimit`. */
const mostElements = 4;

const isReal = (value: Value): boolean => isBoxed(value) && (value.kind === 'float' || value.kind === 'decimal');

/** Whether the texts of such a value stand at the right of a table's column. */
export const standsRight = (value: Value): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  isReal(value) ||
  (isBoxed(value) && /^(integer|char|enum)$/.test(value.kind));

const collectionText = (texts: readonly string[]): string => {
  const shown = texts.slice(0, mostElements);
  return `{${shown.join(', ')}${texts.length > mostElements ? '…' : ''}}`;
};

/** The text of a property's value; in tables, numbers with a fraction have three digits of it. */
export const fieldText = (value: Value, context: CallContext, inTable: boolean): string => {
  if (value === null || value === undefined) return '';
  if (isBoxed(value) && value.kind === 'hashtable')
    return collectionText(value.entries().map(([key, item]) => `[${context.text(key)}, ${context.text(item)}]`));
  const items = itemsOf(value);
  if (items)
    return collectionText(
      items.map((item) => (item === null || item === undefined ? '$null' : fieldText(item, context, false))),
    );
  if (isBoxed(value) && value.kind === 'datetime') return formatDate(value, 'G', 0);
  if (inTable && isReal(value)) return formatNumber(value, 'F3') ?? context.text(value);
  return context.text(value);
};
