import { daysInMonth, isLeapYear, maxTicks, partsOf, ticksOf, ticksPerDay } from '../conversion/calendar.ts';
import { expandDatePattern, formatDate } from '../conversion/date-format.ts';
import type { DateStyles } from '../conversion/date-parse.ts';
import { parseDate, parseDateExact } from '../conversion/date-parse.ts';
import { defineEnum, defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { localOffsetAt } from '../language.ts';
import { dateTime, double, enumValue, int64, localFromUnixMs, timeSpan, utcFromUnixMs } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { DateTime, TimeSpan, Value } from '../value.ts';
import { intArgument, longArgument, numberArgument } from './argument-values.ts';

/** DayOfWeek. */
export const dayOfWeekEnum = defineEnum('System.DayOfWeek', {
  Sunday: 0,
  Monday: 1,
  Tuesday: 2,
  Wednesday: 3,
  Thursday: 4,
  Friday: 5,
  Saturday: 6,
});
/** DateTimeKind. */
export const dateTimeKindEnum = defineEnum('System.DateTimeKind', { Unspecified: 0, Utc: 1, Local: 2 });
/** DateTimeStyles. */
export const dateTimeStylesEnum = defineEnum(
  'System.Globalization.DateTimeStyles',
  {
    None: 0,
    AllowLeadingWhite: 1,
    AllowTrailingWhite: 2,
    AllowInnerWhite: 4,
    AllowWhiteSpaces: 7,
    NoCurrentDateDefault: 8,
    AdjustToUniversal: 16,
    AssumeLocal: 32,
    AssumeUniversal: 64,
    RoundtripKind: 128,
  },
  { flags: true },
);

const fileTimeEpoch = 504911232000000000n;
const minute = 600_000_000n;

const checked = (ticks: bigint, zone: DateTime['zone']): DateTime => {
  if (ticks < 0n || ticks > maxTicks)
    throw netError(
      'System.ArgumentOutOfRangeException',
      'The added or subtracted value results in an un-representable DateTime.',
    );
  return dateTime(ticks, zone);
};

const add = (date: DateTime, ticks: bigint): DateTime => checked(date.ticks + ticks, date.zone);

const scaled =
  (unitMs: number) =>
  (date: DateTime, [amount]: Value[], context: CallContext): Value =>
    // .NET Framework rounds to the millisecond here.
    add(date, BigInt(Math.round(numberArgument(amount, context) * unitMs)) * 10_000n);

const addMonths = (date: DateTime, months: number): DateTime => {
  const parts = partsOf(date.ticks);
  const total = parts.year * 12 + parts.month - 1 + months;
  const [year, month] = [Math.floor(total / 12), (total % 12) + 1];
  const day = Math.min(parts.day, daysInMonth(year, month));
  const ticks = ticksOf(year, month, day);
  return checked((ticks ?? -1n) + (date.ticks % ticksPerDay), date.zone);
};

const offsetOf = (date: DateTime, context: CallContext): bigint =>
  BigInt(localOffsetAt(frameOf(context).session, date.ticks)) * minute;

/** A date in UTC. */
export const toUtc = (date: DateTime, context: CallContext): DateTime =>
  date.zone === 'Utc' ? date : dateTime(date.ticks - offsetOf(date, context), 'Utc');
const toLocal = (date: DateTime, context: CallContext): DateTime =>
  date.zone === 'Local' ? date : dateTime(date.ticks + offsetOf(date, context), 'Local');

const stylesOf = (value: Value, context: CallContext): DateStyles => {
  const text =
    value === undefined || value === null ? '' : context.text(context.convert(value, dateTimeStylesEnum.name));
  const assume = text.includes('AssumeUniversal')
    ? { assume: 'Utc' as const }
    : text.includes('AssumeLocal')
      ? { assume: 'Local' as const }
      : {};
  return { ...assume, toUtc: text.includes('AdjustToUniversal'), roundtrip: text.includes('RoundtripKind') };
};

const isStyles = (value: Value): boolean =>
  (isBoxed(value) && value.kind === 'enum') ||
  (typeof value === 'string' && /Assume|Adjust|Roundtrip|None|Allow/.test(value));

const now = (context: CallContext): DateTime => {
  const ms = context.hooks.wallClockMs();
  return localFromUnixMs(ms, context.hooks.utcOffsetMinutes(ms));
};

const parseText = (text: string, styles: Value, context: CallContext): DateTime | undefined =>
  parseDate(
    text,
    (ticks) => localOffsetAt(frameOf(context).session, ticks),
    partsOf(now(context).ticks),
    stylesOf(styles, context),
  );

const parseExactText = (text: string, formats: Value, styles: Value, context: CallContext): DateTime | undefined => {
  for (const format of context.enumerate(formats)) {
    const found = parseDateExact(
      text,
      context.text(format),
      (ticks) => localOffsetAt(frameOf(context).session, ticks),
      partsOf(now(context).ticks),
      stylesOf(styles, context),
    );
    if (found) return found;
  }
  return undefined;
};

const notADate = (): never => {
  throw netError('System.FormatException', 'String was not recognized as a valid DateTime.');
};

const tryInto = (args: Value[], found: DateTime | undefined): Value => {
  const reference = args.find((arg) => isBoxed(arg) && arg.kind === 'ref');
  if (isBoxed(reference) && reference.kind === 'ref') reference.set(found ?? dateTime(0n));
  return found !== undefined;
};

const part = (pick: (parts: ReturnType<typeof partsOf>) => number) => ({
  get: (date: DateTime): Value => pick(partsOf(date.ticks)),
});

const toText = (date: DateTime, args: Value[], context: CallContext): Value => {
  const format = args.find((arg) => typeof arg === 'string');
  // An invariant culture writes long dates its own way.
  const invariant = args.some((arg) => isBoxed(arg) && arg.kind === 'instance' && arg.state === '');
  const pattern = expandDatePattern(typeof format === 'string' ? format : 'G', invariant);
  return formatDate(date, pattern, localOffsetAt(frameOf(context).session, date.ticks));
};

const kindOf = (value: Value, context: CallContext): DateTime['zone'] => {
  const text = context.text(context.convert(value, dateTimeKindEnum.name));
  return text === 'Utc' || text === 'Local' ? text : 'Unspecified';
};

const fromFileTime: StaticMethod = ([ticks], context) => dateTime(longArgument(ticks, context) + fileTimeEpoch, 'Utc');

/** System.DateTime (its constructors are built in). */
export const dateTimeType = defineType<DateTime>({
  name: 'System.DateTime',
  aliases: ['datetime'],
  properties: {
    Year: part((p) => p.year),
    Month: part((p) => p.month),
    Day: part((p) => p.day),
    Hour: part((p) => p.hour),
    Minute: part((p) => p.minute),
    Second: part((p) => p.second),
    Millisecond: part((p) => Math.floor(p.fraction / 10_000)),
    DayOfYear: part((p) => p.dayOfYear),
    DayOfWeek: { get: (date) => enumValue(dayOfWeekEnum, partsOf(date.ticks).weekday) },
    Ticks: { get: (date) => int64(date.ticks) },
    Kind: { get: (date) => enumValue(dateTimeKindEnum, date.zone) },
    Date: { get: (date) => dateTime(date.ticks - (date.ticks % ticksPerDay), date.zone) },
    TimeOfDay: { get: (date) => timeSpan(date.ticks % ticksPerDay) },
  },
  methods: {
    AddDays: scaled(86_400_000),
    AddHours: scaled(3_600_000),
    AddMinutes: scaled(60_000),
    AddSeconds: scaled(1000),
    AddMilliseconds: scaled(1),
    AddTicks: (date, [ticks], context) => add(date, longArgument(ticks, context)),
    AddMonths: (date, [months], context) => addMonths(date, intArgument(months, context)),
    AddYears: (date, [years], context) => addMonths(date, intArgument(years, context) * 12),
    Add: (date, [span], context) => add(date, (context.convert(span, 'System.TimeSpan') as TimeSpan).ticks),
    Subtract: (date, [other], context) => {
      if (isBoxed(other) && other.kind === 'datetime') return timeSpan(date.ticks - other.ticks);
      return add(date, -(context.convert(other, 'System.TimeSpan') as TimeSpan).ticks);
    },
    ToUniversalTime: (date, _args, context) => toUtc(date, context),
    ToLocalTime: (date, _args, context) => toLocal(date, context),
    ToFileTime: (date, _args, context) => int64(toUtc(date, context).ticks - fileTimeEpoch),
    ToFileTimeUtc: (date, _args, context) =>
      int64((date.zone === 'Local' ? toUtc(date, context) : date).ticks - fileTimeEpoch),
    ToString: toText,
    ToShortDateString: (date) => formatDate(date, 'd', 0),
    ToLongDateString: (date) => formatDate(date, 'D', 0),
    ToShortTimeString: (date) => formatDate(date, 't', 0),
    ToLongTimeString: (date) => formatDate(date, 'T', 0),
    ToOADate: (date) => double(Number(date.ticks - 599264352000000000n) / Number(ticksPerDay)),
    IsDaylightSavingTime: () => false,
    Equals: (date, [other]) => isBoxed(other) && other.kind === 'datetime' && other.ticks === date.ticks,
  },
  statics: {
    properties: {
      Now: { get: now },
      UtcNow: { get: (context) => utcFromUnixMs(context.hooks.wallClockMs()) },
      Today: {
        get: (context) => {
          const date = now(context);
          return dateTime(date.ticks - (date.ticks % ticksPerDay), 'Local');
        },
      },
      MinValue: { get: () => dateTime(0n) },
      MaxValue: { get: () => dateTime(maxTicks) },
    },
    methods: {
      Parse: ([text, ...rest], context) => parseText(context.text(text), rest.find(isStyles), context) ?? notADate(),
      ParseExact: ([text, format, , styles], context) =>
        parseExactText(context.text(text), format, styles, context) ?? notADate(),
      TryParse: (args, context) =>
        tryInto(args, parseText(context.text(args[0]), args.slice(1).find(isStyles), context)),
      TryParseExact: (args, context) => tryInto(args, parseExactText(context.text(args[0]), args[1], args[3], context)),
      FromFileTime: (args, context) => toLocal(fromFileTime(args, context) as DateTime, context),
      FromFileTimeUtc: fromFileTime,
      SpecifyKind: ([date, kind], context) =>
        dateTime((context.convert(date, 'System.DateTime') as DateTime).ticks, kindOf(kind, context)),
      DaysInMonth: ([year, month], context) => daysInMonth(intArgument(year, context), intArgument(month, context)),
      IsLeapYear: ([year], context) => isLeapYear(intArgument(year, context)),
      Compare: (args, context) => {
        const [x = 0n, y = 0n] = args.map((arg) => (context.convert(arg, 'System.DateTime') as DateTime).ticks);
        return x < y ? -1 : x > y ? 1 : 0;
      },
      FromOADate: ([days], context) =>
        dateTime(599264352000000000n + BigInt(Math.round(numberArgument(days, context) * 86_400_000)) * 10_000n),
    },
  },
});
