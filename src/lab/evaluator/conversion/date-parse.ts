import { dateTime } from '../make.ts';
import type { DateTime } from '../value.ts';
import { ticksOf } from './calendar.ts';
import { dayNames, expandDatePattern, monthNames, patternRuns } from './date-format.ts';

/** A parsed date: its parts and, where the text names one, its offset in minutes from UTC. */
type Parsed = { ticks: bigint; offset: number | undefined };

const fractionTicks = (digits: string): number => Number(digits.slice(0, 7).padEnd(7, '0'));

const hourOf = (hour: number, half: string | undefined): number => {
  if (half === undefined || half === '') return hour;
  const pm = half.toLowerCase().startsWith('p');
  return pm ? (hour % 12) + 12 : hour % 12;
};

const fullYear = (text: string): number => {
  const year = Number(text);
  return text.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
};

const monthOf = (name: string): number =>
  monthNames.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1;

const offsetOf = (text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  if (/^(z|gmt|utc)$/i.test(text)) return 0;
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
};

const clock = String.raw`(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?|(?=\s*[AaPp][Mm]?\b))\s*([AaPp][Mm]?)?`;
const time = String.raw`(?:[T ]\s*${clock})?\s*(Z|GMT|UTC|[+-]\d{1,2}:?\d{2})?`;
const weekday = String.raw`(?:(?:Sun|Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?)(?:day)?,?\s+)?`;
const month = String.raw`(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?`;
const isoForm = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${time}$`, 'i');
const usForm = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{1,4})${time}$`, 'i');
const dayMonthForm = new RegExp(String.raw`^${weekday}(\d{1,2})[\s-]?${month}[\s-]?(\d{2,4})${time}$`, 'i');
const monthDayForm = new RegExp(String.raw`^${weekday}${month}[\s-]+(\d{1,2})(?:,?\s+|-)(\d{2,4})${time}$`, 'i');
const yearMonthForm = /^(\d{4})[-/](\d{1,2})$/;
const monthYearForm = new RegExp(String.raw`^${month}[,\s]\s*(\d{4})$`, 'i');
const timeForm = new RegExp(String.raw`^${clock}$`);
const monthDayOnlyForm = /^(\d{1,2})\/(\d{1,2})$/;

const build = (
  year: number,
  monthNumber: number,
  day: number,
  rest: readonly (string | undefined)[],
): Parsed | undefined => {
  const [hour = '0', minute = '0', second = '0', fraction = '', half, zone] = rest;
  const ticks = ticksOf(
    year,
    monthNumber,
    day,
    hourOf(Number(hour), half),
    Number(minute),
    Number(second),
    fractionTicks(fraction),
  );
  return ticks === undefined ? undefined : { ticks, offset: offsetOf(zone) };
};

const parseForms = (text: string, today: { year: number; month: number; day: number }): Parsed | undefined => {
  const iso = isoForm.exec(text);
  if (iso) return build(Number(iso[1]), Number(iso[2]), Number(iso[3]), iso.slice(4));
  const us = usForm.exec(text);
  if (us) return build(fullYear(us[3] ?? ''), Number(us[1]), Number(us[2]), us.slice(4));
  const dayFirst = dayMonthForm.exec(text);
  if (dayFirst)
    return build(fullYear(dayFirst[3] ?? ''), monthOf(dayFirst[2] ?? ''), Number(dayFirst[1]), dayFirst.slice(4));
  const monthFirst = monthDayForm.exec(text);
  if (monthFirst) {
    return build(
      fullYear(monthFirst[3] ?? ''),
      monthOf(monthFirst[1] ?? ''),
      Number(monthFirst[2]),
      monthFirst.slice(4),
    );
  }
  const yearMonth = yearMonthForm.exec(text);
  if (yearMonth) return build(Number(yearMonth[1]), Number(yearMonth[2]), 1, []);
  const monthYear = monthYearForm.exec(text);
  if (monthYear) return build(Number(monthYear[2]), monthOf(monthYear[1] ?? ''), 1, []);
  const monthDay = monthDayOnlyForm.exec(text);
  if (monthDay) return build(today.year, Number(monthDay[1]), Number(monthDay[2]), []);
  const only = timeForm.exec(text);
  return only ? build(today.year, today.month, today.day, only.slice(1)) : undefined;
};

const minuteTicks = 600_000_000n;

/** How a text without zone is read, and what becomes of one with a zone. */
export type DateStyles = { readonly assume?: 'Utc' | 'Local'; readonly toUtc?: boolean; readonly roundtrip?: boolean };

/** Gives a parsed date its kind: with an offset it becomes local time, unless the styles say otherwise. */
const withZone = (parsed: Parsed, styles: DateStyles, localOffset: (utcTicks: bigint) => number): DateTime => {
  const { ticks, offset } = parsed;
  if (offset === undefined && styles.assume === undefined) return dateTime(ticks);
  const assumedOffset = styles.assume === 'Local' ? localOffset(ticks) : 0;
  const utc = ticks - BigInt(offset ?? assumedOffset) * minuteTicks;
  if (styles.toUtc || (styles.roundtrip && offset === 0)) return dateTime(utc, 'Utc');
  return dateTime(utc + BigInt(localOffset(utc)) * minuteTicks, 'Local');
};

/**
 * Parses a date in the invariant culture.
 * @param localOffset minutes east of UTC at an instant given in UTC ticks
 * @returns undefined if the text is no date
 */
export const parseDate = (
  text: string,
  localOffset: (utcTicks: bigint) => number,
  today: { year: number; month: number; day: number },
  styles: DateStyles = {},
): DateTime | undefined => {
  const parsed = parseForms(text.trim(), today);
  return parsed && withZone(parsed, styles, localOffset);
};

type Fields = {
  y?: string;
  M?: number;
  d?: string;
  h?: string;
  m?: string;
  s?: string;
  f?: string;
  half?: string;
  zone?: string;
};

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

const fieldPattern = (run: string): [string, (fields: Fields, text: string) => void] => {
  const n = run.length;
  const digits = n === 1 ? String.raw`(\d{1,2})` : String.raw`(\d{2})`;
  switch (run[0]) {
    case 'y':
      return [n <= 2 ? String.raw`(\d{2})` : String.raw`(\d{4})`, (f, t) => void (f.y = t)];
    case 'M':
      if (n >= 3) return ['([A-Za-z]{3,})', (f, t) => void (f.M = monthOf(t))];
      return [digits, (f, t) => void (f.M = Number(t))];
    case 'd':
      if (n >= 3) return [`(?:${dayNames.map((name) => (n === 3 ? name.slice(0, 3) : name)).join('|')})()`, () => {}];
      return [digits, (f, t) => void (f.d = t)];
    case 'H':
    case 'h':
      return [digits, (f, t) => void (f.h = t)];
    case 'm':
      return [digits, (f, t) => void (f.m = t)];
    case 's':
      return [digits, (f, t) => void (f.s = t)];
    case 'f':
      return [`(\\d{${n}})`, (f, t) => void (f.f = t)];
    case 'F':
      return [`(\\d{0,${n}})`, (f, t) => void (f.f = t)];
    case 't':
      return ['([AaPp][Mm]?)', (f, t) => void (f.half = t)];
    case 'z':
    case 'K':
      return [String.raw`(Z|[+-]\d{1,2}(?::?\d{2})?|)`, (f, t) => void (f.zone = t)];
    default:
      return [`${escapeText(run)}()`, () => {}];
  }
};

/** Parses a date by one exact pattern; undefined if the text does not fit. */
export const parseDateExact = (
  text: string,
  format: string,
  localOffset: (utcTicks: bigint) => number,
  today: { year: number; month: number; day: number },
  styles: DateStyles = {},
): DateTime | undefined => {
  const setters: ((fields: Fields, text: string) => void)[] = [];
  let pattern = '';
  for (const run of patternRuns(expandDatePattern(format))) {
    if (/^['"]/.test(run)) pattern += escapeText(run.slice(1, -1));
    else if (run.startsWith('\\')) pattern += escapeText(run.slice(1));
    else {
      const [piece, set] = fieldPattern(run.startsWith('%') ? run.slice(1) : run);
      pattern += piece;
      setters.push(set);
    }
  }
  const match = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (!match) return undefined;
  const fields: Fields = {};
  for (const [index, set] of setters.entries()) set(fields, match[index + 1] ?? '');
  const year = fields.y === undefined ? today.year : fullYear(fields.y);
  const dateGiven = fields.y !== undefined || fields.M !== undefined || fields.d !== undefined;
  const parsed = build(
    year,
    fields.M ?? (dateGiven ? 1 : today.month),
    Number(fields.d ?? (dateGiven ? 1 : today.day)),
    [fields.h, fields.m, fields.s, fields.f, fields.half, fields.zone],
  );
  const utcLetter = /^(u|r)$/i.test(format) && format !== 'U';
  const roundtrip = styles.roundtrip || /^o$/i.test(format);
  return parsed && withZone(parsed, utcLetter ? styles : { ...styles, roundtrip }, localOffset);
};
