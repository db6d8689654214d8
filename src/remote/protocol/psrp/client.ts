import { Failure } from '../../../kernel/failure.ts';
import type { SecureText } from '../clixml/secure-text.ts';
import type { PsObject, PsSecureString, PsValue } from '../clixml/values.ts';
import type { ClientEvent } from './client-events.ts';
import { type ClientMessage, readClientMessage } from './client-messages.ts';
import { type ClientOptions, toPoolRequest } from './client-options.ts';
import type { PipelineState } from './codes.ts';
import { buildCommandMetadataRequest, type CommandMetadataRequest } from './command-metadata.ts';
import { Endpoint, type Outgoing } from './endpoint.ts';
import type { Guid } from './guid.ts';
import { buildHostAnswer, type HostCall, noHostAnswer } from './host-calls.ts';
import { KeyExchange } from './key-exchange.ts';
import type { Message } from './message.ts';
import { type Chunk, poolTarget, type StreamName, type Target } from './outbox.ts';
import { buildPipeline, completePipeline, type PipelineFields } from './pipeline-definition.ts';
import type { PipelineTrigger } from './pipeline-machine.ts';
import { Pipelines } from './pipelines.ts';
import {
  type PoolPhase,
  type PoolTrigger,
  poolMachine,
  poolNegotiates,
  poolSays,
  poolTakesPipelines,
} from './pool-machine.ts';
import { holdsSecret } from './secrets.ts';
import { buildPoolCall, buildPoolRequest, buildPoolSize, buildSessionCapability } from './session-messages.ts';
import { negotiateVersion, offeredVersion, type ProtocolVersion } from './versions.ts';

/**
 * The client's half of a runspace pool and its pipelines (MS-PSRP 3.1): no input or output of its own. Its owner calls methods, carries
 * `dataToSend` to the server, and gives what comes back to `receive`. Ids may be given in either case; events have them in lower case.
 */
export class RunspacePoolClient {
  readonly id: Guid;
  readonly #options: ClientOptions;
  readonly #offered: ProtocolVersion;
  readonly #endpoint: Endpoint;
  readonly #keys: KeyExchange;
  readonly #pipelines = new Pipelines();
  readonly #adopted = new Set<Guid>();
  #phase: PoolPhase = 'beforeOpen';
  #version: ProtocolVersion;
  #nextCallId = 1n;

  constructor(options: ClientOptions) {
    this.id = options.id.toLowerCase();
    this.#options = options;
    this.#offered = options.protocolVersion ?? offeredVersion;
    this.#version = this.#offered;
    this.#endpoint = new Endpoint('client', this.id);
    this.#keys = new KeyExchange(this.#endpoint, options.keyPair);
  }

  /** Phase of the pool, by the table in pool-machine.ts. */
  get phase(): PoolPhase {
    return this.#phase;
  }

  /** The version agreed on; before that, the one offered. */
  get protocolVersion(): ProtocolVersion {
    return this.#version;
  }

  /** Whether secrets can be read and sent without a further exchange. */
  get hasKey(): boolean {
    return this.#endpoint.key !== null;
  }

  /** State of a pipeline; undefined if there is none of this id. */
  pipelineState(pipelineId: Guid): PipelineState | undefined {
    return this.#pipelines.get(pipelineId.toLowerCase())?.state;
  }

  /**
   * Moves the pool by what its owner or transport did (`close`, `closed`, `disconnect`, `disconnected`, `reconnected`, `fail`).
   * @throws Failure `protocol-error` if that is not allowed now
   */
  advance(trigger: PoolTrigger): void {
    const next = poolMachine[this.#phase][trigger];
    if (next === undefined)
      throw new Failure('protocol-error', `PSRP: ${trigger} is not possible while the pool is ${this.#phase}`);
    this.#phase = next;
  }

  /** Opens a new pool: SESSION_CAPABILITY and INIT_RUNSPACEPOOL wait on target `pool`. */
  open(): void {
    this.advance('open');
    this.#sendCapability();
    const value = buildPoolRequest(toPoolRequest(this.#options), this.#options.form ?? 'full');
    this.#send({ type: 'initRunspacePool', pipelineId: null, first: true, value: () => value });
  }

  /** Connects to a pool of this id that exists on the server: SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL wait on target `pool`. */
  connect(size: { readonly minRunspaces: number; readonly maxRunspaces: number } | null = null): void {
    this.advance('connect');
    this.#keys.reset();
    this.#sendCapability();
    const value = buildPoolSize(size ?? { minRunspaces: null, maxRunspaces: null });
    this.#send({ type: 'connectRunspacePool', pipelineId: null, first: true, value: () => value });
  }

  #sendCapability(): void {
    const value = buildSessionCapability({ protocolVersion: this.#offered });
    this.#send({ type: 'sessionCapability', pipelineId: null, first: true, value: () => value });
  }

  #send(message: Outgoing, stream: StreamName = 'default'): void {
    if (message.needsKey === true) this.requestKey();
    this.#endpoint.send(message, stream);
  }

  /**
   * The next bytes for a target, at most `maxBytes` (at least 22): whole and partial messages, cut to fill the room; undefined if nothing
   * can be sent now. A pipeline whose parameters hold secrets waits until the key exchange on target `pool` is done.
   */
  dataToSend(target: Target, maxBytes: number): Chunk | undefined {
    return this.#endpoint.take(target, maxBytes);
  }

  /** Targets that have bytes to send now. */
  pendingTargets(): Target[] {
    return this.#endpoint.targets();
  }

  /** Creates a pipeline: CREATE_PIPELINE waits on target `pipelineId`. Parameters may hold `SecureText`. */
  createPipeline(pipelineId: Guid, fields: PipelineFields): void {
    const definition = completePipeline(fields);
    const id = this.#addPipeline(pipelineId, !definition.noInput);
    const parameters = definition.statements.flat().flatMap((command) => command.parameters);
    this.#send({
      type: 'createPipeline',
      pipelineId: id,
      endsChunk: true,
      needsKey: parameters.some(({ value }) => holdsSecret(value)),
      value: () => buildPipeline(definition, { version: this.#version, form: this.#options.form ?? 'full' }),
    });
  }

  /** Asks for commands; the answer comes as output of a pipeline of this id. */
  getCommandMetadata(pipelineId: Guid, request: CommandMetadataRequest): void {
    const id = this.#addPipeline(pipelineId, false);
    this.#send({ type: 'getCommandMetadata', pipelineId: id, value: () => buildCommandMetadataRequest(request) });
  }

  /**
   * Takes over a pipeline that another client of this pool started, so that its messages are understood. It is known by its command's id;
   * whatever id its own messages bear is learned from them.
   */
  adoptPipeline(commandId: Guid): void {
    this.#adopted.add(this.#addPipeline(commandId, false));
  }

  #addPipeline(pipelineId: Guid, takesInput: boolean): Guid {
    if (!poolTakesPipelines.has(this.#phase))
      throw new Failure('protocol-error', `PSRP: no pipeline can be created while the pool is ${this.#phase}`);
    const id = pipelineId.toLowerCase();
    this.#pipelines.add(id, takesInput);
    return id;
  }

  /** Sends an input object to a pipeline that was created with `noInput: false`. */
  sendInput(pipelineId: Guid, value: PsValue): void {
    const id = pipelineId.toLowerCase();
    this.#pipelines.requireInput(id);
    this.#send({ type: 'pipelineInput', pipelineId: id, value: () => value, needsKey: holdsSecret(value) });
  }

  /** Ends the input of a pipeline. */
  endInput(pipelineId: Guid): void {
    const id = pipelineId.toLowerCase();
    this.#pipelines.endInput(id);
    this.#send({ type: 'endOfPipelineInput', pipelineId: id, value: () => undefined });
  }

  /** Moves a pipeline by what its owner or transport did: `stop` when a stop is sent, `saysStopped` where its acknowledgement is all that comes. */
  advancePipeline(pipelineId: Guid, trigger: PipelineTrigger): void {
    this.#pipelines.advance(pipelineId.toLowerCase(), trigger);
  }

  /** Forgets a pipeline that has ended or was closed; what still comes for it is passed over. */
  forgetPipeline(pipelineId: Guid): void {
    const id = pipelineId.toLowerCase();
    this.#pipelines.forget(id);
    this.#endpoint.discard(id);
  }

  /**
   * Asks for other sizes, how many runspaces are free, or a reset (version 2.3); gives the call id that `runspaceAvailability` will carry.
   */
  callPool(
    type: 'setMaxRunspaces' | 'setMinRunspaces' | 'getAvailableRunspaces' | 'resetRunspaceState',
    count: number | null = null,
  ): bigint {
    if (type === 'resetRunspaceState' && this.#version < '2.3')
      throw new Failure('protocol-error', `PSRP: a reset needs version 2.3, the server speaks ${this.#version}`);
    const callId = this.#nextCallId++;
    const shape = type === 'setMaxRunspaces' || type === 'setMinRunspaces' ? type : 'plain';
    this.#send({ type, pipelineId: null, value: () => buildPoolCall(shape, { callId, count }) });
    return callId;
  }

  /** Answers a host call with a value or an error, on stream `promptResponse`; a call that waits for no answer needs none. */
  answerHostCall(call: HostCall, answer: { readonly value: PsValue } | { readonly error: PsObject }): void {
    const message: Outgoing = {
      type: call.pipelineId === null ? 'runspacePoolHostResponse' : 'pipelineHostResponse',
      pipelineId: call.pipelineId,
      needsKey: 'value' in answer && holdsSecret(answer.value),
      value: () => buildHostAnswer(call, answer),
    };
    this.#send(message, 'promptResponse');
  }

  /**
   * Begins the key exchange unless it has begun: PUBLIC_KEY waits on target `pool` as soon as the pool is open.
   * @throws Failure `protocol-error` if no key pair was given
   */
  requestKey(): void {
    this.#keys.want(this.#version, this.#phase === 'opened');
  }

  /** The clear text of a secure string that came before the session key. */
  openSecure(value: PsSecureString): SecureText {
    return this.#endpoint.open(value);
  }

  /**
   * What bytes from the server mean. `target` is where they came from: the pool's stream or a command's.
   * @throws Failure `protocol-error` for what the protocol does not allow; the pool is then broken
   */
  receive(bytes: Uint8Array, target: Target = poolTarget): ClientEvent[] {
    const from = target.toLowerCase();
    if (this.#pipelines.wasForgotten(from)) return [];
    try {
      return this.#endpoint
        .receive(bytes, from, 'default')
        .flatMap((message) => this.#take(this.#adopted.has(from) ? this.#recognize(message, from) : message));
    } catch (failure) {
      this.#phase = poolMachine[this.#phase].fail ?? this.#phase;
      throw failure;
    }
  }

  /**
   * Notes that an answer with bytes of a target may have been lost on its way here. What comes next is taken only if it follows what came
   * before without a gap.
   * @throws Failure `dropped` if something certainly was lost, then or by `receive`
   */
  mayLack(target: Target): void {
    this.#endpoint.mayLack(target.toLowerCase());
  }

  #recognize(message: Message, adopted: Guid): Message {
    if (message.pipelineId === null || message.pipelineId === adopted) return message;
    this.#endpoint.wireIds.set(adopted, message.pipelineId);
    return { ...message, pipelineId: adopted };
  }

  #take(message: Message): ClientEvent[] {
    const { pipelineId } = message;
    // A pipeline that was created before the pool had answered may be heard of first: its bytes come by a way of their own.
    const early = poolNegotiates.has(this.#phase) && pipelineId === null;
    if (early && message.type !== 'sessionCapability' && message.type !== 'runspacePoolState')
      throw new Failure('protocol-error', `PSRP: expected sessionCapability first, got ${message.type}`);
    if (pipelineId !== null && this.#pipelines.wasForgotten(pipelineId)) return [];
    if (pipelineId !== null) this.#pipelines.require(pipelineId);
    return this.#apply(readClientMessage(message, this.#endpoint.read(message)));
  }

  #apply(read: ClientMessage): ClientEvent[] {
    if (read.kind === 'capability') return this.#negotiate(read.capability.protocolVersion);
    if (read.kind === 'encryptedKey') {
      this.#keys.take(read.text);
      return [{ kind: 'sessionKey' }];
    }
    if (read.kind === 'hostCall') return [{ ...read, answered: this.#refuseHostCall(read.call) }];
    // A second report of a pipeline's end, as some servers send after a stop, is none.
    if (read.kind === 'pipelineState') return this.#pipelines.tryReport(read.pipelineId, read.state) ? [read] : [];
    if (read.kind === 'keyRequested') this.requestKey();
    if (read.kind === 'poolSize') this.advance('initData');
    if (read.kind === 'poolState') {
      const said = poolSays[read.state];
      if (said !== null) this.advance(said);
    }
    if (this.#phase === 'opened') this.#keys.opened();
    return [read];
  }

  #negotiate(serverVersion: string): ClientEvent[] {
    this.#version = negotiateVersion(this.#offered, serverVersion);
    this.advance('capability');
    this.#keys.negotiated(this.#version);
    return [{ kind: 'negotiated', protocolVersion: this.#version, serverVersion }];
  }

  /** Answers a call that nobody here can answer with an error, or its pipeline would wait for ever. */
  #refuseHostCall(call: HostCall): boolean {
    if (!call.needsAnswer) return true;
    if (this.#options.answersHostCalls === true) return false;
    this.answerHostCall(call, { error: noHostAnswer(call.method) });
    return true;
  }
}
