import { randomBytes } from 'node:crypto';
import { poolTarget } from '../../remote/protocol/psrp/outbox.ts';
import type { PipelineDefinition } from '../../remote/protocol/psrp/pipeline-definition.ts';
import { RunspacePoolServer } from '../../remote/protocol/psrp/server.ts';
import type { ServerEvent } from '../../remote/protocol/psrp/server-events.ts';
import type { ServedReply } from '../../remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../remote/protocol/wsman/fault.ts';
import { faultCodes } from '../../remote/protocol/wsman/fault-codes.ts';
import { signalCodes } from '../../remote/protocol/wsman/namespaces.ts';
import type { ShellDescription } from '../../remote/protocol/wsman/shell-description.ts';
import { makeSink, stoppedError, toErrorFields, toHostPipeline, toPrivateData } from './pipeline-bridge.ts';
import { PipelineInput } from './pipeline-input.ts';
import type { HostRunspace, RunningPipeline } from './runspace-host.ts';

/** How a waiting Receive is held. */
export type ReceiveLimits = {
  readonly timeoutMs: number;
  /** Bytes of payload that the reply may carry. */
  readonly maxBytes: number;
  /** Aborted when the client's connection is gone: what waits then stays for the next Receive. */
  readonly gone: AbortSignal;
};

type Command = {
  readonly id: string;
  /** Id of its pipeline: the command's own, but some clients write its bytes in another order. */
  pipelineId: string;
  readonly input: PipelineInput;
  running: RunningPipeline | undefined;
  live: boolean;
  /** The client asked to stop it before it began. */
  stopAsked: boolean;
  /** The client was told that it is done. */
  done: boolean;
};

/** One shell: a runspace pool of the wire in front of one runspace of the simulated host. It lives on without any connection. */
export class LabShell {
  readonly description: ShellDescription;
  readonly #host: HostRunspace;
  readonly #psrp = new RunspacePoolServer({ randomBytes });
  readonly #commands = new Map<string, Command>();
  readonly #onClose: () => void;
  #waiters: (() => void)[] = [];
  /** Pipelines run one after another. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  #inUse = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param onClose called once when the shell has ended, for whatever reason */
  constructor(description: ShellDescription, host: HostRunspace, onClose: () => void) {
    this.description = description;
    this.#host = host;
    this.#onClose = onClose;
    void host.killed.then(() => this.close());
    this.#restartIdleTimer();
  }

  /** Whether it has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Commands that the client did not terminate yet. */
  get commandCount(): number {
    return this.#commands.size;
  }

  /** Runs one operation of a client; the shell is not idle meanwhile. */
  async use<T>(operation: () => T | Promise<T>): Promise<T> {
    this.#inUse++;
    clearTimeout(this.#idleTimer);
    try {
      return await operation();
    } finally {
      this.#inUse--;
      this.#restartIdleTimer();
    }
  }

  /** Takes PSRP bytes for the pool or a command. */
  send(commandId: string | undefined, payload: Uint8Array, stream: 'stdin' | 'pr'): ServedReply {
    const target = commandId?.toLowerCase() ?? poolTarget;
    if (commandId !== undefined && !this.#commands.has(target)) return unknownCommand();
    this.#feed(payload, target, stream === 'pr' ? 'promptResponse' : 'default');
    return { kind: 'sent' };
  }

  /** Begins a command with the first bytes of its pipeline. */
  command(id: string, payload: Uint8Array): ServedReply {
    const command: Command = {
      id,
      pipelineId: id.toLowerCase(),
      input: new PipelineInput(),
      running: undefined,
      live: true,
      stopAsked: false,
      done: false,
    };
    this.#commands.set(id.toLowerCase(), command);
    this.#feed(payload, id.toLowerCase(), 'default');
    return { kind: 'command-accepted', commandId: id };
  }

  /** Stops a pipeline, or forgets a command. */
  signal(commandId: string, code: string): ServedReply {
    const key = commandId.toLowerCase();
    const command = this.#commands.get(key);
    if (!command) return unknownCommand();
    command.stopAsked = true;
    command.running?.stop();
    // PowerShell compares its own code ordinally; whatever else closes the command without a Stopped state.
    if (code === signalCodes.stop) return { kind: 'signalled' };
    command.live = false;
    this.#commands.delete(key);
    if (this.#psrp.pipelineState(command.pipelineId) !== undefined) this.#psrp.forgetPipeline(command.pipelineId);
    this.#wake();
    return { kind: 'signalled' };
  }

  /** Gives what waits for the pool or a command, or holds until there is something; undefined if the client or the shell is gone. */
  async receive(commandId: string | undefined, limits: ReceiveLimits): Promise<ServedReply | undefined> {
    const deadline = performance.now() + limits.timeoutMs;
    for (;;) {
      // What is written in the same turn goes out in one reply.
      await new Promise((resolve) => setImmediate(resolve));
      if (limits.gone.aborted || this.#closed) return undefined;
      const reply = this.#takeOutput(commandId, limits.maxBytes);
      if (reply) return reply;
      const left = deadline - performance.now();
      if (left <= 0) return makeFault(faultCodes.operationTimedOut, 'The WS-Management operation timed out.');
      await this.#changeOrTimeout(left, limits.gone);
    }
  }

  /** Ends the shell and its process. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    for (const command of this.#commands.values()) command.live = false;
    this.#host.close();
    this.#wake();
    this.#onClose();
  }

  #takeOutput(commandId: string | undefined, maxBytes: number): ServedReply | undefined {
    const command = commandId === undefined ? undefined : this.#commands.get(commandId.toLowerCase());
    if (commandId !== undefined && (!command || command.done)) return unknownCommand();
    const target = command?.pipelineId ?? poolTarget;
    const chunk = this.#psrp.dataToSend(target, maxBytes);
    const pieces = chunk ? [{ commandId, stream: 'stdout', payload: Buffer.from(chunk.bytes), end: false }] : [];
    if (!command) return chunk ? { kind: 'received', pieces, commandState: undefined } : undefined;
    command.done = !command.live && !this.#psrp.pendingTargets().includes(target);
    if (!chunk && !command.done) return undefined;
    return {
      kind: 'received',
      pieces,
      commandState: { commandId: command.id, state: command.done ? 'done' : 'running' },
    };
  }

  #feed(payload: Uint8Array, target: string, stream: 'default' | 'promptResponse'): void {
    for (const event of this.#psrp.receive(payload, target, stream)) this.#take(event, this.#commands.get(target));
    this.#wake();
  }

  #take(event: ServerEvent, command: Command | undefined): void {
    switch (event.kind) {
      case 'openRequested':
        return this.#psrp.acceptOpen(toPrivateData(this.#host.versionTable));
      case 'pipelineCreated':
        return this.#enqueue(command, event.pipelineId, event.definition);
      case 'input':
        return command?.input.push(event.value);
      case 'inputEnded':
        return command?.input.end();
      case 'availabilityRequested':
        return this.#psrp.answerAvailability(event.callId, 1);
      case 'maxRunspacesRequested':
      case 'minRunspacesRequested':
      case 'resetRequested':
        return this.#psrp.answerAvailability(event.callId, event.kind === 'resetRequested');
      case 'commandMetadataRequested':
        return this.#refuseMetadata(command, event.pipelineId);
      case 'negotiated':
      case 'connectRequested':
      case 'keySent':
      case 'hostAnswer':
        return undefined;
    }
  }

  #refuseMetadata(command: Command | undefined, pipelineId: string): void {
    if (!command) return;
    command.pipelineId = pipelineId;
    this.#end(command, () => this.#psrp.setPipelineState(pipelineId, 'failed', unsupported));
  }

  #enqueue(command: Command | undefined, pipelineId: string, definition: PipelineDefinition): void {
    if (!command) return;
    command.pipelineId = pipelineId;
    this.#turn = this.#turn.then(() => this.#run(command, definition));
  }

  async #run(command: Command, definition: PipelineDefinition): Promise<void> {
    const { pipelineId } = command;
    if (!command.live || this.#closed) return;
    try {
      const sink = makeSink(
        this.#psrp,
        pipelineId,
        () => command.live,
        () => this.#wake(),
      );
      command.running = this.#host.run(
        toHostPipeline(definition, definition.noInput ? undefined : command.input),
        sink,
      );
      if (command.stopAsked) command.running.stop();
      const end = await command.running.done;
      this.#end(command, () => {
        if (end.state === 'completed') this.#psrp.setPipelineState(pipelineId, 'completed');
        else if (end.state === 'stopped') this.#psrp.setPipelineState(pipelineId, 'stopped', stoppedError);
        else this.#psrp.setPipelineState(pipelineId, 'failed', toErrorFields(end.error));
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#end(command, () =>
        this.#psrp.setPipelineState(pipelineId, 'failed', { ...unsupported, exceptionMessage: message }),
      );
    }
  }

  /** Reports the end of a pipeline unless the client has closed it meanwhile. */
  #end(command: Command, report: () => void): void {
    if (!command.live) return;
    report();
    command.live = false;
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #changeOrTimeout(ms: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', settle);
        resolve();
      };
      const timer = setTimeout(settle, ms);
      gone.addEventListener('abort', settle, { once: true });
      this.#waiters.push(settle);
    });
  }

  #restartIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#closed || this.#inUse > 0) return;
    this.#idleTimer = setTimeout(() => this.close(), this.description.idleTimeoutMs);
    this.#idleTimer.unref();
  }
}

const unsupported = {
  exceptionMessage: 'The simulated host cannot do this.',
  fullyQualifiedErrorId: 'LabUnsupported',
  category: 'NotImplemented',
} as const;

function unknownCommand(): ServedReply {
  return makeFault(
    faultCodes.invalidSelectors,
    'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist.',
  );
}
