import { Failure } from '../../kernel/failure.ts';
import { psList } from '../../remote/protocol/clixml/values.ts';
import type { ClientEvent } from '../../remote/protocol/psrp/client-events.ts';
import { errorCategories } from '../../remote/protocol/psrp/codes.ts';
import type { ErrorRecord } from '../../remote/protocol/psrp/error-record.ts';
import type { HostCall } from '../../remote/protocol/psrp/host-calls.ts';
import type {
  HostErrorRecord,
  HostPipeline,
  HostRunspace,
  PipelineEnd,
  PipelineSink,
  RunningPipeline,
} from '../server/runspace-host.ts';
import type { Machine } from '../windows/machine/machine.ts';
import type { SimulatedProcess } from '../windows/machine/processes.ts';
import { versionsOf } from '../windows/runtime/language-host.ts';
import { openPreparedSession } from './prepare-session.ts';
import type { PwshSession } from './pwsh-session.ts';
import { SimulatorDoor } from './simulator-door.ts';

type Open = { readonly session: PwshSession; readonly door: SimulatorDoor };

/** A shell whose scripts a real PowerShell evaluates, while its simulated commands and types stay the machine's. */
export class PwshRunspace implements HostRunspace {
  readonly killed: Promise<void>;
  readonly versionTable: Readonly<Record<string, string>>;
  readonly #machine: Machine;
  readonly #process: SimulatedProcess;
  readonly #ready: Promise<Open>;
  readonly #keepsClock: boolean;
  #exitCode: number | undefined;

  /**
   * @param machine where the shell lives
   * @param process the shell's process; the PowerShell ends with it
   * @param executable the PowerShell to start
   * @param keepsClock whether pipelines count as computing of the process; not where that counts by itself, as for a task's
   */
  constructor(machine: Machine, process: SimulatedProcess, executable: string, keepsClock = true) {
    this.#keepsClock = keepsClock;
    this.#machine = machine;
    this.#process = process;
    this.versionTable = versionsOf(machine);
    this.#ready = open(machine, process, executable);
    // Whoever runs the first pipeline hears of it.
    this.#ready.catch(() => undefined);
    this.killed = new Promise((resolve) => {
      process.ended.listen(() => {
        this.#ready.then(end, () => undefined);
        resolve();
      });
    });
  }

  get processId(): number {
    return this.#process.pid;
  }

  /** What the last script that said `exit` gave. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  #take({ method, parameters }: HostCall): void {
    const [code] = parameters;
    if (method === 'SetShouldExit' && typeof code === 'number') this.#exitCode = code;
  }

  run(pipeline: HostPipeline, sink: PipelineSink): RunningPipeline {
    const stopClock = this.#keepsClock ? this.#machine.clock.runCall(this.#process.pid) : () => undefined;
    let isStopped = false;
    let isOver = false;
    let running: Open | undefined;
    const runAll = async (): Promise<PipelineEnd> => {
      try {
        running = await this.#ready;
        if (isStopped) return { state: 'stopped' };
        const statements = await rewritten(running.session, pipeline.statements);
        // A stop may have come while the text was read.
        if (isStopped) return { state: 'stopped' };
        running.door.takeUnsupported();
        const end = await running.session.run(statements, pipeline.input, (event) => {
          if (event.kind === 'hostCall') this.#take(event.call);
          else relay(event, sink);
        });
        const unsupported = running.door.takeUnsupported();
        if (unsupported !== undefined) return { state: 'failed', error: unsupportedError(unsupported) };
        if (end.state === 'failed' && end.error) return { state: 'failed', error: toHostError(end.error) };
        return end.state === 'completed' ? { state: 'completed' } : { state: 'stopped' };
      } catch (error) {
        if (this.#process.ended.fired) return { state: 'stopped' };
        if (error instanceof Failure && error.code === 'lab-unsupported')
          return { state: 'failed', error: unsupportedError(error.message) };
        throw error;
      }
    };
    const done = runAll().finally(() => {
      isOver = true;
      stopClock();
    });
    return {
      done,
      stop: () => {
        // The client takes its leave of each pipeline; by then the next one may run.
        if (isOver) return;
        isStopped = true;
        running?.door.stop();
        running?.session.stop();
      },
    };
  }

  close(): void {
    if (this.#machine.processes.get(this.#process.pid) === this.#process)
      void this.#machine.processes.end(this.#process.pid, 0);
  }
}

const open = async (machine: Machine, process: SimulatedProcess, executable: string): Promise<Open> => {
  const door = await SimulatorDoor.open(machine, process);
  try {
    return { door, session: await openPreparedSession({ machine, process, door, executable }) };
  } catch (error) {
    door.close();
    throw error;
  }
};

const end = ({ session, door }: Open): void => {
  door.close();
  session.kill();
};

type Statements = HostPipeline['statements'];

/** The pipeline with each script read by the bridge, so that nothing in it asks the wrong machine. */
const rewritten = async (session: PwshSession, statements: Statements) => {
  const scripts = statements.flat().filter(({ isScript }) => isScript);
  const texts: string[] = [];
  if (scripts.length > 0) {
    const text = 'param($Texts) foreach ($each in $Texts) { [Kintsugi.Lab.Script]::Rewrite($each) }';
    const list = psList(scripts.map((script) => script.text));
    await session.run(
      [[{ text, isScript: true, useLocalScope: true, parameters: [{ name: 'Texts', value: list }] }]],
      undefined,
      (event) => {
        if (event.kind === 'output' && typeof event.value === 'string') texts.push(event.value);
      },
    );
  }
  return statements.map((statement) =>
    statement.map((command) => ({
      text: command.isScript ? (texts.shift() ?? command.text) : command.text,
      isScript: command.isScript,
      useLocalScope: command.useLocalScope ?? null,
      parameters: command.arguments.map(({ name, value }) => ({ name: name ?? null, value })),
      ...(command.mergeErrors ? { merge: errorsToOutput } : {}),
    })),
  );
};

/** The error stream of a command goes where its output goes (MS-PSRP 2.2.3.12). */
const errorsToOutput = {
  myResult: 'Error',
  toResult: 'Output',
  previousResults: 'None',
  error: 'None',
  warning: 'None',
  verbose: 'None',
  debug: 'None',
  information: 'None',
} as const;

/** A script that caught it would go on without what it asked for. */
const unsupportedError = (message: string): HostErrorRecord => ({
  message,
  fullyQualifiedErrorId: 'LabUnsupported',
  category: errorCategories.indexOf('NotImplemented'),
  exceptionTypes: ['Kintsugi.LabUnsupportedException', 'System.Exception', 'System.Object'],
});

const relay = (event: ClientEvent, sink: PipelineSink): void => {
  switch (event.kind) {
    case 'output':
      return sink.output(event.value);
    case 'error':
      return sink.error(toHostError(event.record));
    case 'warning':
      return sink.warning(event.record.message);
    case 'verbose':
      return sink.verbose(event.record.message);
    case 'debug':
      return sink.debug(event.record.message);
    case 'information': {
      const { messageData, source, tags } = event.record;
      return sink.information({ data: messageData, source, tags });
    }
    case 'progress': {
      const { activity, activityId, parentActivityId, statusDescription, currentOperation, percentComplete } =
        event.record;
      return sink.progress({
        activity,
        activityId,
        parentActivityId,
        status: statusDescription ?? '',
        currentOperation: currentOperation ?? '',
        percent: percentComplete,
        secondsRemaining: event.record.secondsRemaining,
        completed: event.record.type === 'Completed',
      });
    }
    default:
      return undefined;
  }
};

const toHostError = (record: ErrorRecord): HostErrorRecord => {
  const { invocation } = record;
  return {
    message: record.message,
    fullyQualifiedErrorId: record.fullyQualifiedErrorId,
    category: errorCategories.indexOf(record.category),
    exceptionTypes: record.exceptionTypes,
    categoryActivity: record.activity,
    categoryReason: record.reason,
    targetName: record.targetName,
    targetType: record.targetType,
    ...(record.hResult === null ? {} : { hresult: record.hResult }),
    ...(record.scriptStackTrace === null ? {} : { stackTrace: record.scriptStackTrace }),
    ...(invocation && invocation.scriptLineNumber > 0
      ? {
          position: {
            ...(invocation.scriptName ? { scriptName: invocation.scriptName } : {}),
            line: invocation.scriptLineNumber,
            offset: invocation.offsetInLine,
            text: invocation.line ?? '',
          },
        }
      : {}),
  };
};
