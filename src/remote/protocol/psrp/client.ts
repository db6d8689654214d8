import { Failure } from '../../../kernel/failure.ts';
import type { SecureText } from '../clixml/secure-text.ts';
import type { PsObject, PsSecureString, PsValue } from '../clixml/values.ts';
import type { ClientEvent } from './client-events.ts';
import { readClientMessage } from './client-messages.ts';
import type { PipelineState } from './codes.ts';
import { buildCommandMetadataRequest, type CommandMetadataRequest } from './command-metadata.ts';
import { Endpoint } from './endpoint.ts';
import { buildErrorRecord } from './error-record.ts';
import type { EnumForm } from './fields.ts';
import type { Guid } from './guid.ts';
import { buildHostAnswer, type HostCall } from './host-calls.ts';
import { noHost } from './host-info.ts';
import type { Message } from './message.ts';
import type { Chunk, Target } from './outbox.ts';
import { buildPipeline, completePipeline, type PipelineFields } from './pipeline-definition.ts';
import { type PipelineTrigger, pipelineEnds, pipelineMachine, pipelineSays } from './pipeline-machine.ts';
import { type PoolPhase, type PoolTrigger, poolMachine, poolNegotiates, poolTakesPipelines } from './pool-machine.ts';
import { holdsSecret } from './secrets.ts';
import { readSessionKey, type SessionKeyPair, writePublicKey } from './session-key.ts';
import {
  buildKey,
  buildPoolCall,
  buildPoolRequest,
  buildPoolSize,
  buildSessionCapability,
  type PoolRequest,
} from './session-messages.ts';
import { negotiateVersion, offeredVersion, type ProtocolVersion } from './versions.ts';

/** What a client's pool is made from; only the id is needed. */
export type ClientOptions = Partial<PoolRequest> & {
  /** Id of the pool, fresh for each. */
  readonly id: Guid;
  /** Makes or gives the RSA pair when the first secret must travel; without it secrets are refused below version 2.4. */
  readonly keyPair?: () => SessionKeyPair;
  /** Highest version to offer; 2.3 by default. */
  readonly protocolVersion?: ProtocolVersion;
  /** Whether the owner answers host calls; otherwise those that wait for an answer get an error at once. */
  readonly answersHostCalls?: boolean;
  /** `compact` leaves out type names of enums and lists; about a fifth of the size, proven with PowerShell 7 only. */
  readonly form?: EnumForm;
};

type Pipeline = { state: PipelineState; takesInput: boolean };

/**
 * The client's half of a runspace pool and its pipelines (MS-PSRP 3.1): no input or output of its own. Its owner calls methods, carries
 * `dataToSend` to the server, and gives what comes back to `receive`.
 */
export class RunspacePoolClient {
  readonly id: Guid;
  readonly #options: ClientOptions;
  readonly #endpoint: Endpoint;
  readonly #pipelines = new Map<Guid, Pipeline>();
  #phase: PoolPhase = 'beforeOpen';
  #version: ProtocolVersion;
  #pair: SessionKeyPair | null = null;
  #keyWanted = false;
  #nextCallId = 1n;

  constructor(options: ClientOptions) {
    this.id = options.id.toLowerCase();
    this.#options = options;
    this.#version = options.protocolVersion ?? offeredVersion;
    this.#endpoint = new Endpoint('client', this.id);
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
    return this.#pipelines.get(pipelineId)?.state;
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
    const { minRunspaces = 1, maxRunspaces = 1, threadOptions = 'Default', apartmentState = 'Unknown' } = this.#options;
    const { hostInfo = noHost, applicationArguments = null, form = 'full' } = this.#options;
    const request = { minRunspaces, maxRunspaces, threadOptions, apartmentState, hostInfo, applicationArguments };
    this.#endpoint.send({ type: 'initRunspacePool', pipelineId: null, value: () => buildPoolRequest(request, form) });
  }

  /** Connects to a pool of this id that exists on the server. */
  connect(size: { minRunspaces: number; maxRunspaces: number } | null = null): void {
    this.advance('connect');
    this.#endpoint.key = null;
    this.#keyWanted = false;
    this.#sendCapability();
    const value = buildPoolSize(size ?? { minRunspaces: null, maxRunspaces: null });
    this.#endpoint.send({ type: 'connectRunspacePool', pipelineId: null, value: () => value });
  }

  #sendCapability(): void {
    const protocolVersion = this.#options.protocolVersion ?? offeredVersion;
    this.#endpoint.send({
      type: 'sessionCapability',
      pipelineId: null,
      value: () => buildSessionCapability({ protocolVersion }),
    });
  }

  /**
   * The next bytes for a target, at most `maxBytes`; undefined if nothing can be sent now. A pipeline whose parameters hold secrets
   * waits until the key exchange on target `pool` is done.
   */
  dataToSend(target: Target, maxBytes: number): Chunk | undefined {
    return this.#endpoint.take(target, maxBytes);
  }

  /** Targets that have bytes to send now. */
  pendingTargets(): Target[] {
    return this.#endpoint.targets();
  }

  /** Creates a pipeline: CREATE_PIPELINE waits on target `pipelineId`. */
  createPipeline(pipelineId: Guid, fields: PipelineFields): void {
    const definition = completePipeline(fields);
    this.#addPipeline(pipelineId, !definition.noInput);
    const needsKey = definition.statements
      .flat()
      .some((command) => command.parameters.some(({ value }) => holdsSecret(value)));
    this.#sendWith(needsKey, {
      type: 'createPipeline',
      pipelineId,
      value: () => buildPipeline(definition, { version: this.#version, form: this.#options.form ?? 'full' }),
    });
  }

  /** Asks for commands; the answer comes as output of a pipeline of this id. */
  getCommandMetadata(pipelineId: Guid, request: CommandMetadataRequest): void {
    this.#addPipeline(pipelineId, false);
    this.#endpoint.send({ type: 'getCommandMetadata', pipelineId, value: () => buildCommandMetadataRequest(request) });
  }

  /** Takes over a pipeline that was started by another client of this pool. */
  adoptPipeline(pipelineId: Guid): void {
    this.#addPipeline(pipelineId, false);
  }

  #addPipeline(pipelineId: Guid, takesInput: boolean): void {
    if (!poolTakesPipelines.has(this.#phase))
      throw new Failure('protocol-error', `PSRP: no pipeline can be created while the pool is ${this.#phase}`);
    if (this.#pipelines.has(pipelineId))
      throw new Failure('protocol-error', `PSRP: pipeline ${pipelineId} exists already`);
    this.#pipelines.set(pipelineId, { state: 'running', takesInput });
  }

  /** Sends an input object to a pipeline that takes input. */
  sendInput(pipelineId: Guid, value: PsValue): void {
    this.#inputOf(pipelineId);
    this.#sendWith(holdsSecret(value), { type: 'pipelineInput', pipelineId, value: () => value });
  }

  /** Ends the input of a pipeline. */
  endInput(pipelineId: Guid): void {
    this.#inputOf(pipelineId).takesInput = false;
    this.#endpoint.send({ type: 'endOfPipelineInput', pipelineId, value: () => undefined });
  }

  #inputOf(pipelineId: Guid): Pipeline {
    const pipeline = this.#pipelines.get(pipelineId);
    if (pipeline?.takesInput !== true || pipelineEnds.has(pipeline.state))
      throw new Failure('protocol-error', `PSRP: pipeline ${pipelineId} takes no input`);
    return pipeline;
  }

  /** Moves a pipeline by what its owner or transport did; `saysStopped` where the transport's acknowledgement is the only answer. */
  advancePipeline(pipelineId: Guid, trigger: PipelineTrigger): void {
    const pipeline = this.#pipelines.get(pipelineId);
    const next = pipeline && pipelineMachine[pipeline.state][trigger];
    if (next === undefined)
      throw new Failure('protocol-error', `PSRP: ${trigger} is not possible for pipeline ${pipelineId}`);
    pipeline!.state = next;
  }

  /** Forgets a pipeline that has ended or was closed; what still comes for it is passed over. */
  forgetPipeline(pipelineId: Guid): void {
    this.#pipelines.delete(pipelineId);
    this.#endpoint.discard(pipelineId);
  }

  /** Asks for more or fewer runspaces, how many are free, or a reset; gives the call id that the answer will carry. */
  callPool(
    type: 'setMaxRunspaces' | 'setMinRunspaces' | 'getAvailableRunspaces' | 'resetRunspaceState',
    count: number | null = null,
  ): bigint {
    if (type === 'resetRunspaceState' && this.#version < '2.3')
      throw new Failure('protocol-error', `PSRP: a reset needs version 2.3, the server speaks ${this.#version}`);
    const callId = this.#nextCallId++;
    const shape = type === 'setMaxRunspaces' || type === 'setMinRunspaces' ? type : 'plain';
    this.#endpoint.send({ type, pipelineId: null, value: () => buildPoolCall(shape, { callId, count }) });
    return callId;
  }

  /** Answers a host call with a value or an error; a call that waits for no answer needs none. */
  answerHostCall(call: HostCall, answer: { readonly value: PsValue } | { readonly error: PsObject }): void {
    const type = call.pipelineId === null ? 'runspacePoolHostResponse' : 'pipelineHostResponse';
    const needsKey = 'value' in answer && holdsSecret(answer.value);
    this.#sendWith(needsKey, { type, pipelineId: call.pipelineId, value: () => buildHostAnswer(call, answer) }, true);
  }

  #sendWith(needsKey: boolean, message: Parameters<Endpoint['send']>[0], prompt = false): void {
    if (needsKey) this.requestKey();
    this.#endpoint.send({ ...message, needsKey }, message.pipelineId ?? 'pool', prompt ? 'promptResponse' : 'default');
  }

  /**
   * Begins the key exchange, if it has not begun: PUBLIC_KEY waits on target `pool` as soon as the pool is open.
   * @throws Failure `protocol-error` if no key pair was given
   */
  requestKey(): void {
    if (this.#keyWanted || this.hasKey) return;
    if (this.#options.keyPair === undefined && (this.#options.protocolVersion ?? offeredVersion) < '2.4')
      throw new Failure('protocol-error', 'PSRP: secrets need a key pair, and none was given');
    this.#keyWanted = true;
    if (this.#phase === 'opened') this.#sendPublicKey();
  }

  #sendPublicKey(): void {
    if (this.hasKey || this.#options.keyPair === undefined) return;
    this.#pair ??= this.#options.keyPair();
    const text = writePublicKey(this.#pair.publicKey);
    this.#endpoint.send({ type: 'publicKey', pipelineId: null, value: () => buildKey('publicKey', text) });
  }

  /** The clear text of a secure string that came before the session key. */
  openSecure(value: PsSecureString): SecureText {
    return this.#endpoint.open(value);
  }

  /**
   * What bytes from the server mean. `target` is where they came from: the pool's stream or a command's.
   * @throws Failure `protocol-error` for what the protocol does not allow; the pool is then broken
   */
  receive(bytes: Uint8Array, target: Target = 'pool'): ClientEvent[] {
    try {
      return this.#endpoint.receive(bytes, target, 'default').flatMap((message) => this.#take(message));
    } catch (failure) {
      this.#phase = poolMachine[this.#phase].fail ?? this.#phase;
      throw failure;
    }
  }

  #take(message: Message): ClientEvent[] {
    if (poolNegotiates.has(this.#phase) && message.type !== 'sessionCapability' && message.type !== 'runspacePoolState')
      throw new Failure('protocol-error', `PSRP: expected SESSION_CAPABILITY first, got ${message.type}`);
    // What still comes for a pipeline that was forgotten concerns nobody.
    if (message.pipelineId !== null && !this.#pipelines.has(message.pipelineId)) return [];
    const event = readClientMessage(message, this.#endpoint.read(message));
    return this.#apply(event);
  }

  #apply(read: ReturnType<typeof readClientMessage>): ClientEvent[] {
    switch (read.kind) {
      case 'capability':
        this.#version = negotiateVersion(
          this.#options.protocolVersion ?? offeredVersion,
          read.capability.protocolVersion,
        );
        this.advance('capability');
        if (this.#version >= '2.4') this.#endpoint.key = 'none';
        return [{ kind: 'negotiated', protocolVersion: this.#version, serverVersion: read.capability.protocolVersion }];
      case 'encryptedKey':
        if (this.#pair === null) throw new Failure('protocol-error', 'PSRP: a session key came that nobody asked for');
        this.#endpoint.key = readSessionKey(read.text, this.#pair.privateKey);
        return [{ kind: 'sessionKey' }];
      case 'keyRequested':
        this.requestKey();
        return [read];
      case 'poolState':
        return this.#applyPoolState(read);
      case 'poolSize':
        this.advance('initData');
        return [read, ...this.#opened()];
      case 'pipelineState':
        return this.#applyPipelineState(read);
      case 'hostCall':
        return [{ ...read, answered: this.#refuseHostCall(read.call) }];
      default:
        return [read];
    }
  }

  #applyPoolState(read: ClientEvent & { kind: 'poolState' }): ClientEvent[] {
    const trigger = {
      opened: 'saysOpened',
      closing: 'saysClosing',
      closed: 'saysClosed',
      broken: 'saysBroken',
    } as const;
    const said = Object.entries(trigger).find(([state]) => state === read.state)?.[1];
    if (said === undefined) return [read];
    this.advance(said);
    if (read.state === 'opened') this.#opened();
    return [read];
  }

  #opened(): ClientEvent[] {
    if (this.#keyWanted) this.#sendPublicKey();
    return [];
  }

  #applyPipelineState(read: ClientEvent & { kind: 'pipelineState' }): ClientEvent[] {
    const pipeline = this.#pipelines.get(read.pipelineId);
    const trigger = pipelineSays[read.state];
    const next = pipeline && trigger && pipelineMachine[pipeline.state][trigger];
    // A second report of the end, as some servers send after a stop, changes nothing.
    if (!pipeline || !next) return [];
    pipeline.state = next;
    return [read];
  }

  #refuseHostCall(call: HostCall): boolean {
    if (!call.needsAnswer) return true;
    if (this.#options.answersHostCalls === true) return false;
    const error = buildErrorRecord({
      exceptionMessage: `The script asked for ${call.method}, but nobody is there to answer.`,
      exceptionTypes: [
        'System.Management.Automation.Host.HostException',
        'System.Management.Automation.RuntimeException',
        'System.SystemException',
        'System.Exception',
        'System.Object',
      ],
      fullyQualifiedErrorId: 'HostFunctionNotImplemented',
      category: 'ResourceUnavailable',
    });
    this.answerHostCall(call, { error });
    return true;
  }
}
