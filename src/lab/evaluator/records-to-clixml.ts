import type { InformationRecordFields, ProgressRecordFields } from '../../remote/protocol/psrp/stream-records.ts';
import type { CallContext, InformationRecord, ProgressRecord } from './host.ts';
import { dateTime } from './make.ts';
import { writeDateTime } from './primitive-to-clixml.ts';
import { toClixml } from './to-clixml.ts';

/** A record of the information stream as the server half of PSRP takes it. */
export const toInformationFields = (record: InformationRecord, context: CallContext): InformationRecordFields => {
  const { hooks } = context;
  return {
    messageData: toClixml(record.data, context),
    source: record.source,
    tags: record.tags,
    timeGenerated: writeDateTime(dateTime(record.timeTicks, 'Local'), context),
    user: hooks.environment.get('USERNAME') ?? '',
    computer: hooks.environment.get('COMPUTERNAME') ?? '',
    processId: hooks.pid,
  };
};

/** A progress record as the server half of PSRP takes it. */
export const toProgressFields = (record: ProgressRecord): ProgressRecordFields => ({
  activity: record.activity,
  activityId: record.activityId,
  parentActivityId: record.parentId,
  statusDescription: record.status,
  currentOperation: record.currentOperation,
  percentComplete: record.percent,
  secondsRemaining: record.secondsRemaining,
  type: record.type,
});
