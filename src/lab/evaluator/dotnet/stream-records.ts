import { defineType } from '../define.ts';
import type { InformationRecord, TypeDefinition } from '../host.ts';
import { dateTime, newObject, typedArray } from '../make.ts';
import type { StreamRecord } from '../streams.ts';
import { typeNameOf } from '../types-of.ts';
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
  toText: (record) => (typeof record.data === 'string' ? record.data : (typeNameOf(record.data) ?? '')),
});

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
