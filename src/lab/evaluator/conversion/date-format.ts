import { netError } from '../define.ts';
import type { DateTime } from '../value.ts';
import type { DateParts } from './calendar.ts';
import { partsOf } from './calendar.ts';

/** Names of the months, invariant culture. */
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
/** Names of the days of the week, invariant culture; Sunday first. */
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** `+09:00` of an offset in minutes. */
export const offsetText = (minutes: number): string => {
  const abs = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(abs / 60), 2)}:${pad(abs % 60, 2)}`;
};

const standard: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  o: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  O: "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

/** Where the invariant culture writes a standard pattern otherwise. */
const invariantStandard: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  t: 'HH:mm',
  T: 'HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

/** Expands a standard date format letter; other patterns stay. */
export const expandDatePattern = (format: string, invariant = false): string =>
  format.length === 1 ? ((invariant ? invariantStandard[format] : undefined) ?? standard[format] ?? format) : format;

type Writer = (run: string, parts: DateParts, zone: DateTime['zone'], offset: number) => string;

const writers: Readonly<Record<string, Writer>> = {
  y: (run, p) => (run.length <= 2 ? pad(p.year % 100, run.length) : pad(p.year, run.length)),
  M: (run, p) => {
    const name = monthNames[p.month - 1] ?? '';
    return run.length >= 4 ? name : run.length === 3 ? name.slice(0, 3) : pad(p.month, run.length);
  },
  d: (run, p) => {
    const name = dayNames[p.weekday] ?? '';
    return run.length >= 4 ? name : run.length === 3 ? name.slice(0, 3) : pad(p.day, run.length);
  },
  H: (run, p) => pad(p.hour, Math.min(run.length, 2)),
  h: (run, p) => pad(p.hour % 12 === 0 ? 12 : p.hour % 12, Math.min(run.length, 2)),
  m: (run, p) => pad(p.minute, Math.min(run.length, 2)),
  s: (run, p) => pad(p.second, Math.min(run.length, 2)),
  f: (run, p) => pad(p.fraction, 7).slice(0, run.length),
  F: (run, p) => pad(p.fraction, 7).slice(0, run.length).replace(/0+$/, ''),
  t: (run, p) => (p.hour < 12 ? 'AM' : 'PM').slice(0, run.length === 1 ? 1 : 2),
  z: (run, _p, zone, offset) => {
    const text = offsetText(zone === 'Utc' ? 0 : offset);
    return run.length >= 3 ? text : run.length === 2 ? text.slice(0, 3) : text.slice(0, 3).replace(/([+-])0/, '$1');
  },
  K: (_run, _p, zone, offset) => (zone === 'Utc' ? 'Z' : zone === 'Local' ? offsetText(offset) : ''),
  g: () => 'A.D.',
};

/** Splits a custom pattern into runs of one letter, quoted text and escapes. */
export const patternRuns = (pattern: string): string[] =>
  pattern.match(/'[^']*'|"[^"]*"|\\.|%.|([A-Za-z])\1*|[^A-Za-z'"\\%]+/g) ?? [];

/**
 * Formats a DateTime with a standard or custom pattern in the invariant culture.
 * @param offset minutes east of UTC of the local zone at that time (for `z` and `K`)
 */
export const formatDate = (value: DateTime, format: string, offset: number): string => {
  if (format.length === 1 && standard[format] === undefined)
    throw netError('System.FormatException', 'Input string was not in a correct format.');
  const parts = partsOf(value.ticks);
  let text = '';
  for (const run of patternRuns(expandDatePattern(format))) {
    const first = run[0] ?? '';
    if (first === "'" || first === '"') text += run.slice(1, -1);
    else if (first === '\\') text += run.slice(1);
    else if (first === '%') text += writers[run[1] ?? '']?.(run.slice(1), parts, value.zone, offset) ?? run.slice(1);
    else text += writers[first]?.(run, parts, value.zone, offset) ?? run;
  }
  return text;
};

/** The text of a DateTime inside a string: invariant `MM/dd/yyyy HH:mm:ss`. */
export const dateText = (value: DateTime): string => formatDate(value, 'MM/dd/yyyy HH:mm:ss', 0);
