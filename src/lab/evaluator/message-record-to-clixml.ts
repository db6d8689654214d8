import type { PsObject } from '../../remote/protocol/clixml/values.ts';
import { buildMessageRecord } from '../../remote/protocol/psrp/stream-records.ts';
import { debugRecordType, verboseRecordType, warningRecordType } from './dotnet/stream-records.ts';
import { stateOf } from './make.ts';
import type { Instance } from './value.ts';

const streams = [
  ['warning', warningRecordType],
  ['verbose', verboseRecordType],
  ['debug', debugRecordType],
] as const;

/** A warning, verbose or debug record that was sent down the pipeline (`3>&1`); undefined if the object is none. */
export const writeMessageRecord = (value: Instance): PsObject | undefined => {
  for (const [stream, type] of streams) {
    const text = stateOf(value, type);
    if (text !== undefined) return buildMessageRecord(stream, text);
  }
  return undefined;
};
