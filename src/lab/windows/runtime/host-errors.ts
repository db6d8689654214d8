import type { CallContext } from '../../evaluator/host.ts';
import { type ErrorRecord, errorCategories } from '../../evaluator/value.ts';
import type { HostErrorRecord } from '../../server/runspace-host.ts';

const shortName = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

/** An error of the language as the endpoint sends it. */
export const toHostError = (record: ErrorRecord, context: CallContext): HostErrorRecord => {
  const { exception, invocation } = record;
  const place = invocation?.position;
  return {
    message: record.details ?? exception.message,
    fullyQualifiedErrorId: record.id,
    category: errorCategories.indexOf(record.category),
    categoryActivity: record.activity,
    categoryReason: record.reason === '' ? shortName(exception.type) : record.reason,
    targetName:
      record.targetName === '' && record.target !== null && record.target !== undefined
        ? context.text(record.target)
        : record.targetName,
    targetType: record.targetType,
    exceptionTypes: [exception.type, 'System.Exception', 'System.Object'],
    hresult: exception.hresult | 0,
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
