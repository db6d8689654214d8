import type { PsValue } from '../../../remote/protocol/clixml/values.ts';
import { fromClixml } from '../../evaluator/from-clixml.ts';
import type { Extension } from '../../evaluator/host.ts';
import type { PipelineCommand, Runspace, Sink } from '../../evaluator/pipeline.ts';
import { toClixml } from '../../evaluator/to-clixml.ts';
import type { Value } from '../../evaluator/value.ts';
import type { NoLanguageEndpoint } from '../../no-language-endpoint.ts';
import type {
  HostPipeline,
  HostRunspace,
  PipelineEnd,
  PipelineSink,
  RunningPipeline,
  RunspaceHost,
  RunspaceInfo,
} from '../../server/runspace-host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { secureString } from '../types/secrets.ts';
import { toHostError } from './host-errors.ts';
import { openLanguage, versionsOf } from './language-host.ts';
import { restrictedSurface } from './restricted-session.ts';
import { startShellProcess } from './shell-process.ts';

type FromWire = (value: PsValue) => Value;
type Statement = HostPipeline['statements'][number];

/** Runs the statements of a client's pipeline one after another in the runspace of its shell. */
class ShellRunspace implements HostRunspace {
  readonly killed: Promise<void>;
  readonly versionTable: Readonly<Record<string, string>>;
  readonly #machine: Machine;
  readonly #process: SimulatedProcess;
  readonly #runspace: Runspace;
  /** The modules of a restricted session are imported. */
  readonly #ready: Promise<void>;

  /**
   * @param machine where the shell lives
   * @param process the shell's process
   * @param endpoint makes it a session without language
   * @param extras what only this process has
   */
  constructor(
    machine: Machine,
    process: SimulatedProcess,
    endpoint: NoLanguageEndpoint | undefined,
    extras: readonly Extension[],
  ) {
    this.#machine = machine;
    this.#process = process;
    this.#runspace = openLanguage(machine, process, extras, endpoint && restrictedSurface(endpoint.functions));
    process.scriptAt = () => this.#runspace.stackTrace();
    this.#ready = this.#importModules(endpoint?.modules ?? []);
    // Whoever runs the first pipeline hears of it.
    this.#ready.catch(() => undefined);
    this.killed = new Promise((resolve) => {
      process.ended.listen(resolve);
    });
    this.versionTable = versionsOf(machine);
  }

  get processId(): number {
    return this.#process.pid;
  }

  run(pipeline: HostPipeline, sink: PipelineSink): RunningPipeline {
    const stopRunning = this.#machine.clock.runCall(this.#process.pid);
    let current: ReturnType<Runspace['run']> | undefined;
    let isStopped = false;
    const context = this.#runspace.context;
    const convert: FromWire = (value) => fromClixml(value, context, { secureString, arrays: 'arrayList' });
    const out: Sink = {
      output: (value) => sink.output(toClixml(value, context)),
      error: (record) => sink.error(toHostError(record, context)),
      warning: (text) => sink.warning(text),
      verbose: (text) => sink.verbose(text),
      debug: (text) => sink.debug(text),
      information: (record) =>
        sink.information({ data: toClixml(record.data, context), source: record.source, tags: record.tags }),
      progress: (record) =>
        sink.progress({
          activity: record.activity,
          activityId: record.activityId,
          parentActivityId: record.parentId,
          status: record.status,
          currentOperation: record.currentOperation,
          percent: record.percent,
          secondsRemaining: record.secondsRemaining,
          completed: record.type === 'Completed',
        }),
    };
    const runAll = async (): Promise<PipelineEnd> => {
      await this.#ready;
      for (const statement of pipeline.statements) {
        if (isStopped || this.#process.ended.fired) return { state: 'stopped' };
        const input = pipeline.input && readInput(pipeline.input, convert);
        current = this.#runspace.run(toCommands(statement, convert), out, input);
        // Asked while it wrote its first records.
        if (isStopped) void current.stop();
        const end = await current.done;
        if (end.kind === 'failed') return { state: 'failed', error: toHostError(end.error, context) };
        if (end.kind === 'stopped')
          return end.stack === undefined ? { state: 'stopped' } : { state: 'stopped', stackTrace: end.stack };
      }
      return { state: 'completed' };
    };
    const ignore = this.#process.ended.listen(() => {
      isStopped = true;
      current?.kill();
    });
    const done = runAll().finally(() => {
      ignore();
      stopRunning();
    });
    return {
      done,
      stop: () => {
        isStopped = true;
        void current?.stop();
        this.#machine.clock.interrupt(this.#process.pid);
      },
    };
  }

  async #importModules(modules: NoLanguageEndpoint['modules']): Promise<void> {
    for (const { text, file } of modules) await this.#runspace.importModule(text, file);
  }

  close(): void {
    if (this.#machine.processes.get(this.#process.pid) === this.#process)
      void this.#machine.processes.end(this.#process.pid, 0);
  }
}

const toCommands = (statement: Statement, convert: FromWire): PipelineCommand[] =>
  statement.map((command) => ({
    text: command.text,
    isScript: command.isScript,
    ...(command.useLocalScope === undefined ? {} : { useLocalScope: command.useLocalScope }),
    ...(command.mergeErrors ? { mergeErrors: true } : {}),
    parameters: command.arguments.map(({ name, value }) => ({
      ...(name === undefined ? {} : { name }),
      value: convert(value),
    })),
  }));

async function* readInput(input: AsyncIterable<PsValue>, convert: FromWire): AsyncGenerator<Value> {
  for await (const value of input) yield convert(value);
}

/**
 * The machine as a WinRM endpoint sees it: each shell is a wsmprovhost process of the account that opened it, or of a virtual account at
 * endpoints without language.
 */
export const createRunspaceHost = (machine: Machine, endpoints: readonly NoLanguageEndpoint[] = []): RunspaceHost => ({
  openRunspace: (info: RunspaceInfo): HostRunspace => {
    const endpoint = endpoints.find(({ name }) => name === info.configuration);
    const process = startShellProcess(machine, info, endpoint !== undefined);
    return new ShellRunspace(machine, process, endpoint, []);
  },
});

/** A runspace in a process that is there already; the process ends with it. `extras` are what only this process has. */
export const openProcessRunspace = (
  machine: Machine,
  process: SimulatedProcess,
  extras: readonly Extension[] = [],
): HostRunspace => new ShellRunspace(machine, process, undefined, extras);
