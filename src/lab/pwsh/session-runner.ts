import {
  type PsInput,
  type RemoteCall,
  type RemoteShell,
  type ScriptErrorRecord,
  type StreamRecord,
  scriptErrorOf,
} from '../../remote/powershell/remote-shell.ts';
import { toDate } from '../../remote/protocol/clixml/date-time.ts';
import { SecureText } from '../../remote/protocol/clixml/secure-text.ts';
import { toPlain } from '../../remote/protocol/clixml/to-plain.ts';
import { toPs } from '../../remote/protocol/clixml/to-ps.ts';
import { isPsTagged, type PsValue } from '../../remote/protocol/clixml/values.ts';
import { textOf } from '../../remote/protocol/psrp/fields.ts';
import { fromClixml } from '../evaluator/from-clixml.ts';
import type { CallContext } from '../evaluator/host.ts';
import { customObject, exception } from '../evaluator/make.ts';
import type { PipelineCommand, PipelineEnd, Sink } from '../evaluator/pipeline.ts';
import { toClixml } from '../evaluator/to-clixml.ts';
import { type ErrorRecord, errorCategories, type Value } from '../evaluator/value.ts';
import { secureString } from '../windows/types/secrets.ts';
import type { Runner } from './runner.ts';

/** How deep parameters go over the wire; they have been through CLIXML before. */
const parameterDepth = 50;
const transportException = 'System.Management.Automation.Remoting.PSRemotingTransportException';

/**
 * Runs pipelines in a session that another transport of ours has opened: `New-PSSession` of the stand-in. Output comes as plain values, all of
 * it at the end.
 * @param lost called when the session is gone
 */
export const sessionRunner = (shell: RemoteShell, context: CallContext, lost: () => void): Runner => ({
  run: (command, sink) => {
    const stopper = new AbortController();
    const reason = new Error('stopped');
    const call = shell.invoke(toCall(command, context), {
      signal: stopper.signal,
      onStream: (record) => writeRecord(record, sink, context),
    });
    const done = call.then(
      ({ output }): PipelineEnd => {
        for (const value of output) sink.output(toValue(value, context));
        return { kind: 'completed', hadErrors: false };
      },
      (error: unknown): PipelineEnd => {
        if (error === reason) return { kind: 'stopped' };
        const ofScript = scriptErrorOf(error);
        if (!ofScript) lost();
        return { kind: 'failed', error: ofScript ? toRecord(ofScript) : transportError(error) };
      },
    );
    return {
      done,
      stop: async () => {
        stopper.abort(reason);
        await done;
      },
    };
  },
});

const toValue = (plain: unknown, context: CallContext): Value => fromClixml(toPs(plain), context, { secureString });

const toCall = ({ text, isScript, useLocalScope, parameters }: PipelineCommand, context: CallContext): RemoteCall => {
  const inputs = Object.fromEntries(
    (parameters ?? []).map(({ name, value }) => [name ?? '', toInput(toClixml(value, context, parameterDepth))]),
  );
  return isScript
    ? { kind: 'script', text, parameters: inputs, useLocalScope: useLocalScope ?? false }
    : { kind: 'command', name: text, parameters: inputs };
};

/** A value as a caller hands it over; only types that callers have come here. */
const toInput = (value: PsValue): PsInput => {
  if (!isPsTagged(value)) return value;
  if (value instanceof SecureText) return value;
  if (value.kind === 'dateTime') return toDate(value);
  if (value.kind === 'object') {
    if (value.base?.kind === 'dictionary')
      return Object.fromEntries(value.base.entries.map(([key, item]) => [textOf(key) ?? '', toInput(item)]));
    if (value.base !== null && 'items' in value.base) return value.base.items.map(toInput);
  }
  return toPlain(value);
};

const isTable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const writeRecord = (record: StreamRecord, sink: Sink, context: CallContext): void => {
  switch (record.kind) {
    case 'error':
      return sink.error(toRecord(record.error));
    case 'information': {
      const { message, data, tags, source = '' } = record;
      const value = isTable(data)
        ? Object.assign(customObject(Object.entries(data).map(([name, item]) => [name, toValue(item, context)])), {
            text: message,
          })
        : toValue(data, context);
      return sink.information({ data: value, tags, source, timeTicks: 0n });
    }
    case 'progress': {
      const { activity, activityId, status = '', percent = -1, completed } = record;
      const type = completed ? 'Completed' : 'Processing';
      const rest = { parentId: -1, currentOperation: '', secondsRemaining: -1 };
      return sink.progress({ activity, activityId, status, percent, type, ...rest });
    }
    default:
      return sink[record.kind](record.message);
  }
};

const transportError = (error: unknown): ErrorRecord =>
  toRecord({
    message: error instanceof Error ? error.message : String(error),
    fqid: 'PSSessionStateBroken',
    category: 'OpenError',
    exceptionType: transportException,
  });

/** An error of a host as the language holds it. */
export const toRecord = (error: ScriptErrorRecord): ErrorRecord => {
  const { position } = error;
  const at = {
    line: position?.line ?? 0,
    column: position?.offset ?? 0,
    endLine: position?.line ?? 0,
    endColumn: position?.offset ?? 0,
    offset: 0,
    text: '',
    lineText: position?.text ?? '',
    file: position?.scriptName,
  };
  return {
    kind: 'error',
    exception: exception(
      error.exceptionType ?? 'System.Exception',
      error.message,
      error.hresult === undefined ? {} : { hresult: error.hresult },
    ),
    id: error.fqid,
    category: errorCategories.find((name) => name === error.category) ?? 'NotSpecified',
    activity: '',
    reason: error.reason ?? '',
    targetName: error.targetName ?? '',
    targetType: '',
    target: null,
    ...(position ? { invocation: { commandName: '', command: null, position: at, bound: undefined } } : {}),
    ...(error.stackTrace === undefined ? {} : { stack: error.stackTrace }),
  };
};
