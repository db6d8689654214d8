import { randomUUID } from 'node:crypto';
import { Failure } from '../kernel/failure.ts';
import type {
  InvokeOptions,
  RemoteCall,
  RemoteResult,
  RemoteShell,
  ScriptErrorRecord,
  ShellInfo,
  StreamRecord,
} from '../remote/powershell/remote-shell.ts';
import { toPlain } from '../remote/protocol/clixml/to-plain.ts';
import { errorCategories } from '../remote/protocol/psrp/codes.ts';
import { CallStop } from '../remote/transport/call-stop.ts';
import { inputToPs } from '../remote/transport/pool/ps-values.ts';
import { failureOfScript } from '../remote/transport/script-failure.ts';
import { failureOfFault } from '../remote/transport/winrm/failure-of-fault.ts';
import type { Disturbances } from './disturbances/disturb.ts';
import { windowsLimits } from './server/endpoint-options.ts';
import type {
  HostErrorRecord,
  HostPipeline,
  HostRunspace,
  PipelineEnd,
  PipelineSink,
  RunningPipeline,
} from './server/runspace-host.ts';
import { tooManyShells } from './server/too-many-shells.ts';
import type { Machine } from './windows/machine/machine.ts';
import { createRunspaceHost } from './windows/runtime/host-runspace.ts';

/** What stands for the wire. */
type DirectWay = {
  /** Asked with each call: whether its answer is lost with the connection. */
  readonly onRequest: Disturbances['onRequest'];
  /** Timers in the machine's time. */
  readonly after: (ms: number, fire: () => void) => () => void;
};

/**
 * A session with a simulated machine without a wire in between: values are turned into those of CLIXML and back, but no bytes are made of
 * them. For tests of playbooks; what is told of the transport is what WinRM would tell.
 */
export class DirectShell implements RemoteShell {
  readonly info: ShellInfo;
  readonly exhausted = false;
  readonly #runspace: HostRunspace;
  readonly #onRequest: DirectWay['onRequest'];
  readonly #after: DirectWay['after'];
  /** The session's end, whichever way. */
  readonly #ended: Promise<null>;
  #tellEnd: () => void = () => undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #gone = false;

  constructor(host: string, shellId: string, runspace: HostRunspace, { onRequest, after }: DirectWay) {
    this.#onRequest = onRequest;
    this.#after = after;
    this.#ended = new Promise((resolve) => {
      this.#tellEnd = () => resolve(null);
    });
    const { PSVersion: psVersion = '', PSRemotingProtocolVersion: protocolVersion = '' } = runspace.versionTable;
    const way = { transport: 'winrm', mechanism: 'negotiate', sealed: true } as const;
    this.info = { host, shellId, ...way, psVersion, protocolVersion };
    this.#runspace = runspace;
    void runspace.killed.then(() => this.cut());
  }

  invoke(call: RemoteCall, options: InvokeOptions = {}): Promise<RemoteResult> {
    const turn = this.#queue.then(() => this.#invokeNow(call, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async describe(): Promise<ShellInfo> {
    return this.info;
  }

  /** The connection breaks: what runs on the host goes on there, and nobody hears of it. */
  cut(): void {
    this.#gone = true;
    this.#tellEnd();
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    this.#gone = true;
    this.#runspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #invokeNow(call: RemoteCall, options: InvokeOptions): Promise<RemoteResult> {
    options.signal?.throwIfAborted();
    const { host } = this.info;
    if (this.#gone) throw new Failure('unreachable', `The session on ${host} is no more.`);
    let running: RunningPipeline | undefined;
    // At once: where the host's time is skipped, every wait of the script would go by before anything else had its turn.
    const ask = async (): Promise<'asked'> => {
      running?.stop();
      return 'asked';
    };
    const stop = new CallStop({ host, stopGraceMs, stop: ask, abandon: () => this.cut(), after: this.#after }, options);
    stop.watch();
    try {
      const fate = await this.#onRequest();
      stop.throwIfAsked();
      const record = new Recording(options, stop);
      running = this.#runspace.run(toPipeline(call), record.sink);
      stop.begun();
      const end = await Promise.race([running.done, this.#ended]);
      if (fate === 'lose') this.cut();
      return conclude(host, fate === 'lose' ? null : end, record, stop);
    } catch (error) {
      throw stop.explain(error);
    } finally {
      stop.end();
    }
  }
}

/** How long a script may take to end once it was to be stopped, ms. */
const stopGraceMs = 30_000;

/** @throws Failure as `RemoteShell.invoke`; an end that is null is that of the session */
function conclude(host: string, end: PipelineEnd | null, { output, errors }: Recording, stop: CallStop): RemoteResult {
  if (end === null) throw new Failure('dropped', `The session on ${host} ended while a script ran.`);
  try {
    stop.throwUnlessKept(end.state === 'completed');
  } catch (error) {
    throw end.state === 'stopped' ? withPlace(error, end.stackTrace) : error;
  }
  if (end.state === 'stopped') throw new Failure('dropped', `The pipeline was stopped on ${host} by someone else.`);
  if (end.state === 'failed') throw failureOfScript(host, toScriptError(end.error), errors);
  return { output, errors, hadErrors: errors.length > 0 };
}

/** Only the lab knows where a script was when it was stopped. */
const withPlace = (error: unknown, stackTrace: string | undefined): unknown =>
  error instanceof Failure && stackTrace !== undefined
    ? new Failure(error.code, error.message, { cause: error, facts: { ...error.facts, stackTrace } })
    : error;

/** What a pipeline writes, as callers see it. */
class Recording {
  readonly output: unknown[] = [];
  readonly errors: ScriptErrorRecord[] = [];
  readonly sink: PipelineSink;

  constructor({ onStream }: InvokeOptions, stop: CallStop) {
    const tell = (record: StreamRecord): void => {
      stop.heard();
      if (record.kind === 'error') this.errors.push(record.error);
      try {
        onStream?.(record);
      } catch (error) {
        stop.now(error);
      }
    };
    this.sink = {
      output: (value) => {
        stop.heard();
        this.output.push(toPlain(value));
      },
      error: (record) => tell({ kind: 'error', error: toScriptError(record) }),
      warning: (message) => tell({ kind: 'warning', message }),
      verbose: (message) => tell({ kind: 'verbose', message }),
      debug: (message) => tell({ kind: 'debug', message }),
      information: ({ data, source, tags }) => {
        const plain = toPlain(data);
        tell({ kind: 'information', message: messageOf(plain), data: plain, tags, source });
      },
      progress: ({ activity, activityId, status, percent, completed }) =>
        tell({
          kind: 'progress',
          activity,
          activityId,
          completed,
          ...(status === '' ? {} : { status }),
          ...(percent < 0 ? {} : { percent }),
        }),
    };
  }
}

/** The text of an information record: a text, or what Write-Host wrote. */
function messageOf(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'Message' in data) return String(data.Message);
  return String(data);
}

const undisturbed: Disturbances = {
  onRequest: async () => 'answer',
  refusesSession: () => false,
  pending: () => [],
};

/** Opens a session without a wire. @throws Failure `unreachable` while the machine is down, or where a disturbance refuses it */
export function openDirectShell(
  machine: Machine,
  user: string,
  { onRequest, refusesSession }: Disturbances = undisturbed,
): DirectShell {
  if (machine.power.state === 'down') throw new Failure('unreachable', `${machine.name} is down.`);
  if (refusesSession()) throw failureOfFault(tooManyShells(windowsLimits.shellsPerUser), machine.name, false);
  const shellId = randomUUID().toUpperCase();
  const account = `${machine.name}\\${user}`;
  const runspace = createRunspaceHost(machine).openRunspace({ shellId, user: account, logon: 'network' });
  const after = (ms: number, fire: () => void) => machine.clock.after(ms, fire);
  return new DirectShell(machine.name, shellId, runspace, { onRequest, after });
}

const toPipeline = (call: RemoteCall): HostPipeline => ({
  input: undefined,
  statements: [
    [
      {
        text: call.kind === 'script' ? call.text : call.name,
        isScript: call.kind === 'script',
        useLocalScope: call.kind === 'script' ? (call.useLocalScope ?? false) : undefined,
        arguments: Object.entries(call.parameters ?? {}).map(([name, value]) => ({ name, value: inputToPs(value) })),
        mergeErrors: false,
      },
    ],
  ],
});

const toScriptError = (record: HostErrorRecord): ScriptErrorRecord => {
  const { position, exceptionTypes } = record;
  const [exceptionType] = exceptionTypes;
  return {
    message: record.message,
    fqid: record.fullyQualifiedErrorId,
    category: errorCategories[record.category] ?? 'NotSpecified',
    ...(record.categoryReason === undefined ? {} : { reason: record.categoryReason }),
    ...(record.targetName === undefined ? {} : { targetName: record.targetName }),
    ...(exceptionType === undefined ? {} : { exceptionType }),
    ...(record.hresult === undefined ? {} : { hresult: record.hresult >>> 0 }),
    ...(position === undefined ? {} : { position }),
    ...(record.stackTrace === undefined ? {} : { stackTrace: record.stackTrace }),
  };
};
