import { Failure } from '../../../kernel/failure.ts';
import type { SecureText } from '../clixml/secure-text.ts';
import type { PsObject, PsSecureString, PsValue } from '../clixml/values.ts';
import type { ClientEvent } from './client-events.ts';
import { ClientInbox } from './client-inbox.ts';
import { type ClientOptions, toPoolRequest } from './client-options.ts';
import type { PipelineState } from './codes.ts';
import { buildCommandMetadataRequest, type CommandMetadataRequest } from './command-metadata.ts';
import { Endpoint, type Outgoing } from './endpoint.ts';
import type { Guid } from './guid.ts';
import { buildHostAnswer, type HostCall, noHostAnswer } from './host-calls.ts';
import { type Chunk, poolTarget, type StreamName, type Target } from './outbox.ts';
import { buildPipeline, completePipeline, type PipelineFields } from './pipeline-definition.ts';
import type { PipelineTrigger } from './pipeline-machine.ts';
import { Pipelines } from './pipelines.ts';
import { PoolLife } from './pool-life.ts';
import type { PoolPhase, PoolTrigger } from './pool-machine.ts';
import { holdsSecret } from './secrets.ts';
import { buildPoolCall, buildPoolRequest, buildPoolSize, buildSessionCapability } from './session-messages.ts';
import type { ProtocolVersion } from './versions.ts';

/**
 * The client's half of a runspace pool and its pipelines (MS-PSRP 3.1): no input or output of its own. Its owner calls methods, carries
 * `dataToSend` to the server, and gives what comes back to `receive`. Ids may be given in either case; events have them in lower case.
 */
export class RunspacePoolClient {
  readonly id: Guid;
  readonly #options: ClientOptions;
  readonly #endpoint: Endpoint;
  readonly #life: PoolLife;
  readonly #pipelines = new Pipelines();
  readonly #inbox: ClientInbox;
  #nextCallId = 1n;

  constructor(options: ClientOptions) {
    this.id = options.id.toLowerCase();
    this.#options = options;
    this.#endpoint = new Endpoint('client', this.id);
    this.#life = new PoolLife(options, this.#endpoint);
    this.#inbox = new ClientInbox({
      endpoint: this.#endpoint,
      life: this.#life,
      pipelines: this.#pipelines,
      refuse: (call) => this.#refuseHostCall(call),
    });
  }

  /** Phase of the pool, by the table in pool-machine.ts. */
  get phase(): PoolPhase {
    return this.#life.phase;
  }

  /** The version agreed on; before that, the one offered. */
  get protocolVersion(): ProtocolVersion {
    return this.#life.version;
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
    this.#life.advance(trigger);
  }

  /** Opens a new pool: SESSION_CAPABILITY and INIT_RUNSPACEPOOL wait on target `pool`. */
  open(): void {
    this.#life.advance('open');
    this.#sendCapability();
    const value = buildPoolRequest(toPoolRequest(this.#options), this.#options.form ?? 'full');
    this.#send({ type: 'initRunspacePool', pipelineId: null, first: true, value: () => value });
  }

  /** Connects to a pool of this id that exists on the server: SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL wait on target `pool`. */
  connect(size: { readonly minRunspaces: number; readonly maxRunspaces: number } | null = null): void {
    this.#life.connect();
    this.#sendCapability();
    const value = buildPoolSize(size ?? { minRunspaces: null, maxRunspaces: null });
    this.#send({ type: 'connectRunspacePool', pipelineId: null, first: true, value: () => value });
  }

  #sendCapability(): void {
    const value = buildSessionCapability({ protocolVersion: this.#life.offered });
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
      value: () => buildPipeline(definition, { version: this.#life.version, form: this.#options.form ?? 'full' }),
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
    this.#inbox.adopt(this.#addPipeline(commandId, false));
  }

  #addPipeline(pipelineId: Guid, takesInput: boolean): Guid {
    this.#life.requirePipelines();
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
    const { version } = this.#life;
    if (type === 'resetRunspaceState' && version < '2.3')
      throw new Failure('protocol-error', `PSRP: a reset needs version 2.3, the server speaks ${version}`);
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
    this.#life.wantKey();
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
    return this.#inbox.receive(bytes, target.toLowerCase());
  }

  /**
   * Notes that an answer with bytes of a target may have been lost on its way here. What comes next is taken only if it follows what came
   * before without a gap.
   * @throws Failure `dropped` if something certainly was lost, then or by `receive`
   */
  mayLack(target: Target): void {
    this.#endpoint.mayLack(target.toLowerCase());
  }

  /** Answers a call that nobody here can answer with an error, or its pipeline would wait for ever. */
  #refuseHostCall(call: HostCall): boolean {
    if (this.#options.answersHostCalls === true) return false;
    this.answerHostCall(call, { error: noHostAnswer(call.method) });
    return true;
  }
}
