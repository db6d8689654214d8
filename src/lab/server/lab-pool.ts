import { randomBytes } from 'node:crypto';
import type { PsValue } from '../../remote/protocol/clixml/values.ts';
import { type Chunk, poolTarget, type Target } from '../../remote/protocol/psrp/outbox.ts';
import type { PipelineDefinition } from '../../remote/protocol/psrp/pipeline-definition.ts';
import { RunspacePoolServer } from '../../remote/protocol/psrp/server.ts';
import type { ServerEvent } from '../../remote/protocol/psrp/server-events.ts';
import { makeSink, stoppedError, toErrorFields, toHostPipeline, toPrivateData } from './pipeline-bridge.ts';
import type { HostRunspace, RunningPipeline } from './runspace-host.ts';
import { StreamInput } from './stream-input.ts';

/** What a client runs in a pool: one pipeline, from its first bytes to its end. */
export type PoolCommand = {
  /** As the client wrote it. */
  readonly id: string;
  /** Id of its pipeline: the command's own, but some clients write its bytes in another order. */
  pipelineId: string;
  readonly input: StreamInput<PsValue>;
  running: RunningPipeline | undefined;
  /** Whether it still writes. */
  live: boolean;
  /** The client asked to stop it before it began. */
  stopAsked: boolean;
  /** Called once when it writes no more. */
  onEnd: () => void;
};

/** A runspace pool of the wire in front of one runspace of the simulated host, whatever carries its bytes. */
export class LabPool {
  readonly #host: HostRunspace;
  readonly #psrp = new RunspacePoolServer({ randomBytes });
  readonly #commands = new Map<string, PoolCommand>();
  readonly #changed: () => void;
  /** Pipelines run one after another. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  /** Bytes of the pool from before another client connected. */
  #left: Uint8Array = new Uint8Array();
  /** Records that are kept before further ones are lost; without limit while somebody listens. */
  #recordsKept = Number.POSITIVE_INFINITY;

  /**
   * @param host the runspace; ended by `close`
   * @param changed called when there may be something to send
   */
  constructor(host: HostRunspace, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  /** Commands that the client did not terminate yet. */
  get commandCount(): number {
    return this.#commands.size;
  }

  /** Commands that the client did not terminate yet, oldest first. */
  commands(): PoolCommand[] {
    return Array.from(this.#commands.values());
  }

  /** A command by the id that `begin` got; case does not matter. */
  find(id: string): PoolCommand | undefined {
    return this.#commands.get(id.toLowerCase());
  }

  /** Makes room for a command; its pipeline comes with the first bytes for it. */
  begin(id: string): void {
    this.#commands.set(id.toLowerCase(), {
      id,
      pipelineId: id.toLowerCase(),
      input: new StreamInput<PsValue>(),
      running: undefined,
      live: true,
      stopAsked: false,
      onEnd: () => undefined,
    });
  }

  /**
   * Takes PSRP bytes for the pool or a command.
   * @throws Failure `protocol-error` for what PSRP does not allow
   */
  feed(payload: Uint8Array, target: Target, stream: 'default' | 'promptResponse'): void {
    for (const event of this.#psrp.receive(payload, target, stream)) this.#take(event, this.#commands.get(target));
    this.#changed();
  }

  /**
   * Lets another client take the pool over.
   * @returns the answer of the pool; what it had to say before, and its private data, come by the pool's stream
   * @throws Failure `protocol-error`
   */
  connect(connectXml: Uint8Array): Buffer {
    this.#left = Buffer.concat([this.#left, this.#takePool()]);
    this.feed(connectXml, poolTarget, 'default');
    const answer = this.#takePool();
    this.#psrp.sendApplicationPrivateData(toPrivateData(this.#host.versionTable));
    return answer;
  }

  #takePool(): Buffer {
    const parts: Uint8Array[] = [];
    for (;;) {
      const chunk = this.#psrp.dataToSend(poolTarget, Number.MAX_SAFE_INTEGER);
      if (!chunk) return Buffer.concat(parts);
      parts.push(chunk.bytes);
    }
  }

  /** From now on keeps so many records that pipelines write and drops further ones, as in buffer mode Drop. */
  keepOnly(records: number): void {
    this.#recordsKept = records;
  }

  #admits(): boolean {
    if (this.#recordsKept <= 0) return false;
    this.#recordsKept--;
    return true;
  }

  /** The next bytes for the pool or a pipeline. */
  dataToSend(target: Target, maxBytes: number): Chunk | undefined {
    if (target !== poolTarget || this.#left.length === 0) return this.#psrp.dataToSend(target, maxBytes);
    const bytes = this.#left.subarray(0, maxBytes);
    this.#left = this.#left.subarray(bytes.length);
    return { target, stream: 'default', bytes };
  }

  /** What has bytes to send. */
  pendingTargets(): readonly Target[] {
    return this.#psrp.pendingTargets();
  }

  /** Asks a command to stop; its pipeline says so when it has. @param onEnd called when it writes no more, or never did */
  stop(command: PoolCommand, onEnd: () => void = () => undefined): void {
    command.stopAsked = true;
    if (!command.live) return onEnd();
    command.onEnd = onEnd;
    command.running?.stop();
  }

  /** Forgets a command, with whatever waits for it, and stops it if it still runs. */
  forget(command: PoolCommand): void {
    this.#settle(command);
    command.stopAsked = true;
    command.running?.stop();
    this.#commands.delete(command.id.toLowerCase());
    if (this.#psrp.pipelineState(command.pipelineId) !== undefined) this.#psrp.forgetPipeline(command.pipelineId);
    this.#changed();
  }

  /** Tells the client that the pool ends. */
  sayClosed(): void {
    this.#psrp.endPool();
    this.#changed();
  }

  /** Ends the runspace and its process. */
  close(): void {
    this.#closed = true;
    for (const command of this.#commands.values()) command.live = false;
    this.#host.close();
  }

  #take(event: ServerEvent, command: PoolCommand | undefined): void {
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
      case 'connectRequested':
        return this.#psrp.acceptConnect({ minRunspaces: 1, maxRunspaces: 1 });
      case 'negotiated':
      case 'keySent':
      case 'hostAnswer':
        return undefined;
    }
  }

  #refuseMetadata(command: PoolCommand | undefined, pipelineId: string): void {
    if (!command) return;
    command.pipelineId = pipelineId;
    this.#end(command, () => this.#psrp.setPipelineState(pipelineId, 'failed', unsupported));
  }

  #enqueue(command: PoolCommand | undefined, pipelineId: string, definition: PipelineDefinition): void {
    if (!command) return;
    command.pipelineId = pipelineId;
    this.#turn = this.#turn.then(() => this.#run(command, definition));
  }

  async #run(command: PoolCommand, definition: PipelineDefinition): Promise<void> {
    const { pipelineId } = command;
    if (!command.live || this.#closed) return;
    try {
      const sink = makeSink(this.#psrp, pipelineId, () => command.live && this.#admits(), this.#changed);
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
  #end(command: PoolCommand, report: () => void): void {
    if (!command.live) return;
    report();
    this.#settle(command);
    this.#changed();
  }

  #settle(command: PoolCommand): void {
    if (!command.live) return;
    command.live = false;
    command.onEnd();
  }
}

const unsupported = {
  exceptionMessage: 'The simulated host cannot do this.',
  fullyQualifiedErrorId: 'LabUnsupported',
  category: 'NotImplemented',
} as const;
