import { ticksPerDay } from '../conversion/calendar.ts';
import { formatTimeSpan, parseTimeSpan, timeParts } from '../conversion/time-span-text.ts';
import { defineType, netError } from '../define.ts';
import type { CallContext } from '../host.ts';
import { double, int64, timeSpan } from '../make.ts';
import type { StaticMethod } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { TimeSpan, Value } from '../value.ts';
import { longArgument, numberArgument } from './argument-values.ts';

const whole = (pick: (parts: ReturnType<typeof timeParts>) => number) => ({
  get: (span: TimeSpan): Value => pick(timeParts(span.ticks)),
});
const total = (ticks: number) => ({ get: (span: TimeSpan): Value => double(Number(span.ticks) / ticks) });
const from =
  (unitMs: number): StaticMethod =>
  ([amount], context) =>
    timeSpan(BigInt(Math.round(numberArgument(amount, context) * unitMs)) * 10_000n);
const spanOf = (value: Value, context: CallContext): bigint =>
  (context.convert(value, 'System.TimeSpan') as TimeSpan).ticks;

/** System.TimeSpan (its constructors are built in). */
export const timeSpanType = defineType<TimeSpan>({
  name: 'System.TimeSpan',
  aliases: ['timespan'],
  properties: {
    Ticks: { get: (span) => int64(span.ticks) },
    Days: whole((p) => p.days),
    Hours: whole((p) => p.hours),
    Milliseconds: whole((p) => Math.trunc(p.fraction / 10_000)),
    Minutes: whole((p) => p.minutes),
    Seconds: whole((p) => p.seconds),
    TotalDays: total(864e9),
    TotalHours: total(36e9),
    TotalMilliseconds: total(1e4),
    TotalMinutes: total(6e8),
    TotalSeconds: total(1e7),
  },
  methods: {
    Add: (span, [other], context) => timeSpan(span.ticks + spanOf(other, context)),
    Subtract: (span, [other], context) => timeSpan(span.ticks - spanOf(other, context)),
    Negate: (span) => timeSpan(-span.ticks),
    Duration: (span) => timeSpan(span.ticks < 0n ? -span.ticks : span.ticks),
    ToString: (span, [format], context) => formatTimeSpan(span.ticks, format === undefined ? '' : context.text(format)),
  },
  statics: {
    properties: {
      Zero: { get: () => timeSpan(0n) },
      MaxValue: { get: () => timeSpan(9223372036854775807n) },
      MinValue: { get: () => timeSpan(-9223372036854775808n) },
      TicksPerSecond: { get: () => int64(10_000_000) },
      TicksPerMillisecond: { get: () => int64(10_000) },
      TicksPerDay: { get: () => int64(ticksPerDay) },
    },
    methods: {
      FromDays: from(86_400_000),
      FromHours: from(3_600_000),
      FromMinutes: from(60_000),
      FromSeconds: from(1000),
      FromMilliseconds: from(1),
      FromTicks: ([ticks], context) => timeSpan(longArgument(ticks, context)),
      Compare: ([a, b], context) => {
        const [x, y] = [spanOf(a, context), spanOf(b, context)];
        return x < y ? -1 : x > y ? 1 : 0;
      },
      Parse: ([text], context) => {
        const ticks = parseTimeSpan(context.text(text));
        if (ticks === undefined)
          throw netError('System.FormatException', 'String was not recognized as a valid TimeSpan.');
        return timeSpan(ticks);
      },
      TryParse: ([text, ...rest], context) => {
        const ticks = parseTimeSpan(context.text(text));
        const reference = rest.find((arg) => isBoxed(arg) && arg.kind === 'ref');
        if (isBoxed(reference) && reference.kind === 'ref') reference.set(timeSpan(ticks ?? 0n));
        return ticks !== undefined;
      },
    },
  },
});
