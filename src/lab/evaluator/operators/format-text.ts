import { formatDate } from '../conversion/date-format.ts';
import { formatNumber } from '../conversion/number-format.ts';
import { formatTimeSpan } from '../conversion/time-span-text.ts';
import { dotToString, toText } from '../conversion/to-text.ts';
import { netError } from '../define.ts';
import type { Language } from '../language.ts';
import { localOffsetAt } from '../language.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

const enumFormat = (value: Value, format: string, language: Language): string | undefined => {
  if (!isBoxed(value) || value.kind !== 'enum') return undefined;
  if (format === '') return toText(value, language);
  if (/^[dD]$/.test(format)) return String(value.value);
  if (/^[xX]$/.test(format)) return (value.value >>> 0).toString(16).toUpperCase().padStart(8, '0');
  if (/^[gGfF]$/.test(format)) return toText(value, language);
  throw netError('System.FormatException', 'Format string can be only "G", "g", "X", "x", "F", "f", "D" or "d".');
};

/** `value.ToString(format)` of numbers, dates, time spans, enums and types with a format of their own. */
export const formatValue = (value: Value, format: string, language: Language): string => {
  if (isBoxed(value)) {
    if (value.kind === 'datetime')
      return formatDate(value, format === '' ? 'G' : format, localOffsetAt(language, value.ticks));
    if (value.kind === 'timespan') return formatTimeSpan(value.ticks, format);
    const named = enumFormat(value, format, language);
    if (named !== undefined) return named;
    if (value.kind === 'instance' && value.type.methods?.['ToString']) {
      const text = value.type.methods['ToString'](value.state, [format], language.context);
      if (typeof text === 'string') return text;
    }
  }
  if (format === '') return toText(value, language);
  const number = formatNumber(value, format);
  if (number !== undefined) return number;
  if (
    typeof value === 'number' ||
    (isBoxed(value) && (value.kind === 'integer' || value.kind === 'float' || value.kind === 'decimal'))
  ) {
    if (/^[GgRr]\d*$/.test(format)) return toText(value, language);
    throw netError('System.FormatException', 'Format specifier was invalid.');
  }
  return toText(value, language);
};

const item = /\{\{|\}\}|\{(\d+)(?:,\s*(-?\d+))?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]/g;

/**
 * The `-f` operator and String.Format.
 * @throws NetError (System.FormatException) for a wrong pattern
 */
export const formatText = (pattern: string, args: readonly Value[], language: Language): string =>
  pattern.replace(item, (whole, index: string | undefined, width: string | undefined, format: string | undefined) => {
    if (whole === '{{') return '{';
    if (whole === '}}') return '}';
    if (index === undefined) throw netError('System.FormatException', 'Input string was not in a correct format.');
    if (Number(index) >= args.length) {
      throw netError(
        'System.FormatException',
        'Index (zero based) must be greater than or equal to zero and less than the size of the argument list.',
      );
    }
    const value = args[Number(index)];
    // Without a format .NET asks each value for its text in the current culture, where dates are long.
    const isDate = isBoxed(value) && value.kind === 'datetime';
    const text =
      format === undefined && !isDate ? plainText(value, language) : formatValue(value, format ?? '', language);
    const places = Number(width ?? 0);
    return places < 0 ? text.padEnd(-places) : text.padStart(places);
  });

const plainText = (value: Value, language: Language): string =>
  // Types with a text of their own culture give that.
  isBoxed(value) && value.kind === 'instance' && value.type.name === 'System.DateTimeOffset'
    ? formatValue(value, '', language)
    : Array.isArray(value) || (isBoxed(value) && value.kind === 'type')
      ? dotToString(value, language)
      : toText(value, language);
