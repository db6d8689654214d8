import { maxTicks, partsOf, ticksOf, ticksPerDay } from '../conversion/calendar.ts';
import { formatDate, offsetText } from '../conversion/date-format.ts';
import { parseDate, parseDateExact } from '../conversion/date-parse.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { localOffsetAt } from '../language.ts';
import { dateTime, enumValue, int64, newObject, stateOf, timeSpan, unixEpochTicks } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { DateTime, TimeSpan, Value } from '../value.ts';
import { intArgument, longArgument, numberArgument } from './argument-values.ts';
import { dateTimeType, dayOfWeekEnum } from './date-time.ts';

/** A clock time with its offset from UTC in minutes. */
type State = { readonly ticks: bigint; readonly offset: number };

const minute = 600_000_000n;
const utcOf = ({ ticks, offset }: State): bigint => ticks - BigInt(offset) * minute;
const offsetAt = (context: CallContext, utcTicks: bigint): number => localOffsetAt(frameOf(context).session, utcTicks);
const make = (ticks: bigint, offset: number): Value => {
  if (ticks < 0n || ticks > maxTicks)
    throw netError(
      'System.ArgumentOutOfRangeException',
      'The UTC time represented when the offset is applied must be between year 0 and 10,000.',
    );
  return newObject(dateTimeOffsetType, { ticks, offset });
};
const atUtc = (utc: bigint, offset = 0): Value => make(utc + BigInt(offset) * minute, offset);
const minutesOf = (value: Value, context: CallContext): number =>
  Number((context.convert(value, 'System.TimeSpan') as TimeSpan).ticks / minute);

const ofDate = (date: DateTime, context: CallContext): Value =>
  make(date.ticks, date.zone === 'Utc' ? 0 : offsetAt(context, date.ticks));

const text = ({ ticks, offset }: State, format: string): string => {
  const date = dateTime(ticks, 'Local');
  if (format === '') return `${formatDate(date, 'G', 0)} ${offsetText(offset)}`;
  // These two show the time in UTC.
  if (/^[urR]$/.test(format)) return formatDate(dateTime(utcOf({ ticks, offset }), 'Utc'), format, 0);
  return formatDate(date, format, offset);
};

const parse = (given: string, context: CallContext): Value => {
  const zoned = /(Z|GMT|UTC|[+-]\d{1,2}:?\d{2})\s*$/i.test(given) && /\d:\d\d/.test(given);
  const written = /([+-])(\d{1,2}):?(\d{2})\s*$/.exec(given);
  const minutes = written ? (Number(written[2]) * 60 + Number(written[3])) * (written[1] === '-' ? -1 : 1) : 0;
  const today = partsOf(unixEpochTicks + BigInt(Math.round(context.hooks.wallClockMs())) * 10_000n);
  const date = parseDate(given, () => 0, today, zoned ? { toUtc: true } : {});
  if (!date) return undefined;
  return zoned ? atUtc(date.ticks, minutes) : make(date.ticks, offsetAt(context, date.ticks));
};

const parseExact = (given: string, formats: Value, context: CallContext): Value => {
  for (const format of context.enumerate(formats)) {
    const today = partsOf(unixEpochTicks);
    const pattern = context.text(format);
    const date = parseDateExact(given, pattern, () => 0, today, { toUtc: true, assume: 'Utc' });
    if (!date) continue;
    const written = /([+-])(\d{1,2}):?(\d{2})?/.exec(/[zKo]/i.test(pattern) ? given.slice(-6) : '');
    const minutes = written ? (Number(written[2]) * 60 + Number(written[3] ?? 0)) * (written[1] === '-' ? -1 : 1) : 0;
    return /[zKo]/i.test(pattern) ? atUtc(date.ticks, minutes) : make(date.ticks, offsetAt(context, date.ticks));
  }
  return undefined;
};

const notADate = (): never => {
  throw netError('System.FormatException', 'String was not recognized as a valid DateTime.');
};

const date = (pick: (state: State) => bigint, zone: DateTime['zone']) => ({
  get: (state: State): Value => dateTime(pick(state), zone),
});

/** The clock's own properties are those of a DateTime. */
const ofClock = (name: string) => ({
  get: (state: State, context: CallContext): Value =>
    dateTimeType.properties?.[name]?.get(dateTime(state.ticks), context) ?? null,
});

const add =
  (name: string) =>
  (state: State, args: Value[], context: CallContext): Value => {
    const moved = dateTimeType.methods?.[name]?.(dateTime(state.ticks), args, context);
    return isBoxed(moved as Value) ? make((moved as DateTime).ticks, state.offset) : null;
  };

const adders = [
  'AddDays',
  'AddHours',
  'AddMinutes',
  'AddSeconds',
  'AddMilliseconds',
  'AddTicks',
  'AddMonths',
  'AddYears',
  'Add',
];
const clockProperties = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second', 'Millisecond', 'DayOfYear', 'TimeOfDay'];

const subtract = (state: State, other: Value, context: CallContext): Value => {
  const second = stateOf(other, dateTimeOffsetType);
  if (second) return timeSpan(utcOf(state) - utcOf(second));
  return make(state.ticks - (context.convert(other, 'System.TimeSpan') as TimeSpan).ticks, state.offset);
};

/** System.DateTimeOffset. */
export const dateTimeOffsetType: TypeDefinition<State> = defineType<State>({
  name: 'System.DateTimeOffset',
  bases: ['System.ValueType', 'System.IComparable'],
  properties: {
    DateTime: date((state) => state.ticks, 'Unspecified'),
    UtcDateTime: date(utcOf, 'Utc'),
    LocalDateTime: {
      get: (state, context) => {
        const utc = utcOf(state);
        return dateTime(utc + BigInt(offsetAt(context, utc)) * minute, 'Local');
      },
    },
    Date: date(({ ticks }) => ticks - (ticks % ticksPerDay), 'Unspecified'),
    ...Object.fromEntries(clockProperties.map((name) => [name, ofClock(name)])),
    DayOfWeek: { get: ({ ticks }) => enumValue(dayOfWeekEnum, partsOf(ticks).weekday) },
    Offset: { get: ({ offset }) => timeSpan(BigInt(offset) * minute) },
    Ticks: { get: ({ ticks }) => int64(ticks) },
    UtcTicks: { get: (state) => int64(utcOf(state)) },
  },
  methods: {
    ...Object.fromEntries(adders.map((name) => [name, add(name)])),
    Subtract: (state, [other], context) => subtract(state, other, context),
    ToUniversalTime: (state) => atUtc(utcOf(state)),
    ToLocalTime: (state, _args, context) => atUtc(utcOf(state), offsetAt(context, utcOf(state))),
    ToOffset: (state, [offset], context) => atUtc(utcOf(state), minutesOf(offset, context)),
    ToUnixTimeSeconds: (state) => int64((utcOf(state) - unixEpochTicks) / 10_000_000n),
    ToUnixTimeMilliseconds: (state) => int64((utcOf(state) - unixEpochTicks) / 10_000n),
    ToString: (state, [format], context) => text(state, typeof format === 'string' ? context.text(format) : ''),
    op_Addition: (state, [span], context) =>
      make(state.ticks + (context.convert(span, 'System.TimeSpan') as TimeSpan).ticks, state.offset),
    op_Subtraction: (state, [other], context) => subtract(state, other, context),
  },
  toText: ({ ticks, offset }) => `${formatDate(dateTime(ticks), 'MM/dd/yyyy HH:mm:ss', 0)} ${offsetText(offset)}`,
  keyText: (state) => String(utcOf(state)),
  compare: (a, b) => (utcOf(a) < utcOf(b) ? -1 : utcOf(a) > utcOf(b) ? 1 : 0),
  construct: (context, args) => {
    const [first, second] = args;
    if (isBoxed(first) && first.kind === 'datetime')
      return second === undefined ? ofDate(first, context) : make(first.ticks, minutesOf(second, context));
    if (args.length === 2) return make(longArgument(first, context), minutesOf(second, context));
    const numbers = args.slice(0, -1).map((arg) => intArgument(arg, context));
    const [year = 1, month = 1, day = 1, hour = 0, minutes = 0, second_ = 0, ms = 0] = numbers;
    const ticks = ticksOf(year, month, day, hour, minutes, second_, ms * 10_000);
    if (ticks === undefined)
      throw netError(
        'System.ArgumentOutOfRangeException',
        'Year, Month, and Day parameters describe an un-representable DateTime.',
      );
    return make(ticks, minutesOf(args.at(-1), context));
  },
  convertFrom: (value, context) => {
    if (isBoxed(value) && value.kind === 'datetime') return ofDate(value, context);
    return typeof value === 'string' ? (parse(value, context) ?? notADate()) : undefined;
  },
  statics: {
    properties: {
      Now: {
        get: (context) => {
          const utc = unixEpochTicks + BigInt(Math.round(context.hooks.wallClockMs() * 10_000));
          return atUtc(utc, offsetAt(context, utc));
        },
      },
      UtcNow: { get: (context) => atUtc(unixEpochTicks + BigInt(Math.round(context.hooks.wallClockMs() * 10_000))) },
      MinValue: { get: () => make(0n, 0) },
      MaxValue: { get: () => make(maxTicks, 0) },
    },
    methods: {
      Parse: ([given], context) => parse(context.text(given), context) ?? notADate(),
      ParseExact: ([given, formats], context) => parseExact(context.text(given), formats, context) ?? notADate(),
      TryParse: ([given, ...rest], context) => {
        const found = parse(context.text(given), context);
        const target = rest.find((arg) => isBoxed(arg) && arg.kind === 'ref');
        if (isBoxed(target) && target.kind === 'ref') target.set(found ?? make(0n, 0));
        return found !== undefined;
      },
      FromUnixTimeSeconds: ([seconds], context) => atUtc(unixEpochTicks + longArgument(seconds, context) * 10_000_000n),
      FromUnixTimeMilliseconds: ([ms], context) =>
        atUtc(unixEpochTicks + BigInt(Math.round(numberArgument(ms, context))) * 10_000n),
      FromFileTime: ([ticks], context) => atUtc(longArgument(ticks, context) + 504911232000000000n),
      Compare: ([a, b], context) => context.compare(a, b),
    },
  },
});
