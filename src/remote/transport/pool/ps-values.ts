import type { PsInput, Revealable, ScriptErrorRecord, StreamRecord } from '../../powershell/remote-shell.ts';
import { SecureText } from '../../protocol/clixml/secure-text.ts';
import { toPlain } from '../../protocol/clixml/to-plain.ts';
import { toPs } from '../../protocol/clixml/to-ps.ts';
import { type PsValue, psDictionary, psList } from '../../protocol/clixml/values.ts';
import type { ClientEvent } from '../../protocol/psrp/client-events.ts';
import type { ErrorRecord } from '../../protocol/psrp/error-record.ts';

/** A caller's value as it travels; secrets become SecureStrings, or what `secret` makes of them. @throws Failure `protocol-error` for what has no counterpart */
export function inputToPs(
  value: PsInput,
  secret: (value: Revealable) => PsValue = (value) => new SecureText(value.reveal()),
): PsValue {
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array)
    return toPs(value);
  if (isList(value)) return psList(value.map((item) => inputToPs(item, secret)));
  if (isRevealable(value)) return secret(value);
  return psDictionary(Object.entries(value).map(([name, item]) => [name, inputToPs(item, secret)]));
}

// Array.isArray alone does not narrow readonly arrays.
const isList = (value: object): value is readonly PsInput[] => Array.isArray(value);

function isRevealable(value: object): value is Revealable {
  return 'reveal' in value && typeof value.reveal === 'function';
}

/** An error record of the wire as callers see it. */
export function toScriptError(record: ErrorRecord): ScriptErrorRecord {
  const place = record.invocation;
  return {
    message: record.message,
    fqid: record.fullyQualifiedErrorId,
    category: record.category,
    ...(record.reason ? { reason: record.reason } : {}),
    ...(record.targetName ? { targetName: record.targetName } : {}),
    ...(record.exceptionType ? { exceptionType: record.exceptionType } : {}),
    ...(record.hResult === null ? {} : { hresult: record.hResult >>> 0 }),
    ...(place && place.scriptLineNumber > 0
      ? {
          position: {
            line: place.scriptLineNumber,
            offset: place.offsetInLine,
            ...(place.scriptName ? { scriptName: place.scriptName } : {}),
            ...(place.line ? { text: place.line } : {}),
          },
        }
      : {}),
    ...(record.scriptStackTrace ? { stackTrace: record.scriptStackTrace } : {}),
  };
}

/** A record of a stream other than output; undefined for events that are none. */
export function toStreamRecord(event: ClientEvent): StreamRecord | undefined {
  switch (event.kind) {
    case 'error':
      return { kind: 'error', error: toScriptError(event.record) };
    case 'warning':
    case 'verbose':
    case 'debug':
      return { kind: event.kind, message: event.record.message };
    case 'information': {
      const { message, messageData, tags, source } = event.record;
      return { kind: 'information', message, data: toPlain(messageData), tags, ...(source ? { source } : {}) };
    }
    case 'progress': {
      const { activity, activityId, statusDescription, percentComplete, type } = event.record;
      return {
        kind: 'progress',
        activity,
        activityId,
        completed: type === 'Completed',
        ...(statusDescription ? { status: statusDescription } : {}),
        ...(percentComplete < 0 ? {} : { percent: percentComplete }),
      };
    }
    default:
      return undefined;
  }
}
