import { defineType, netError } from '../evaluator/define.ts';
import {
  debugRecordType,
  informationRecordType,
  verboseRecordType,
  warningRecordType,
} from '../evaluator/dotnet/stream-records.ts';
import type { ProgressRecord } from '../evaluator/host.ts';
import { exception, newObject, stateOf } from '../evaluator/make.ts';
import type { PipelineCommand, PipelineEnd, Sink } from '../evaluator/pipeline.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import type { Value } from '../evaluator/value.ts';
import {
  addData,
  type DataCollection,
  dataCollectionOf,
  dataCollectionType,
  newDataCollection,
} from './data-collection.ts';
import { type Notice, noticeOf } from './notice-types.ts';
import type { Runner } from './runner.ts';
import { runspaceType } from './runspace-type.ts';

const streamNames = ['Error', 'Warning', 'Verbose', 'Debug', 'Information', 'Progress'] as const;
type Streams = Readonly<Record<(typeof streamNames)[number], DataCollection>>;

type State = {
  runspace: Value;
  command: PipelineCommand | undefined;
  readonly parameters: { readonly name: string; readonly value: Value }[];
  readonly streams: Streams;
  readonly notices: Set<Notice>;
  state: string;
  reason: Value;
  running: ReturnType<Runner['run']> | undefined;
};

const infoType = defineType<State>({
  name: 'System.Management.Automation.PSInvocationStateInfo',
  properties: { State: { get: ({ state }) => state }, Reason: { get: ({ reason }) => reason } },
});

const streamsType = defineType<Streams>({
  name: 'System.Management.Automation.PSDataStreams',
  properties: Object.fromEntries(
    streamNames.map((name) => [name, { get: (streams: Streams) => newObject(dataCollectionType, streams[name]) }]),
  ),
});

const progressType = defineType<ProgressRecord>({
  name: 'System.Management.Automation.ProgressRecord',
  properties: {
    Activity: { get: ({ activity }) => activity },
    ActivityId: { get: ({ activityId }) => activityId },
    StatusDescription: { get: ({ status }) => status },
    PercentComplete: { get: ({ percent }) => percent },
    RecordType: { get: ({ type }) => type },
  },
});

const change = (shell: State, state: string, reason: Value = null): void => {
  shell.state = state;
  shell.reason = reason;
  for (const notice of shell.notices) notice();
};

const sinkOf = ({ streams }: State, output: DataCollection): Sink => ({
  output: (value) => addData(output, value),
  error: (record) => addData(streams.Error, record),
  warning: (text) => addData(streams.Warning, newObject(warningRecordType, text)),
  verbose: (text) => addData(streams.Verbose, newObject(verboseRecordType, text)),
  debug: (text) => addData(streams.Debug, newObject(debugRecordType, text)),
  information: (record) => addData(streams.Information, newObject(informationRecordType, record)),
  progress: (record) => addData(streams.Progress, newObject(progressType, record)),
});

const conclude = (shell: State, end: PipelineEnd): void => {
  if (end.kind === 'completed') return change(shell, 'Completed');
  if (end.kind === 'stopped') {
    const type = 'System.Management.Automation.PipelineStoppedException';
    return change(shell, 'Stopped', exception(type, 'The pipeline has been stopped.'));
  }
  const { exception: thrown } = end.error;
  const properties = { ...thrown.properties, ErrorRecord: end.error };
  change(shell, 'Failed', { ...thrown, properties });
};

const begin = (shell: State, output: DataCollection): Value => {
  const runner = stateOf(shell.runspace, runspaceType)?.runner;
  if (!runner || !shell.command) throw netError('System.InvalidOperationException', 'There is nothing to run.');
  change(shell, 'Running');
  shell.running = runner.run({ ...shell.command, parameters: shell.parameters }, sinkOf(shell, output));
  void shell.running.done.then((end) => conclude(shell, end));
  return null;
};

const powerShellType: TypeDefinition<State> = defineType<State>({
  name: 'System.Management.Automation.PowerShell',
  aliases: ['powershell'],
  properties: {
    Runspace: {
      get: ({ runspace }) => runspace,
      set: (shell, value) => {
        shell.runspace = value;
      },
    },
    Streams: { get: ({ streams }) => newObject(streamsType, streams) },
    InvocationStateInfo: { get: (shell) => newObject(infoType, shell) },
  },
  methods: {
    AddScript: (shell, [text, useLocalScope], context) => {
      const isLocal = useLocalScope !== undefined && context.isTrue(useLocalScope);
      shell.command = { text: context.text(text), isScript: true, useLocalScope: isLocal };
      return newObject(powerShellType, shell);
    },
    AddCommand: (shell, [name], context) => {
      shell.command = { text: context.text(name), isScript: false };
      return newObject(powerShellType, shell);
    },
    AddParameter: (shell, [name, value], context) => {
      shell.parameters.push({ name: context.text(name), value });
      return newObject(powerShellType, shell);
    },
    add_InvocationStateChanged: ({ notices }, [notice]) => void notices.add(noticeOf(notice)),
    BeginInvoke: (shell, [, output]) => begin(shell, dataCollectionOf(output) ?? newDataCollection()),
    BeginStop: ({ running }) => void running?.stop(),
    Dispose: () => undefined,
  },
  statics: {
    methods: {
      Create: () =>
        newObject(powerShellType, {
          runspace: null,
          command: undefined,
          parameters: [],
          streams: {
            Error: newDataCollection(),
            Warning: newDataCollection(),
            Verbose: newDataCollection(),
            Debug: newDataCollection(),
            Information: newDataCollection(),
            Progress: newDataCollection(),
          },
          notices: new Set<Notice>(),
          state: 'NotStarted',
          reason: null,
          running: undefined,
        }),
    },
  },
});

/** Nothing of its settings changes what the stand-in does. */
const settingsType: TypeDefinition<{ remote: Value }> = defineType<{ remote: Value }>({
  name: 'System.Management.Automation.PSInvocationSettings',
  properties: {
    RemoteStreamOptions: {
      get: ({ remote }) => remote,
      set: (settings, value) => {
        settings.remote = value;
      },
    },
  },
  construct: () => newObject(settingsType, { remote: null }),
});

/** PowerShell: a pipeline that runs beside the one that began it. */
export const powerShellTypes: readonly TypeDefinition[] = [
  powerShellType as TypeDefinition,
  settingsType as TypeDefinition,
  infoType as TypeDefinition,
  streamsType as TypeDefinition,
  progressType as TypeDefinition,
  dataCollectionType as TypeDefinition,
];
