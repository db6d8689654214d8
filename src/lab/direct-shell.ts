import { randomUUID } from 'node:crypto';
import { Failure } from '../kernel/failure.ts';
import type {
  InvokeOptions,
  RemoteCall,
  RemoteResult,
  RemoteShell,
  ScriptErrorRecord,
  ShellInfo,
} from '../remote/powershell/remote-shell.ts';
import { toPlain } from '../remote/protocol/clixml/to-plain.ts';
import { errorCategories } from '../remote/protocol/psrp/codes.ts';
import { inputToPs } from '../remote/transport/pool/ps-values.ts';
import { failureOfScript } from '../remote/transport/script-failure.ts';
import type { HostErrorRecord, HostPipeline, HostRunspace, PipelineSink } from './server/runspace-host.ts';
import type { Machine } from './windows/machine/machine.ts';
import { createRunspaceHost } from './windows/runtime/host-runspace.ts';

/**
 * A session with a simulated machine without a wire in between: values are turned into those of CLIXML and back, but no bytes are made of
 * them. For tests of playbooks; what is told of the transport is what WinRM would tell.
 */
class DirectShell implements RemoteShell {
  readonly info: ShellInfo;
  readonly exhausted = false;
  readonly #runspace: HostRunspace;
  #queue: Promise<unknown> = Promise.resolve();
  #gone = false;

  constructor(host: string, shellId: string, runspace: HostRunspace) {
    this.info = { host, shellId, transport: 'winrm', mechanism: 'negotiate', sealed: true };
    this.#runspace = runspace;
    void runspace.killed.then(() => {
      this.#gone = true;
    });
  }

  invoke(call: RemoteCall, options: InvokeOptions = {}): Promise<RemoteResult> {
    const turn = this.#queue.then(() => this.#invokeNow(call, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async describe(): Promise<ShellInfo> {
    return this.info;
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    this.#gone = true;
    this.#runspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #invokeNow(call: RemoteCall, { signal, onStream }: InvokeOptions): Promise<RemoteResult> {
    signal?.throwIfAborted();
    const { host } = this.info;
    if (this.#gone) throw new Failure('unreachable', `The session on ${host} is no more.`);
    const output: unknown[] = [];
    const errors: ScriptErrorRecord[] = [];
    const running = this.#runspace.run(toPipeline(call), {
      ...ignoring,
      output: (value) => void output.push(toPlain(value)),
      error: (record) => {
        const error = toScriptError(record);
        errors.push(error);
        onStream?.({ kind: 'error', error });
      },
    });
    const stop = (): void => running.stop();
    signal?.addEventListener('abort', stop, { once: true });
    const end = await Promise.race([running.done, this.#runspace.killed.then(() => null)]);
    signal?.removeEventListener('abort', stop);
    signal?.throwIfAborted();
    if (end === null || end.state === 'stopped')
      throw new Failure('dropped', `The session on ${host} ended while a script ran.`);
    if (end.state === 'failed') throw failureOfScript(host, toScriptError(end.error), errors);
    return { output, errors, hadErrors: errors.length > 0 };
  }
}

/** Opens a session without a wire. @throws Failure `unreachable` while the machine is down */
export function openDirectShell(machine: Machine, user: string): RemoteShell {
  if (machine.power.state === 'down') throw new Failure('unreachable', `${machine.name} is down.`);
  const shellId = randomUUID().toUpperCase();
  const account = `${machine.name}\\${user}`;
  const runspace = createRunspaceHost(machine).openRunspace({ shellId, user: account, logon: 'network' });
  return new DirectShell(machine.name, shellId, runspace);
}

const ignoring: Omit<PipelineSink, 'output' | 'error'> = {
  warning: () => undefined,
  verbose: () => undefined,
  debug: () => undefined,
  information: () => undefined,
  progress: () => undefined,
};

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
