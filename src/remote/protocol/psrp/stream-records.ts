/** Records of the other streams: warning, verbose, debug, information, progress (MS-PSRP 2.2.2.22 to .26, 2.2.3.16). */
import {
  isPsObject,
  isPsTagged,
  type PsObject,
  type PsValue,
  psDateTime,
  psList,
  psNumber,
  psObject,
  psProperty,
} from '../clixml/values.ts';
import { type ProgressType, progressTypes } from './codes.ts';
import {
  type EnumForm,
  enumMember,
  enumValue,
  intMemberOr,
  listMember,
  numberOf,
  payload,
  textMember,
  textOf,
} from './fields.ts';
import {
  buildFlatInvocationInfo,
  buildIterationInfo,
  completeInvocationInfo,
  type InvocationInfo,
  readInvocationInfo,
} from './invocation-info.ts';

/** A warning, verbose or debug record. */
export type MessageRecord = {
  readonly message: string;
  readonly invocation: InvocationInfo | null;
  /** The record as it came. */
  readonly object: PsObject;
};

/** Names of the streams of message records. */
export type MessageStream = 'warning' | 'verbose' | 'debug';

const recordTypes = {
  warning: 'System.Management.Automation.WarningRecord',
  verbose: 'System.Management.Automation.VerboseRecord',
  debug: 'System.Management.Automation.DebugRecord',
} as const satisfies Record<MessageStream, string>;

/** Builds a warning, verbose or debug record; with the place only where the client asked for extended info. */
export function buildMessageRecord(
  stream: MessageStream,
  message: string,
  invocation: Partial<InvocationInfo> | null = null,
): PsObject {
  const place = invocation === null ? null : completeInvocationInfo(invocation);
  return psObject({
    typeNames: [recordTypes[stream], 'System.Management.Automation.InformationalRecord', 'System.Object'],
    text: message,
    extended: {
      InformationalRecord_Message: message,
      InformationalRecord_SerializeInvocationInfo: place !== null,
      ...(place === null ? {} : buildFlatInvocationInfo(place)),
      ...(place === null ? {} : { InformationalRecord_PipelineIterationInfo: buildIterationInfo(place) }),
    },
  });
}

/** Reads a warning, verbose or debug record. */
export function readMessageRecord(value: PsValue): MessageRecord {
  return {
    message: textMember(value, 'InformationalRecord_Message') ?? textOf(value) ?? '',
    invocation: readInvocationInfo(value),
    object: isPsObject(value) ? value : psObject({ text: textOf(value) }),
  };
}

/** An information record, Write-Host's included (its tag is `PSHOST`). */
export type InformationRecord = {
  /** The message as text. */
  readonly message: string;
  readonly messageData: PsValue;
  readonly source: string;
  /** A date-time, or null. */
  readonly timeGenerated: PsValue;
  readonly tags: readonly string[];
  readonly user: string;
  readonly computer: string;
  readonly processId: number;
  readonly nativeThreadId: number;
  readonly managedThreadId: number;
};

/** What an information record is made from; only the data must be given. */
export type InformationRecordFields = Partial<InformationRecord> & Pick<InformationRecord, 'messageData'>;

/** Builds an information record. */
export function buildInformationRecord(record: InformationRecordFields): PsObject {
  const tags = psList(record.tags ?? [], [
    'System.Collections.Generic.List`1[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]',
    'System.Object',
  ]);
  return payload({
    MessageData: record.messageData,
    Source: record.source ?? '',
    // PowerShell's client breaks the session where this is no date.
    TimeGenerated: record.timeGenerated ?? psDateTime(0n, 'unspecified'),
    Tags: tags,
    User: record.user ?? '',
    Computer: record.computer ?? '',
    ProcessId: psNumber('uint32', record.processId ?? 0),
    NativeThreadId: psNumber('uint32', record.nativeThreadId ?? 0),
    ManagedThreadId: psNumber('uint32', record.managedThreadId ?? 0),
  });
}

/** Reads an information record. */
export function readInformationRecord(value: PsValue): InformationRecord {
  const messageData = psProperty(value, 'MessageData') ?? null;
  const number = (name: string): number => numberOf(psProperty(value, name)) ?? 0;
  return {
    message: textMember(messageData, 'Message') ?? textOf(messageData) ?? textOf(value) ?? '',
    messageData,
    source: textMember(value, 'Source') ?? '',
    timeGenerated: psProperty(value, 'TimeGenerated') ?? null,
    tags: listMember(value, 'Tags').map((tag) => textOf(tag) ?? ''),
    user: textMember(value, 'User') ?? '',
    computer: textMember(value, 'Computer') ?? '',
    processId: number('ProcessId'),
    nativeThreadId: number('NativeThreadId'),
    managedThreadId: number('ManagedThreadId'),
  };
}

/** The message data of Write-Host: colours are ConsoleColor numbers, null for the host's own. */
export function buildHostMessage(
  message: string,
  options: { noNewLine?: boolean; foregroundColor?: number | null; backgroundColor?: number | null } = {},
): PsObject {
  return psObject({
    typeNames: ['System.Management.Automation.HostInformationMessage', 'System.Object'],
    text: message,
    adapted: {
      Message: message,
      NoNewLine: options.noNewLine ?? false,
      ForegroundColor: options.foregroundColor ?? null,
      BackgroundColor: options.backgroundColor ?? null,
    },
  });
}

/** A progress record; -1 for numbers that are not known. */
export type ProgressRecord = {
  readonly activity: string;
  readonly activityId: number;
  readonly statusDescription: string;
  readonly currentOperation: string | null;
  readonly parentActivityId: number;
  readonly percentComplete: number;
  readonly type: ProgressType;
  readonly secondsRemaining: number;
};

/** What a progress record is made from; only the activity must be given. */
export type ProgressRecordFields = Partial<ProgressRecord> & Pick<ProgressRecord, 'activity'>;

/** Builds PROGRESS_RECORD. */
export function buildProgressRecord(record: ProgressRecordFields, form: EnumForm = 'full'): PsObject {
  return payload({
    // PowerShell's client breaks the session where one of the two texts is empty; PowerShell itself then sends a blank.
    Activity: record.activity || ' ',
    ActivityId: record.activityId ?? 0,
    StatusDescription: record.statusDescription || ' ',
    CurrentOperation: record.currentOperation ?? null,
    ParentActivityId: record.parentActivityId ?? -1,
    PercentComplete: record.percentComplete ?? -1,
    Type: enumValue(
      'System.Management.Automation.ProgressRecordType',
      progressTypes,
      record.type ?? 'Processing',
      form,
    ),
    SecondsRemaining: record.secondsRemaining ?? -1,
  });
}

/** Reads PROGRESS_RECORD, in either of its two shapes. */
export function readProgressRecord(value: PsValue): ProgressRecord {
  if (isPsTagged(value) && value.kind === 'progress') {
    const {
      activity,
      activityId,
      statusDescription,
      currentOperation,
      parentActivityId,
      percentComplete,
      secondsRemaining,
    } = value;
    const type = value.type === 'Completed' ? 'Completed' : 'Processing';
    return {
      activity,
      activityId,
      statusDescription,
      currentOperation,
      parentActivityId,
      percentComplete,
      type,
      secondsRemaining,
    };
  }
  return {
    activity: textMember(value, 'Activity') ?? '',
    activityId: intMemberOr(value, 'ActivityId', 0),
    statusDescription: textMember(value, 'StatusDescription') ?? '',
    currentOperation: textMember(value, 'CurrentOperation'),
    parentActivityId: intMemberOr(value, 'ParentActivityId', -1),
    percentComplete: intMemberOr(value, 'PercentComplete', -1),
    type: enumMember(value, 'Type', progressTypes, 'Processing'),
    secondsRemaining: intMemberOr(value, 'SecondsRemaining', -1),
  };
}
