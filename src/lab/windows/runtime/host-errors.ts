import type { CallContext } from '../../evaluator/host.ts';
import { toErrorFields } from '../../evaluator/to-clixml.ts';
import { type ErrorRecord, errorCategories } from '../../evaluator/value.ts';
import type { HostErrorRecord } from '../../server/runspace-host.ts';

/** An error of the language as the endpoint sends it. */
export const toHostError = (record: ErrorRecord, context: CallContext): HostErrorRecord => {
  const fields = toErrorFields(record, context);
  const place = record.invocation?.position;
  return {
    message: record.details ?? fields.exceptionMessage,
    fullyQualifiedErrorId: record.id,
    category: errorCategories.indexOf(record.category),
    exceptionTypes: fields.exceptionTypes ?? [record.exception.type],
    ...(fields.activity === undefined ? {} : { categoryActivity: fields.activity }),
    ...(fields.reason === undefined ? {} : { categoryReason: fields.reason }),
    ...(fields.targetName === undefined ? {} : { targetName: fields.targetName }),
    ...(fields.targetType === undefined ? {} : { targetType: fields.targetType }),
    ...(typeof fields.hResult === 'number' ? { hresult: fields.hResult } : {}),
    ...(place
      ? {
          position: {
            ...(place.file === undefined ? {} : { scriptName: place.file }),
            line: place.line,
            offset: place.column,
            text: place.lineText,
          },
        }
      : {}),
    ...(record.stack === undefined ? {} : { stackTrace: record.stack }),
  };
};
