import { isPsObject, type PsObject, type PsValue, psDictionary, psObject, psProperty } from '../clixml/values.ts';
import { type ErrorCategory, errorCategories } from './codes.ts';
import { intMemberOr, numberOf, textMember, textOf } from './fields.ts';
import {
  buildFlatInvocationInfo,
  buildInvocationInfo,
  buildIterationInfo,
  completeInvocationInfo,
  type InvocationInfo,
  readInvocationInfo,
} from './invocation-info.ts';

/** An error record (MS-PSRP 2.2.3.15). */
export type ErrorRecord = {
  /** What PowerShell shows: the details' message if there is one, else the exception's. */
  readonly message: string;
  readonly exceptionMessage: string;
  /** .NET type of the exception, without `Deserialized.`; empty if unknown. */
  readonly exceptionType: string;
  /** Base types of the exception, most special first, `exceptionType` included. */
  readonly exceptionTypes: readonly string[];
  readonly hResult: number | null;
  readonly fullyQualifiedErrorId: string;
  readonly category: ErrorCategory;
  readonly activity: string;
  readonly reason: string;
  readonly targetName: string;
  readonly targetType: string;
  /** `Category: (target:type) [activity], reason`. */
  readonly categoryMessage: string;
  readonly targetObject: PsValue;
  readonly detailsMessage: string | null;
  readonly recommendedAction: string | null;
  readonly invocation: InvocationInfo | null;
  readonly scriptStackTrace: string | null;
  /** The record as it came, with everything in it. */
  readonly object: PsObject;
};

/** Reads an error record; members that are missing get their empty value. */
export function readErrorRecord(value: PsValue): ErrorRecord {
  const exception = psProperty(value, 'Exception') ?? null;
  const exceptionMessage = textMember(exception, 'Message') ?? textOf(exception) ?? textOf(value) ?? '';
  const exceptionTypes = isPsObject(exception)
    ? exception.typeNames.map((name) => name.replace(/^Deserialized\./, ''))
    : [];
  const detailsMessage = textMember(value, 'ErrorDetails_Message');
  const targetObject = psProperty(value, 'TargetObject') ?? null;
  return {
    message: detailsMessage || (isPsObject(value) && value.text) || exceptionMessage,
    exceptionMessage,
    exceptionType: exceptionTypes[0] ?? '',
    exceptionTypes,
    hResult: numberOf(psProperty(exception, 'HResult')) ?? null,
    fullyQualifiedErrorId: textMember(value, 'FullyQualifiedErrorId') ?? '',
    category: errorCategories[intMemberOr(value, 'ErrorCategory_Category', 0)] ?? 'NotSpecified',
    activity: textMember(value, 'ErrorCategory_Activity') ?? '',
    reason: textMember(value, 'ErrorCategory_Reason') ?? '',
    targetName: textMember(value, 'ErrorCategory_TargetName') ?? '',
    targetType: textMember(value, 'ErrorCategory_TargetType') ?? '',
    categoryMessage: textMember(value, 'ErrorCategory_Message') ?? '',
    targetObject,
    detailsMessage,
    recommendedAction: textMember(value, 'ErrorDetails_RecommendedAction'),
    invocation: readInvocationInfo(value),
    scriptStackTrace: textMember(value, 'ErrorDetails_ScriptStackTrace'),
    object: isPsObject(value) ? value : psObject({ text: exceptionMessage }),
  };
}

/** What an error record is made from; only the message and the id must be given. */
export type ErrorRecordFields = Partial<Omit<ErrorRecord, 'object' | 'message' | 'exceptionType' | 'invocation'>> & {
  /** The exception's message; what is shown comes from `detailsMessage` if that is given. */
  readonly exceptionMessage: string;
  readonly fullyQualifiedErrorId: string;
  /** Where it happened, as far as it is known. */
  readonly invocation?: Partial<InvocationInfo> | null;
  /** An exception object of one's own instead of the one made from the other fields. */
  readonly exception?: PsObject;
  readonly innerException?: PsValue;
  readonly stackTrace?: string;
};

const runtimeException = [
  'System.Management.Automation.RuntimeException',
  'System.SystemException',
  'System.Exception',
  'System.Object',
];
/** The error that PowerShell reports with the state Stopped. */
export const stoppedError: ErrorRecordFields = {
  exceptionMessage: 'The pipeline has been stopped.',
  exceptionTypes: ['System.Management.Automation.PipelineStoppedException', ...runtimeException],
  fullyQualifiedErrorId: 'PipelineStopped',
  category: 'OperationStopped',
};

/** COR_E_EXCEPTION, the HResult of exceptions that don't set their own. */
const plainHResult = -2146233087;

/** Builds an exception object as PowerShell sends it. */
export function buildException(fields: {
  readonly message: string;
  readonly types?: readonly string[];
  readonly hResult?: number | null;
  readonly innerException?: PsValue;
  readonly stackTrace?: string;
}): PsObject {
  const types = fields.types?.length ? fields.types : runtimeException;
  return psObject({
    typeNames: types,
    text: `${types[0]}: ${fields.message}`,
    adapted: {
      TargetSite: null,
      Message: fields.message,
      Data: psDictionary([], ['System.Collections.ListDictionaryInternal', 'System.Object']),
      InnerException: fields.innerException ?? null,
      HelpLink: null,
      Source: null,
      HResult: fields.hResult ?? plainHResult,
      StackTrace: fields.stackTrace ?? null,
    },
  });
}

/** How an error record is written. */
export type ErrorRecordForm = {
  /** Whether the place follows a second time in flat members, as clients can ask for. */
  readonly extended?: boolean;
  /** Whether it stands in the error stream (and not in a state), where the type adds a member of its own. */
  readonly inStream?: boolean;
};

/** Builds an error record as PowerShell sends it. */
export function buildErrorRecord(fields: ErrorRecordFields, form: ErrorRecordForm = {}): PsObject {
  const types = fields.exceptionTypes?.length ? fields.exceptionTypes : runtimeException;
  const category = fields.category ?? 'NotSpecified';
  const reason = fields.reason ?? (types[0] ?? '').split('.').at(-1) ?? '';
  const { activity = '', targetName = '', targetType = '' } = fields;
  const categoryMessage =
    fields.categoryMessage ?? `${category}: (${targetName}:${targetType}) [${activity}], ${reason}`;
  const exception =
    fields.exception ??
    buildException({
      message: fields.exceptionMessage,
      types,
      hResult: fields.hResult ?? null,
      innerException: fields.innerException ?? null,
      ...(fields.stackTrace === undefined ? {} : { stackTrace: fields.stackTrace }),
    });
  const invocation = fields.invocation ? completeInvocationInfo(fields.invocation) : null;
  const extended = form.extended === true && invocation !== null;
  const details: Record<string, PsValue> =
    fields.detailsMessage == null
      ? {}
      : {
          ErrorDetails_Message: fields.detailsMessage,
          ErrorDetails_RecommendedAction: fields.recommendedAction ?? '',
        };
  return psObject({
    typeNames: ['System.Management.Automation.ErrorRecord', 'System.Object'],
    text: fields.detailsMessage ?? fields.exceptionMessage,
    extended: {
      Exception: exception,
      TargetObject: fields.targetObject ?? null,
      FullyQualifiedErrorId: fields.fullyQualifiedErrorId,
      InvocationInfo: invocation === null ? null : buildInvocationInfo(invocation),
      ErrorCategory_Category: errorCategories.indexOf(category),
      ErrorCategory_Activity: activity,
      ErrorCategory_Reason: reason,
      ErrorCategory_TargetName: targetName,
      ErrorCategory_TargetType: targetType,
      ErrorCategory_Message: categoryMessage,
      ...details,
      SerializeExtendedInfo: extended,
      ...(extended ? buildFlatInvocationInfo(invocation) : {}),
      ...(extended ? { PipelineIterationInfo: buildIterationInfo(invocation) } : {}),
      ...(fields.scriptStackTrace == null ? {} : { ErrorDetails_ScriptStackTrace: fields.scriptStackTrace }),
      ...(form.inStream === true ? { PSMessageDetails: null } : {}),
    },
  });
}
