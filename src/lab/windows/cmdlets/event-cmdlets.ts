import type { Hashtable } from '../../evaluator/hashtable.ts';
import type { BoundParameters, CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import { customObject, exception, int64, unixEpochTicks } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import type { EventRecord } from '../machine/event-log.ts';
import type { Machine } from '../machine/machine.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { eventObject } from '../types/event-record.ts';
import { command } from './command-syntax.ts';

const toMs = (value: Value, machine: Machine, context: CommandContext): number => {
  const date = context.convert(value, 'datetime');
  if (date === null || typeof date !== 'object' || !('kind' in date) || date.kind !== 'datetime') return 0;
  const ms = Number((date.ticks - unixEpochTicks) / 10_000n);
  return date.zone === 'Utc' ? ms : ms - machine.timeZone.offsetMinutes * 60_000;
};

const notFound: ErrorSpec = {
  id: 'NoMatchingEventsFound',
  message: 'No events were found that match the specified selection criteria.',
  category: 'ObjectNotFound',
  exception: exception('System.Exception', 'No events were found that match the specified selection criteria.'),
};
const noLog = (name: string): ErrorSpec => ({
  id: 'NoMatchingLogsFound',
  message: `There is not an event log on the localhost computer that matches "${name}".`,
  category: 'ObjectNotFound',
  target: name,
});

type Wish = {
  readonly logs: readonly string[];
  readonly providers: readonly string[];
  readonly ids: readonly number[];
  readonly levels: readonly number[];
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly data: readonly (readonly [name: string, values: readonly string[]])[];
  readonly userSid: string | undefined;
};

const known = new Set([
  'logname',
  'providername',
  'id',
  'level',
  'starttime',
  'endtime',
  'userid',
  'data',
  'keywords',
  'path',
  'suppresshashfilter',
]);

const wishOf = (table: Hashtable, machine: Machine, context: CommandContext): Wish => {
  const texts = (name: string): string[] =>
    table.has(name) ? context.enumerate(table.get(name)).map((value) => context.text(value)) : [];
  for (const name of ['keywords', 'path', 'suppresshashfilter'])
    if (table.has(name)) context.unsupported(`Get-WinEvent -FilterHashtable ${name}`);
  const named = table
    .keys()
    .map((key) => context.text(key))
    .filter((key) => !known.has(key.toLowerCase()))
    .map((key) => [key, texts(key)] as const);
  return {
    logs: texts('LogName'),
    providers: texts('ProviderName'),
    ids: texts('Id').map(Number),
    levels: texts('Level').map(Number),
    fromMs: table.has('StartTime') ? toMs(table.get('StartTime'), machine, context) : undefined,
    untilMs: table.has('EndTime') ? toMs(table.get('EndTime'), machine, context) : undefined,
    data: [...named, ...(table.has('Data') ? [['', texts('Data')] as const] : [])],
    userSid: table.has('UserID') ? context.text(table.get('UserID')) : undefined,
  };
};

const fits = (record: EventRecord, wish: Wish, context: CommandContext): boolean =>
  (wish.providers.length === 0 || wish.providers.some((pattern) => context.like(record.provider, pattern))) &&
  (wish.ids.length === 0 || wish.ids.includes(record.id)) &&
  (wish.levels.length === 0 || wish.levels.includes(record.level)) &&
  (wish.fromMs === undefined || record.timeMs >= wish.fromMs) &&
  (wish.untilMs === undefined || record.timeMs <= wish.untilMs) &&
  (wish.userSid === undefined || record.userSid === wish.userSid) &&
  wish.data.every(([name, values]) =>
    record.data.some(
      ([key, value]) =>
        (name === '' || key.toLowerCase() === name.toLowerCase()) &&
        values.some((wanted) => String(value).toLowerCase() === wanted.toLowerCase()),
    ),
  );

const everything: Wish = {
  logs: [],
  providers: [],
  ids: [],
  levels: [],
  fromMs: undefined,
  untilMs: undefined,
  data: [],
  userSid: undefined,
};

const wishesOf = (context: CommandContext, bound: BoundParameters): Wish[] => {
  const { machine } = actorOf(context);
  if (bound.has('FilterHashtable'))
    return bound.list('FilterHashtable').map((table) => wishOf(table as Hashtable, machine, context));
  if (bound.has('ProviderName')) return [{ ...everything, providers: bound.texts('ProviderName') }];
  return [{ ...everything, logs: bound.texts('LogName') }];
};

const getWinEvent = command('Get-WinEvent', {
  className: 'Microsoft.PowerShell.Commands.GetWinEventCommand',
  sets: ['GetLogSet', 'ListLogSet', 'ListProviderSet', 'GetProviderSet', 'FileSet', 'HashQuerySet', 'XmlQuerySet'],
  pipeline: { LogName: 'both', ListLog: 'both', ListProvider: 'both', ProviderName: 'both', FilterHashtable: 'both' },
  simulated: ['LogName', 'ProviderName', 'FilterHashtable', 'MaxEvents', 'Oldest', 'ListLog', 'Force'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    if (bound.has('ListLog')) {
      for (const pattern of bound.texts('ListLog')) {
        const found = machine.events.names().filter((name) => context.like(name, pattern));
        if (found.length === 0) context.writeError(noLog(pattern));
        for (const name of found) context.write(logObject(machine, name));
      }
      return;
    }
    let found: EventRecord[] = [];
    for (const wish of wishesOf(context, bound)) {
      const names =
        wish.logs.length === 0
          ? machine.events.names()
          : wish.logs.flatMap((pattern) => {
              const fitting = machine.events.names().filter((name) => context.like(name, pattern));
              if (fitting.length === 0) context.writeError(noLog(pattern));
              return fitting;
            });
      if (wish.logs.length > 0 && names.length === 0) return;
      for (const name of names)
        found.push(...(machine.events.records(name) ?? []).filter((record) => fits(record, wish, context)));
    }
    found = found
      .map((record, index) => ({ record, index }))
      .sort((a, b) => b.record.timeMs - a.record.timeMs || b.index - a.index)
      .map(({ record }) => record);
    if (bound.flag('Oldest')) found.reverse();
    const limit = bound.number('MaxEvents');
    if (limit !== undefined) found = found.slice(0, limit);
    if (found.length === 0) return context.writeError(notFound);
    for (const record of found) context.write(eventObject(machine, record));
    return undefined;
  },
});

const logObject = (machine: Machine, name: string): Value =>
  customObject(
    {
      LogName: name,
      IsEnabled: true,
      LogMode: 'Circular',
      MaximumSizeInBytes: int64(20971520),
      RecordCount: int64(machine.events.records(name)?.length ?? 0),
    },
    ['System.Diagnostics.Eventing.Reader.EventLogConfiguration'],
  );

/** Get-WinEvent. */
export const eventCmdlets = [getWinEvent];
