import { defineType } from '../define.ts';
import type { InformationRecord } from '../host.ts';
import { dateTime, newObject, typedArray } from '../make.ts';
import type { StreamRecord } from '../streams.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed, typeNameOf } from '../types-of.ts';
import type { Value } from '../value.ts';

const textRecord = (name: string): TypeDefinition<string> =>
  defineType<string>({
    name: `System.Management.Automation.${name}`,
    bases: ['System.Management.Automation.InformationalRecord'],
    properties: { Message: { get: (text) => text } },
    toText: (text) => text,
  });

/** WarningRecord. */
export const warningRecordType = textRecord('WarningRecord');
/** VerboseRecord. */
export const verboseRecordType = textRecord('VerboseRecord');
/** DebugRecord. */
export const debugRecordType = textRecord('DebugRecord');

/** InformationRecord. */
export const informationRecordType = defineType<InformationRecord>({
  name: 'System.Management.Automation.InformationRecord',
  properties: {
    MessageData: { get: (record) => record.data },
    Source: { get: (record) => record.source },
    Tags: { get: (record) => typedArray('System.String', [...record.tags]) },
    TimeGenerated: { get: (record) => dateTime(record.timeTicks, 'Local') },
  },
  toText: ({ data }) => textOf(data),
});

/** ToString() of what a record carries. */
const textOf = (data: Value): string => {
  if (typeof data === 'string') return data;
  if (isBoxed(data) && data.kind === 'instance' && data.type.toText) return data.type.toText(data.state);
  if (isBoxed(data) && data.kind === 'custom' && data.text !== undefined) return data.text;
  return typeNameOf(data) ?? '';
};

/** What a record is as a value (`3>&1`, -WarningVariable). */
export const streamValue = (record: StreamRecord): Value => {
  switch (record.stream) {
    case 'error':
      return record.record;
    case 'warning':
      return newObject(warningRecordType, record.text);
    case 'verbose':
      return newObject(verboseRecordType, record.text);
    case 'debug':
      return newObject(debugRecordType, record.text);
    case 'information':
      return newObject(informationRecordType, record.record);
    case 'progress':
      return undefined;
  }
};
