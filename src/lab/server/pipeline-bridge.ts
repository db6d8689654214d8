import { type PsValue, psDictionary, psText } from '../../remote/protocol/clixml/values.ts';
import { errorCategories } from '../../remote/protocol/psrp/codes.ts';
import type { ErrorRecordFields } from '../../remote/protocol/psrp/error-record.ts';
import type { PipelineDefinition } from '../../remote/protocol/psrp/pipeline-definition.ts';
import type { RunspacePoolServer } from '../../remote/protocol/psrp/server.ts';
import type { HostErrorRecord, HostPipeline, PipelineSink } from './runspace-host.ts';

/** A pipeline of the wire as the simulated host gets it. */
export function toHostPipeline(
  definition: PipelineDefinition,
  input: AsyncIterable<PsValue> | undefined,
): HostPipeline {
  return {
    input,
    statements: definition.statements.map((statement) =>
      statement.map((command) => ({
        text: command.text,
        isScript: command.isScript,
        useLocalScope: command.useLocalScope ?? undefined,
        arguments: command.parameters.map(({ name, value }) => ({ name: name?.replace(/^-|:$/gu, ''), value })),
        mergeErrors: command.merge.myResult === 'Error' || command.merge.error === 'Output',
      })),
    ),
  };
}

/** A host's error record as it is written to the wire. */
export function toErrorFields(record: HostErrorRecord): ErrorRecordFields {
  const { position } = record;
  return {
    exceptionMessage: record.message,
    fullyQualifiedErrorId: record.fullyQualifiedErrorId,
    category: errorCategories[record.category] ?? 'NotSpecified',
    exceptionTypes: record.exceptionTypes,
    hResult: record.hresult === undefined ? null : record.hresult | 0,
    ...(record.categoryActivity === undefined ? {} : { activity: record.categoryActivity }),
    ...(record.categoryReason === undefined ? {} : { reason: record.categoryReason }),
    ...(record.targetName === undefined ? {} : { targetName: record.targetName }),
    ...(record.targetType === undefined ? {} : { targetType: record.targetType }),
    ...(record.stackTrace === undefined ? {} : { scriptStackTrace: record.stackTrace }),
    ...(position === undefined
      ? {}
      : {
          invocation: {
            line: position.text,
            scriptLineNumber: position.line,
            offsetInLine: position.offset,
            scriptName: position.scriptName ?? '',
            positionMessage: `At ${position.scriptName ?? 'line'}:${position.line} char:${position.offset}\n+ ${position.text.trim()}`,
          },
        }),
  };
}

/** The error of a pipeline that was stopped. */
export const stoppedError: ErrorRecordFields = {
  exceptionMessage: 'The pipeline has been stopped.',
  fullyQualifiedErrorId: 'PipelineStopped',
  category: 'OperationStopped',
  exceptionTypes: [
    'System.Management.Automation.PipelineStoppedException',
    'System.Management.Automation.RuntimeException',
    'System.SystemException',
    'System.Exception',
    'System.Object',
  ],
};

/** A sink that writes a pipeline's records to the wire. @param changed called after each */
export function makeSink(
  psrp: RunspacePoolServer,
  pipelineId: string,
  isLive: () => boolean,
  changed: () => void,
): PipelineSink {
  const write = (send: () => void) => {
    if (!isLive()) return;
    send();
    changed();
  };
  return {
    output: (value) => write(() => psrp.sendOutput(pipelineId, value)),
    error: (record) => write(() => psrp.sendError(pipelineId, toErrorFields(record))),
    warning: (message) => write(() => psrp.sendMessage(pipelineId, 'warning', message)),
    verbose: (message) => write(() => psrp.sendMessage(pipelineId, 'verbose', message)),
    debug: (message) => write(() => psrp.sendMessage(pipelineId, 'debug', message)),
    information: ({ data, source, tags }) =>
      write(() => psrp.sendInformation(pipelineId, { messageData: data, source, tags })),
    progress: (record) =>
      write(() =>
        psrp.sendProgress(pipelineId, {
          activity: record.activity,
          activityId: record.activityId,
          parentActivityId: record.parentActivityId,
          statusDescription: record.status,
          currentOperation: record.currentOperation,
          percentComplete: record.percent,
          secondsRemaining: record.secondsRemaining,
          type: record.completed ? 'Completed' : 'Processing',
        }),
      ),
  };
}

/** The private data that opens a session: `PSVersionTable`, versions typed as such. */
export function toPrivateData(versionTable: Readonly<Record<string, string>>): PsValue {
  const typeNames = [
    'System.Management.Automation.PSPrimitiveDictionary',
    'System.Collections.Hashtable',
    'System.Object',
  ];
  const entries = Object.entries(versionTable).map(([name, text]): [PsValue, PsValue] => [
    name,
    /^\d+(?:\.\d+){1,3}$/u.test(text) ? psText('version', text) : text,
  ]);
  return psDictionary([['PSVersionTable', psDictionary(entries, typeNames)]], typeNames);
}
