import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { localFromUnixMs, newObject, stateOf, timeSpanFromMs } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { launchProgram, type RunningProgram } from '../programs/launch.ts';
import { isOutside } from '../programs/outside-programs.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { outsideProperties } from './outside.ts';
import { type StartInfo, startInfoDefaults, startInfoType } from './process-start-info.ts';
import { textReader } from './stream-text.ts';
import { codecOfEncoding, codePagesOf, decodeText } from './text-codec.ts';

type ProcessState = {
  readonly machine: Machine;
  process: SimulatedProcess | undefined;
  running: RunningProgram | undefined;
  info: Instance<StartInfo> | undefined;
};

const need = (state: ProcessState): SimulatedProcess => {
  if (!state.process) throw netError('System.InvalidOperationException', 'No process is associated with this object.');
  return state.process;
};

const redirected = (state: ProcessState, name: 'StandardOutput' | 'StandardError'): RunningProgram => {
  const isOn = state.info?.state.values.get(`Redirect${name}`) === true;
  if (!isOn || !state.running) {
    throw netError(
      'System.InvalidOperationException',
      `${name === 'StandardOutput' ? 'StandardOut' : name} has not been redirected or the process hasn't started yet.`,
    );
  }
  return state.running;
};

const readAll = (state: ProcessState, name: 'StandardOutput' | 'StandardError', context: CallContext): string => {
  const running = redirected(state, name);
  const encoding = state.info?.state.values.get(`${name}Encoding`);
  const page =
    encoding === null || encoding === undefined
      ? codePagesOf(state.machine).oem
      : codecOfEncoding(encoding, context).codePage;
  return decodeText(Buffer.concat(name === 'StandardOutput' ? running.output : running.errors), page);
};

type Pipe = {
  readonly owner: ProcessState;
  readonly name: 'StandardOutput' | 'StandardError';
  rest: Instance | undefined;
};

const pipeReader = (pipe: Pipe, context: CallContext): Instance => {
  pipe.rest ??= textReader(readAll(pipe.owner, pipe.name, context)) as Instance;
  return pipe.rest;
};

/** A task that is done when the process has ended; its result is the text. */
const readTaskType = defineType<Pipe>({
  name: 'System.Threading.Tasks.Task`1[[System.String]]',
  aliases: ['System.Threading.Tasks.Task'],
  properties: {
    IsCompleted: { get: ({ owner }) => need(owner).ended.fired },
    Result: {
      get: (pipe, context) =>
        need(pipe.owner).ended.fired
          ? readAll(pipe.owner, pipe.name, context)
          : context.unsupported('Task.Result before the process has ended'),
    },
  },
  methods: {
    *Wait({ owner }, args, context) {
      yield owner.machine.clock.wait(
        actorOf(context).pid,
        args.length > 0 ? Number(context.text(args[0])) : Number.POSITIVE_INFINITY,
        need(owner).ended,
      );
      return args.length > 0 ? need(owner).ended.fired : undefined;
    },
  },
});

const pipeType = defineType<Pipe>({
  // The language finds members by type name, so the reader of a pipe needs one of its own.
  name: 'System.Diagnostics.ProcessStreamReader',
  bases: ['System.IO.StreamReader', 'System.IO.TextReader', 'System.IDisposable'],
  properties: {
    EndOfStream: {
      get: (pipe, context) =>
        pipeReader(pipe, context).type.properties?.['EndOfStream']?.get(pipeReader(pipe, context).state, context) ??
        true,
    },
  },
  methods: {
    ReadToEndAsync: (pipe) => newObject(readTaskType, pipe),
    *ReadToEnd(pipe, args, context) {
      yield pipe.owner.machine.clock.wait(actorOf(context).pid, Number.POSITIVE_INFINITY, need(pipe.owner).ended);
      const reader = pipeReader(pipe, context);
      return reader.type.methods?.['ReadToEnd']?.(reader.state, args, context) as Value;
    },
    *ReadLine(pipe, args, context) {
      yield pipe.owner.machine.clock.wait(actorOf(context).pid, Number.POSITIVE_INFINITY, need(pipe.owner).ended);
      const reader = pipeReader(pipe, context);
      return reader.type.methods?.['ReadLine']?.(reader.state, args, context) as Value;
    },
    Dispose: () => undefined,
    Close: () => undefined,
  },
});

const start = (state: ProcessState, info: Instance<StartInfo>, context: CallContext): boolean => {
  const { machine, process: parent } = actorOf(context);
  const text = (name: string): string => context.text(info.state.values.get(name) ?? startInfoDefaults[name] ?? '');
  const running = launchProgram(
    machine,
    parent,
    text('FileName'),
    text('Arguments'),
    info.state.values.get('RedirectStandardOutput') === true,
  );
  if (!running && isOutside(text('FileName'))) return context.unsupported(`the program ${text('FileName')}`);
  if (!running) {
    throw netError('System.ComponentModel.Win32Exception', 'The system cannot find the file specified', {
      hresult: 0x80004005,
      properties: { NativeErrorCode: 2 },
    });
  }
  Object.assign(state, { process: running.process, running, info });
  return true;
};

/** System.Diagnostics.Process: of the machine's processes, or started here with redirected output. */
export const processType: TypeDefinition<ProcessState> = defineType<ProcessState>({
  name: 'System.Diagnostics.Process',
  bases: ['System.ComponentModel.Component', 'System.MarshalByRefObject', 'System.IDisposable'],
  properties: {
    ...outsideProperties(
      'System.Diagnostics.Process',
      'BasePriority ExitTime Handle HandleCount MachineName MainModule MainWindowHandle MainWindowTitle MaxWorkingSet MinWorkingSet Modules NonpagedSystemMemorySize64 PagedMemorySize64 PagedSystemMemorySize64 PeakPagedMemorySize64 PeakVirtualMemorySize64 PeakWorkingSet64 PriorityBoostEnabled PriorityClass PrivateMemorySize64 PrivilegedProcessorTime ProcessorAffinity SafeHandle StandardInput Threads UserProcessorTime VirtualMemorySize64 EnableRaisingEvents Company Description FileVersion Product ProductVersion',
    ),
    Name: { aliasOf: 'ProcessName', get: (state) => need(state).name },
    ProcessName: { type: 'System.String', get: (state) => need(state).name },
    Id: { type: 'System.Int32', get: (state) => need(state).pid },
    SI: { aliasOf: 'SessionId', get: (state) => need(state).sessionId },
    SessionId: { type: 'System.Int32', get: (state) => need(state).sessionId },
    StartTime: {
      type: 'System.DateTime',
      get: (state) => localFromUnixMs(need(state).startedWallMs, state.machine.timeZone.offsetMinutes),
    },
    Path: { type: 'System.String', get: (state) => need(state).path || null },
    HasExited: { type: 'System.Boolean', get: (state) => need(state).ended.fired },
    ExitCode: {
      type: 'System.Int32',
      get: (state) => {
        const { ended, exitCode } = need(state);
        if (!ended.fired)
          throw netError(
            'System.InvalidOperationException',
            'Process must exit before requested information can be determined.',
          );
        return (exitCode ?? 0) | 0;
      },
    },
    Handles: { type: 'System.Int32', get: () => 200 },
    WorkingSet64: { type: 'System.Int64', get: () => 50_331_648 },
    CPU: { get: () => 1.5 },
    TotalProcessorTime: { get: () => timeSpanFromMs(1500) },
    Responding: { type: 'System.Boolean', get: () => true },
    StartInfo: {
      get: (state) => (state.info ??= newObject(startInfoType, { values: new Map() })),
      set: (state, value) => {
        const info = stateOf(value, startInfoType);
        if (info) state.info = value as Instance<StartInfo>;
      },
    },
    StandardOutput: {
      hidden: true,
      get: (state) => newObject(pipeType, { owner: state, name: 'StandardOutput', rest: undefined }),
    },
    StandardError: {
      hidden: true,
      get: (state) => newObject(pipeType, { owner: state, name: 'StandardError', rest: undefined }),
    },
  },
  methods: {
    Start: (state, _args, context) =>
      start(state, state.info ?? newObject(startInfoType, { values: new Map() }), context),
    *WaitForExit(state, args, context) {
      const { ended } = need(state);
      if (args.length === 0) {
        yield state.machine.clock.wait(actorOf(context).pid, Number.POSITIVE_INFINITY, ended);
        return undefined;
      }
      yield state.machine.clock.wait(actorOf(context).pid, Number(context.text(args[0])), ended);
      return ended.fired;
    },
    *Kill(state, _args, context) {
      const { pid, ended } = need(state);
      if (!ended.fired) yield state.machine.processes.end(pid, -1, actorOf(context).pid);
      return undefined;
    },
    *CloseMainWindow(state, _args, context) {
      // Windows can be seen from their own session only; services have none.
      const { pid, ended, sessionId } = need(state);
      const actor = actorOf(context);
      if (ended.fired || sessionId === 0 || sessionId !== actor.process.sessionId) return false;
      yield state.machine.processes.end(pid, 0, actor.pid);
      return true;
    },
    Refresh: () => undefined,
    Close: () => undefined,
    Dispose: () => undefined,
  },
  toText: (state) => `System.Diagnostics.Process (${state.process?.name ?? ''})`,
  construct: (context) =>
    newObject(processType, {
      machine: actorOf(context).machine,
      process: undefined,
      running: undefined,
      info: undefined,
    }),
  statics: {
    methods: {
      Start: (args, context) => {
        const { machine } = actorOf(context);
        const state: ProcessState = { machine, process: undefined, running: undefined, info: undefined };
        const given = stateOf(args[0], startInfoType);
        const values = new Map<string, Value>([
          ['FileName', given ? '' : context.text(args[0])],
          ['Arguments', args.length > 1 ? context.text(args[1]) : ''],
        ]);
        start(state, given ? (args[0] as Instance<StartInfo>) : newObject(startInfoType, { values }), context);
        return newObject(processType, state);
      },
      GetCurrentProcess: (_args, context) => processObject(actorOf(context).machine, actorOf(context).process),
      GetProcessById: (args, context) => {
        const { machine } = actorOf(context);
        const id = Number(context.text(args[0]));
        const process = machine.processes.get(id);
        if (!process) throw netError('System.ArgumentException', `Process with an Id of ${id} is not running.`);
        return processObject(machine, process);
      },
      GetProcessesByName: (args, context) => {
        const { machine } = actorOf(context);
        const name = context.text(args[0]).toLowerCase();
        return machine.processes
          .all()
          .filter((process) => process.name.toLowerCase() === name)
          .map((process) => processObject(machine, process));
      },
      GetProcesses: (_args, context) => {
        const { machine } = actorOf(context);
        return machine.processes.all().map((process) => processObject(machine, process));
      },
    },
  },
});

/** The object of a process of the machine. */
export const processObject = (machine: Machine, process: SimulatedProcess): Instance<ProcessState> =>
  newObject(processType, { machine, process, running: undefined, info: undefined });

/** The process behind an object; `undefined` for other values. */
export const processOf = (value: Value): SimulatedProcess | undefined => stateOf(value, processType)?.process;
