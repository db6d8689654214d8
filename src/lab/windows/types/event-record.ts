import { defineType } from '../../evaluator/define.ts';
import { customObject, int64, integer, localFromUnixMs, newObject } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import type { EventRecord } from '../machine/event-log.ts';
import type { Machine } from '../machine/machine.ts';
import { outsideProperties } from './outside.ts';

type State = { readonly machine: Machine; readonly record: EventRecord };

const levelNames = ['Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'];
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The XML of a record (event schema 2004/08), with EventData names where the provider has them. */
export const eventXml = (record: EventRecord): string => {
  const guid = record.providerGuid === undefined ? '' : ` Guid='${record.providerGuid}'`;
  const time = `${new Date(record.timeMs).toISOString().slice(0, -1)}0000Z`;
  const data = record.data
    .map(([name, value]) => `<Data${name === '' ? '' : ` Name='${name}'`}>${escapeXml(String(value))}</Data>`)
    .join('');
  const user = record.userSid === undefined ? '<Security/>' : `<Security UserID='${record.userSid}'/>`;
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${record.provider}'${guid}/>` +
    `<EventID${guid === '' ? " Qualifiers='0'" : ''}>${record.id}</EventID><Version>0</Version><Level>${record.level}</Level><Task>${record.task}</Task>` +
    `<Opcode>${record.opcode}</Opcode><Keywords>${record.keywords}</Keywords><TimeCreated SystemTime='${time}'/>` +
    `<EventRecordID>${record.recordId}</EventRecordID><Correlation/><Execution ProcessID='${record.pid}' ThreadID='0'/>` +
    `<Channel>${record.log}</Channel><Computer>${record.computer}</Computer>${user}</System><EventData>${data}</EventData></Event>`
  );
};

/** System.Diagnostics.Eventing.Reader.EventLogRecord. */
export const eventRecordType: TypeDefinition<State> = defineType<State>({
  name: 'System.Diagnostics.Eventing.Reader.EventLogRecord',
  bases: ['System.Diagnostics.Eventing.Reader.EventRecord', 'System.IDisposable'],
  properties: {
    ...outsideProperties(
      'System.Diagnostics.Eventing.Reader.EventLogRecord',
      'ActivityId Bookmark KeywordsDisplayNames MatchedQueryIds OpcodeDisplayName RelatedActivityId TaskDisplayName',
    ),
    Message: { type: 'System.String', get: ({ record }) => record.message },
    Id: { type: 'System.Int32', get: ({ record }) => record.id },
    Version: { type: 'System.Byte', get: () => integer('Byte', 0) },
    Qualifiers: { get: ({ record }) => (record.providerGuid === undefined ? 0 : null) },
    Level: { type: 'System.Byte', get: ({ record }) => integer('Byte', record.level) },
    Task: { type: 'System.Int32', get: ({ record }) => record.task },
    Opcode: { type: 'System.Int16', get: ({ record }) => integer('Int16', record.opcode) },
    Keywords: { type: 'System.Int64', get: ({ record }) => int64(BigInt.asIntN(64, BigInt(record.keywords))) },
    RecordId: { type: 'System.Int64', get: ({ record }) => int64(record.recordId) },
    ProviderName: { type: 'System.String', get: ({ record }) => record.provider },
    ProviderId: { get: ({ record }) => record.providerGuid ?? null },
    LogName: { type: 'System.String', get: ({ record }) => record.log },
    ProcessId: { type: 'System.Int32', get: ({ record }) => record.pid },
    ThreadId: { type: 'System.Int32', get: () => 0 },
    MachineName: { type: 'System.String', get: ({ record }) => record.computer },
    UserId: { get: ({ record }) => record.userSid ?? null },
    TimeCreated: {
      type: 'System.DateTime',
      get: ({ machine, record }) => localFromUnixMs(record.timeMs, machine.timeZone.offsetMinutes),
    },
    ContainerLog: { type: 'System.String', get: ({ record }) => record.log.toLowerCase() },
    LevelDisplayName: { type: 'System.String', get: ({ record }) => levelNames[record.level] ?? '' },
    Properties: {
      get: ({ record }) =>
        record.data.map(
          ([, value]): Value => customObject({ Value: value }, ['System.Diagnostics.Eventing.Reader.EventProperty']),
        ),
    },
  },
  methods: {
    ToXml: ({ record }) => eventXml(record),
    FormatDescription: ({ record }) => record.message,
    Dispose: () => undefined,
  },
  toText: () => 'System.Diagnostics.Eventing.Reader.EventLogRecord',
});

/** The object of an event. */
export const eventObject = (machine: Machine, record: EventRecord): Value =>
  newObject(eventRecordType, { machine, record });
