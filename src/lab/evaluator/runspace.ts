import { makeSource } from '../../powershell/source.ts';
import type { Argument } from './binding/signature.ts';
import { builtInExtensions } from './built-in.ts';
import { loadScript } from './compile/load-script.ts';
import { PowerShellError } from './define.ts';
import { failureRecord } from './errors/failure-record.ts';
import { stackOf } from './errors/report.ts';
import type { Call } from './frame.ts';
import { Frame } from './frame.ts';
import type { Extension, HostHooks, Task } from './host.ts';
import { toValue } from './make.ts';
import type { Limits, PipelineCommand, PipelineEnd, RunningPipeline, Runspace, Sink } from './pipeline.ts';
import { createRegistry } from './registry.ts';
import { calls } from './run/calls.ts';
import { drive } from './run/driver.ts';
import { guardSurface } from './run/guard-surface.ts';
import { importModule } from './run/import-module.ts';
import { setInitialVariables } from './run/initial-variables.ts';
import { makeProcessor } from './run/make-processor.ts';
import type { Processor } from './run/processor.ts';
import { runProcessors } from './run/run-pipeline.ts';
import { ScriptProcessor } from './run/script-processor.ts';
import { Session } from './session.ts';
import { ExitSignal, LoopSignal, ReturnSignal } from './signals.ts';
import type { Pipe, Streams } from './streams.ts';
import { nullPipe, sinkStreams } from './streams.ts';
import type { Surface } from './surface.ts';
import type { Value } from './value.ts';

/** What a runspace is made of. */
export type RunspaceOptions = {
  readonly hooks: HostHooks;
  /** What all sessions of a kind share, the built-in extensions among it (they alone by default). */
  readonly shared?: readonly Extension[];
  readonly extensions?: readonly Extension[];
  readonly limits?: Limits;
  readonly surface?: Surface;
};

type Input = Iterable<Value> | AsyncIterable<Value>;

const argumentsOf = (command: PipelineCommand): Argument[] =>
  (command.parameters ?? []).map(({ name, value }) =>
    name === undefined ? { value, hasValue: true } : { name: name.replace(/^-|:$/g, ''), value, hasValue: true },
  );

const merged = (streams: Streams, pipe: Pipe): Streams => ({
  emit: (record) => (record.stream === 'error' && !record.silent ? pipe.write(record.record) : streams.emit(record)),
});

const setUpCommand = (
  command: PipelineCommand,
  frame: Frame,
  out: Pipe,
  i: number,
  length: number,
  hasInput: boolean,
  status: { failed: boolean },
): Processor => {
  const setup = {
    frame,
    args: argumentsOf(command),
    out,
    streams: command.mergeErrors ? merged(frame.streams, out) : frame.streams,
    expectsInput: hasInput || i > 0,
    span: { start: 0, end: command.text.length },
    length,
    position: i + 1,
    status,
  };
  guardSurface(command, frame);
  if (!command.isScript) return makeProcessor(command.text, setup, false);
  const body = loadScript(command.text);
  const scope = command.useLocalScope ? { isScriptFile: true } : { scope: frame.session.global };
  return new ScriptProcessor({ body, name: '', command: null, filter: false, ...scope }, setup);
};

/** Objects from outside, asynchronous ones awaited one by one. */
function* feedFrom(input: Input, accept: (value: Value) => Task<void> | undefined): Task<void> {
  if (Symbol.iterator in input) {
    for (const value of input) yield* accept(toValue(value)) ?? [];
    return;
  }
  const iterator = input[Symbol.asyncIterator]();
  for (;;) {
    // The driver hands the value of a settled promise back in.
    const step = (yield iterator.next()) as IteratorResult<Value>;
    if (step.done) return;
    yield* accept(toValue(step.value)) ?? [];
  }
}

/** Makes the script's own task of a pipeline. */
function* runCommands(
  session: Session,
  commands: readonly PipelineCommand[],
  sink: Sink,
  input: Input | undefined,
): Task<number | undefined> {
  const source = makeSource(commands.map((command) => command.text).join(' | '));
  const call: Call = {
    name: '',
    source,
    invocation: undefined,
    caller: undefined,
    at: { start: 0, end: source.text.length },
  };
  const output: Pipe = { write: (value) => void (value === undefined || sink.output(value)) };
  const frame = new Frame(session, session.global, output, sinkStreams(sink), call);
  session.frame = frame;
  const status = { failed: false };
  try {
    const processors: Processor[] = [];
    for (const [i, command] of commands.entries()) {
      const isLast = i === commands.length - 1;
      const pipe: Pipe = isLast ? output : { write: (value) => processors[i + 1]?.process(value) };
      processors.push(setUpCommand(command, frame, pipe, i, commands.length, input !== undefined, status));
    }
    yield* runProcessors(processors, frame, input && ((accept) => feedFrom(input, accept)), status) ?? [];
    return undefined;
  } catch (signal) {
    if (signal instanceof ExitSignal) return signal.code;
    if (signal instanceof ReturnSignal || signal instanceof LoopSignal) return undefined;
    throw signal;
  }
}

/** Makes a runspace: functions and variables stay from pipeline to pipeline. One pipeline runs at a time. */
export const createRunspace = (options: RunspaceOptions): Runspace => {
  const registry = createRegistry(options.shared ?? builtInExtensions, options.extensions);
  const session = new Session(registry, options.hooks, options.limits ?? {}, calls, loadScript, options.surface);
  setInitialVariables(session);
  const idleSource = makeSource('');
  const idleCall: Call = {
    name: '',
    source: idleSource,
    invocation: undefined,
    caller: undefined,
    at: undefined,
  };
  const idle = new Frame(session, session.global, nullPipe, { emit: () => undefined }, idleCall);
  session.frame = idle;
  let busy = false;
  const stackTrace = (): string => (session.frame === undefined ? '' : stackOf(session.frame.call));
  const start = (commands: readonly PipelineCommand[], sink: Sink, input?: Input): RunningPipeline => {
    if (busy) throw new Error('the runspace already runs a pipeline');
    busy = true;
    let hadErrors = false;
    const watched: Sink = {
      ...sink,
      output: (value) => sink.output(toValue(value)),
      error: (record) => {
        hadErrors = true;
        sink.error(record);
      },
    };
    session.startPipeline();
    const running = drive(session, () => runCommands(session, commands, watched, input));
    let stoppedAt = '';
    const done = running.done.then((end): PipelineEnd => {
      busy = false;
      session.frame = idle;
      switch (end.kind) {
        case 'stopped':
          return stoppedAt === '' ? { kind: 'stopped' } : { kind: 'stopped', stack: stoppedAt };
        case 'thrown':
          if (end.error instanceof PowerShellError) session.remember(end.error.record);
          return { kind: 'failed', error: failureRecord(end.error) };
        case 'value':
          return end.value === undefined
            ? { kind: 'completed', hadErrors }
            : { kind: 'completed', hadErrors, exitCode: end.value };
      }
    });
    return {
      done,
      stop: async () => {
        stoppedAt ||= stackTrace();
        running.stop();
        await done;
      },
      kill: () => running.kill(),
    };
  };
  return {
    context: idle.context,
    run: start,
    importModule: async (text, file) => {
      const end = await drive(session, () => importModule(idle, text, file)).done;
      session.frame = idle;
      if (end.kind === 'thrown') throw end.error;
    },
    setVariable: (name, value) => void session.global.put(name, value),
    stackTrace,
    getVariable: (name) => session.global.find(name.toLowerCase())?.value,
  };
};
