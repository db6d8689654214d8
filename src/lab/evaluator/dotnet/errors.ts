import { defineType } from '../define.ts';
import { reasonOf, targetNameOf, targetTypeOf } from '../errors/report.ts';
import { Hashtable } from '../hashtable.ts';
import { enumValue, newObject, toValue } from '../make.ts';
import { ownRecordOf } from '../raise.ts';
import { frameOf } from '../registry-of.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { ErrorRecord, Exception, Value } from '../value.ts';
import { errorCategoryEnum } from './automation-enums.ts';
import { invocationInfoType } from './invocation-info.ts';

/** ErrorCategoryInfo. */
export const categoryInfoType: TypeDefinition<ErrorRecord> = defineType<ErrorRecord>({
  name: 'System.Management.Automation.ErrorCategoryInfo',
  properties: {
    Category: { get: (record) => enumValue(errorCategoryEnum, record.category) },
    Activity: { get: (record) => record.activity },
    Reason: { get: reasonOf },
    TargetName: { get: (record, context) => targetNameOf(record, frameOf(context)) },
    TargetType: { get: targetTypeOf },
  },
  methods: { GetMessage: (record, _args, context) => categoryText(record, targetNameOf(record, frameOf(context))) },
  toText: (record) =>
    categoryText(
      record,
      record.targetName === '' && typeof record.target === 'string' ? record.target : record.targetName,
    ),
});

const categoryText = (record: ErrorRecord, target: string): string =>
  `${record.category}: (${target}:${targetTypeOf(record)}) [${record.activity}], ${reasonOf(record)}`;

const detailsType: TypeDefinition<{ message: string; action: string }> = defineType<{
  message: string;
  action: string;
}>({
  name: 'System.Management.Automation.ErrorDetails',
  properties: {
    Message: { get: (details) => details.message },
    RecommendedAction: { get: (details) => details.action },
  },
  toText: (details) => details.message,
  construct: (context, [message]) => newObject(detailsType, { message: context.text(message), action: '' }),
});

/** ErrorRecord. */
export const errorRecordType = defineType<ErrorRecord>({
  name: 'System.Management.Automation.ErrorRecord',
  properties: {
    Exception: { get: (record) => record.exception },
    TargetObject: { get: (record) => record.target ?? null },
    CategoryInfo: { get: (record) => newObject(categoryInfoType, record) },
    FullyQualifiedErrorId: { get: (record) => record.id },
    ErrorDetails: {
      get: (record) =>
        record.details === undefined
          ? null
          : newObject(detailsType, { message: record.details, action: record.recommendedAction ?? '' }),
      set: (record, value, context) => {
        record.details = context.text(value);
      },
    },
    InvocationInfo: { get: (record) => (record.invocation ? newObject(invocationInfoType, record.invocation) : null) },
    ScriptStackTrace: { get: (record) => record.stack ?? '' },
    PipelineIterationInfo: { get: () => [] },
  },
});

/** ErrorDetails built by scripts. */
export const errorDetailsType = detailsType;

/** The HResult of an exception: its own or that of its type. */
export const hresultOf = (exception: Exception, defaults: (type: string) => number | undefined): number =>
  (exception.hresult !== 0 ? exception.hresult : (defaults(exception.type) ?? 0x80131500)) | 0;

/** System.Exception; properties of special types are found among `properties`. */
export const exceptionType = defineType<Exception>({
  name: 'System.Exception',
  properties: {
    Message: { get: (exception) => exception.message },
    InnerException: { get: (exception) => exception.inner ?? null },
    HResult: {
      get: (exception, context) =>
        hresultOf(exception, (type) => frameOf(context).session.registry.exceptions.get(type.toLowerCase())?.hresult),
    },
    Data: {
      get: (exception): Value => {
        exception.properties['Data'] ??= new Hashtable();
        return exception.properties['Data'];
      },
    },
    StackTrace: { get: () => null },
    Source: { get: () => null },
    TargetSite: { get: () => null, hidden: true },
    HelpLink: { get: () => null, hidden: true },
    ErrorRecord: {
      get: (exception) => exception.properties['ErrorRecord'] ?? ownRecordOf(exception) ?? null,
      hidden: true,
    },
  },
  dynamicProperties: (exception) => ({
    names: () => Object.keys(exception.properties).filter((name) => name !== 'Data'),
    get: (name) =>
      toValue(
        exception.properties[
          Object.keys(exception.properties).find((key) => key.toLowerCase() === name.toLowerCase()) ?? ''
        ],
      ),
  }),
  methods: {
    GetBaseException: (exception) => {
      let inner = exception;
      while (inner.inner) inner = inner.inner;
      return inner;
    },
  },
});
