import { partsOf, ticksOf, ticksPerDay, ticksPerSecond } from '../conversion/calendar.ts';
import { dateText, formatDate } from '../conversion/date-format.ts';
import { defineCmdlet, netError } from '../define.ts';
import { unescapeRegex } from '../dotnet/regex-arguments.ts';
import { Hashtable } from '../hashtable.ts';
import type { BoundParameters, CmdletDefinition, CommandContext } from '../host.ts';
import { localFromUnixMs, timeSpan, unixEpochTicks } from '../make.ts';
import { isBoxed } from '../types-of.ts';
import type { DateTime, Value } from '../value.ts';

const utility = { module: 'Microsoft.PowerShell.Utility' } as const;

const now = (context: CommandContext): DateTime => {
  const ms = context.hooks.wallClockMs();
  return localFromUnixMs(ms, context.hooks.utcOffsetMinutes(ms));
};

const asDate = (value: Value, context: CommandContext): DateTime => {
  const converted = context.convert(value, 'datetime');
  if (isBoxed(converted) && converted.kind === 'datetime') return converted;
  return context.unsupported('a date of this kind');
};

const startSleep = defineCmdlet({
  name: 'Start-Sleep',
  aliases: ['sleep'],
  className: 'Microsoft.PowerShell.Commands.StartSleepCommand',
  ...utility,
  defaultParameterSet: 'Seconds',
  parameters: {
    Seconds: {
      type: 'int',
      validateRange: [0, 2147483],
      sets: { Seconds: { position: 0, mandatory: true, pipeline: 'both' } },
    },
    Milliseconds: {
      type: 'int',
      validateRange: [0, 2147483647],
      aliases: ['ms'],
      sets: { Milliseconds: { mandatory: true, pipeline: 'name' } },
    },
  },
  *process(context, bound) {
    const ms = (bound.number('Seconds') ?? 0) * 1000 + (bound.number('Milliseconds') ?? 0);
    const held = context.hooks.advance(ms);
    if (held) yield held;
  },
});

/** The date with those parts that the call gives. */
const withParts = (date: DateTime, bound: BoundParameters): DateTime => {
  const parts = partsOf(date.ticks);
  const part = (name: string, otherwise: number): number => bound.number(name) ?? otherwise;
  const fraction = bound.has('Millisecond') ? part('Millisecond', 0) * 10_000 : parts.fraction;
  const ticks = ticksOf(
    part('Year', parts.year),
    part('Month', parts.month),
    part('Day', parts.day),
    part('Hour', parts.hour),
    part('Minute', parts.minute),
    part('Second', parts.second),
    fraction,
  );
  if (ticks === undefined)
    throw netError(
      'System.ArgumentOutOfRangeException',
      'Year, Month, and Day parameters describe an un-representable DateTime.',
    );
  return { ...date, ticks };
};

const unixPatterns: Readonly<Record<string, string>> = {
  A: 'dddd',
  a: 'ddd',
  B: 'MMMM',
  b: 'MMM',
  h: 'MMM',
  d: 'dd',
  D: 'MM/dd/yy',
  F: 'yyyy-MM-dd',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  m: 'MM',
  p: 'tt',
  R: 'HH:mm',
  r: 'hh:mm:ss tt',
  S: 'ss',
  T: 'HH:mm:ss',
  X: 'HH:mm:ss',
  Y: 'yyyy',
  y: 'yy',
};

/** The .NET pattern of a Unix one. */
const patternOfUnix = (format: string, date: DateTime, context: CommandContext): string =>
  format.replace(/%(.)|[^%]+/gs, (text, letter: string | undefined) => {
    if (letter === undefined) return text.replace(/[A-Za-z'"\\:/]/g, String.raw`\$&`);
    if (letter === 'j') return `'${String(partsOf(date.ticks).dayOfYear).padStart(3, '0')}'`;
    if (letter === 's') return `'${(date.ticks - unixEpochTicks) / 10_000_000n}'`;
    return unixPatterns[letter] ?? (letter === '%' ? "'%'" : context.unsupported(`Get-Date -UFormat %${letter}`));
  });

const getDate = defineCmdlet({
  name: 'Get-Date',
  className: 'Microsoft.PowerShell.Commands.GetDateCommand',
  ...utility,
  parameters: {
    Date: { type: 'datetime', position: 0, pipeline: 'both', aliases: ['LastWriteTime'] },
    Year: { type: 'int', validateRange: [1, 9999] },
    Month: { type: 'int', validateRange: [1, 12] },
    Day: { type: 'int', validateRange: [1, 31] },
    Hour: { type: 'int', validateRange: [0, 23] },
    Minute: { type: 'int', validateRange: [0, 59] },
    Second: { type: 'int', validateRange: [0, 59] },
    Millisecond: { type: 'int', validateRange: [0, 999] },
    DisplayHint: { type: 'DisplayHintType' },
    Format: { type: 'string', sets: ['net'] },
    UFormat: { type: 'string', sets: ['UFormat'] },
  },
  defaultParameterSet: 'net',
  outside: ['DisplayHint'],
  process(context, bound) {
    const date = withParts(bound.has('Date') ? asDate(bound.get('Date'), context) : now(context), bound);
    const unix = bound.text('UFormat');
    const format = unix === undefined ? bound.text('Format') : patternOfUnix(unix, date, context);
    const offset = context.hooks.utcOffsetMinutes(Number((date.ticks - unixEpochTicks) / 10_000n));
    context.write(format === undefined ? date : format === '' ? dateText(date) : formatDate(date, format, offset));
  },
});

const newTimeSpan = defineCmdlet({
  name: 'New-TimeSpan',
  className: 'Microsoft.PowerShell.Commands.NewTimeSpanCommand',
  ...utility,
  defaultParameterSet: 'Date',
  parameters: {
    Start: { type: 'datetime', sets: { Date: { position: 0, pipeline: 'both' } }, aliases: ['LastWriteTime'] },
    End: { type: 'datetime', sets: { Date: { position: 1, pipeline: 'name' } } },
    Days: { type: 'int', sets: ['Time'] },
    Hours: { type: 'int', sets: ['Time'] },
    Minutes: { type: 'int', sets: ['Time'] },
    Seconds: { type: 'int', sets: ['Time'] },
  },
  process(context, bound) {
    if (context.parameterSet === 'Time') {
      const part = (name: string): bigint => BigInt(bound.number(name) ?? 0);
      const seconds = part('Hours') * 3600n + part('Minutes') * 60n + part('Seconds');
      return context.write(timeSpan(part('Days') * ticksPerDay + seconds * ticksPerSecond));
    }
    const start = bound.has('Start') ? asDate(bound.get('Start'), context) : now(context);
    const end = bound.has('End') ? asDate(bound.get('End'), context) : now(context);
    context.write(timeSpan(end.ticks - start.ticks));
  },
});

const getRandom = defineCmdlet({
  name: 'Get-Random',
  className: 'Microsoft.PowerShell.Commands.GetRandomCommand',
  ...utility,
  defaultParameterSet: 'RandomNumberParameterSet',
  parameters: {
    Maximum: { type: 'object', sets: { RandomNumberParameterSet: { position: 0 } } },
    Minimum: { type: 'object', sets: ['RandomNumberParameterSet'] },
    InputObject: {
      type: 'object[]',
      sets: { RandomListItemParameterSet: { position: 0, mandatory: true, pipeline: 'value' } },
    },
    Count: { type: 'int', sets: ['RandomListItemParameterSet'] },
    SetSeed: { type: 'int' },
  },
  outside: ['SetSeed'],
  createState: (): Value[] => [],
  process(context, bound) {
    if (context.parameterSet === 'RandomListItemParameterSet')
      return void (context.state as Value[]).push(...bound.list('InputObject'));
    const from = bound.number('Minimum') ?? 0;
    const to = bound.number('Maximum') ?? 2147483647;
    context.write(Math.floor(from + context.hooks.random() * (to - from)));
  },
  end(context, bound) {
    const pool = [...(context.state as Value[])];
    const count = Math.min(bound.number('Count') ?? 1, pool.length);
    for (let taken = 0; taken < count; taken++) {
      const [picked] = pool.splice(Math.floor(context.hooks.random() * pool.length), 1);
      context.write(picked);
    }
  },
});

const newGuid = defineCmdlet({
  name: 'New-Guid',
  className: 'Microsoft.PowerShell.Commands.NewGuidCommand',
  ...utility,
  parameters: {},
  process: (context) => context.write(context.convert(crypto.randomUUID(), 'guid')),
});

const convertFromStringData = defineCmdlet({
  name: 'ConvertFrom-StringData',
  className: 'Microsoft.PowerShell.Commands.ConvertFromStringDataCommand',
  ...utility,
  parameters: { StringData: { type: 'string', position: 0, mandatory: true, pipeline: 'value', allowEmpty: true } },
  process(context, bound) {
    const table = new Hashtable();
    for (const line of (bound.text('StringData') ?? '').split('\n')) {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      const at = trimmed.indexOf('=');
      if (at < 0)
        context.fail({
          id: 'InvalidOperation',
          message: `Data line '${trimmed}' is not in 'name=value' format. `,
          category: 'InvalidOperation',
          exception: 'System.Management.Automation.PSInvalidOperationException',
        });
      // Backslashes are escapes in the values.
      table.set(trimmed.slice(0, at).trim(), unescapeRegex(trimmed.slice(at + 1).trim()));
    }
    context.write(table);
  },
});

/** Cmdlets of time, chance and small data; all on the host's hooks. */
export const timeCmdlets: readonly CmdletDefinition[] = [
  startSleep,
  getDate,
  newTimeSpan,
  getRandom,
  newGuid,
  convertFromStringData,
];
