import { Failure } from '../../../kernel/failure.ts';
import type { SecureText } from '../clixml/secure-text.ts';
import { isPsObject, type PsObject, type PsSecureString, type PsValue } from '../clixml/values.ts';
import { type PipelineState, remoteStreamOptions } from './codes.ts';
import { Endpoint } from './endpoint.ts';
import { buildErrorRecord, type ErrorRecordFields, type ErrorRecordForm, stoppedError } from './error-record.ts';
import { emptyGuid, type Guid } from './guid.ts';
import { buildHostCall } from './host-calls.ts';
import { type HostMethod, needsAnswer } from './host-methods.ts';
import type { InvocationInfo } from './invocation-info.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import { type Chunk, poolTarget, type StreamName, type Target } from './outbox.ts';
import { Pipelines } from './pipelines.ts';
import type { ServerEvent } from './server-events.ts';
import { readServerMessage, type ServerMessage } from './server-messages.ts';
import {
  type ServerPoolPhase,
  type ServerPoolTrigger,
  serverPoolMachine,
  serverTakesPipelines,
} from './server-pool-machine.ts';
import { readPublicKey, writeSessionKey } from './session-key.ts';
import {
  buildApplicationPrivateData,
  buildKey,
  buildPoolSize,
  buildRunspaceAvailability,
  buildSessionCapability,
} from './session-messages.ts';
import { buildPipelineState, buildPoolState } from './states.ts';
import {
  buildInformationRecord,
  buildMessageRecord,
  buildProgressRecord,
  type InformationRecordFields,
  type MessageStream,
  type ProgressRecordFields,
} from './stream-records.ts';
import { buildUserEvent, type UserEvent } from './user-event.ts';
import { negotiateVersion, offeredVersion, type ProtocolVersion } from './versions.ts';

/** What a server's pool is made from. */
export type ServerOptions = {
  /** Source of the session key and of the padding around it. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Highest version to speak; 2.3 by default. */
  readonly protocolVersion?: ProtocolVersion;
};

const recordTypes = { warning: 'warningRecord', verbose: 'verboseRecord', debug: 'debugRecord' } as const;

/**
 * The server's half of a runspace pool and its pipelines (MS-PSRP 3.2): no input or output of its own. Its owner gives the client's bytes
 * to `receive`, calls methods for what the scripts do, and carries `dataToSend` back. Stopping a pipeline and closing the pool come by
 * other ways than PSRP (signals, deletes): the owner then reports the states.
 */
export class RunspacePoolServer {
  readonly #options: ServerOptions;
  readonly #endpoint = new Endpoint('server', emptyGuid);
  readonly #pipelines = new Pipelines();
  #phase: ServerPoolPhase = 'beforeOpen';
  #version: ProtocolVersion;
  #nextCallId = 1n;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#version = options.protocolVersion ?? offeredVersion;
  }

  /** Phase of the pool, by the table in server-pool-machine.ts. */
  get phase(): ServerPoolPhase {
    return this.#phase;
  }

  /** Id of the pool; empty before the client has sent it. */
  get poolId(): Guid {
    return this.#endpoint.poolId;
  }

  /** The version agreed on; before that, the highest. */
  get protocolVersion(): ProtocolVersion {
    return this.#version;
  }

  /** State of a pipeline; undefined if there is none of this id. */
  pipelineState(pipelineId: Guid): PipelineState | undefined {
    return this.#pipelines.get(pipelineId.toLowerCase())?.state;
  }

  /** The next bytes for a target, at most `maxBytes`; undefined if there is nothing. */
  dataToSend(target: Target, maxBytes: number): Chunk | undefined {
    return this.#endpoint.take(target, maxBytes);
  }

  /** Targets that have bytes to send. */
  pendingTargets(): Target[] {
    return this.#endpoint.targets();
  }

  /**
   * Moves the pool by what its owner did.
   * @throws Failure `protocol-error` if that is not allowed now
   */
  advance(trigger: ServerPoolTrigger): void {
    const next = serverPoolMachine[this.#phase][trigger];
    if (next === undefined)
      throw new Failure('protocol-error', `PSRP: ${trigger} is not possible while the pool is ${this.#phase}`);
    this.#phase = next;
  }

  #send(type: MessageType, value: PsValue | undefined, pipelineId: Guid | null = null): void {
    this.#endpoint.send({ type, pipelineId, value: () => value });
  }

  /** Answers `openRequested`: private data (a PSPrimitiveDictionary, with PSVersionTable inside), then state Opened. */
  acceptOpen(applicationPrivateData: PsValue): void {
    this.advance('acceptOpen');
    this.sendApplicationPrivateData(applicationPrivateData);
    this.#send('runspacePoolState', buildPoolState('opened'));
  }

  /** Answers `connectRequested` with the pool's sizes; the private data should follow. */
  acceptConnect(size: { readonly minRunspaces: number; readonly maxRunspaces: number }): void {
    this.#send('runspacePoolInitData', buildPoolSize(size));
  }

  /** Sends APPLICATION_PRIVATE_DATA. */
  sendApplicationPrivateData(data: PsValue): void {
    this.#send('applicationPrivateData', buildApplicationPrivateData(data));
  }

  /** Ends the pool: states Closing and Closed, or Broken with its error. */
  endPool(error: PsObject | null = null): void {
    if (error === null) {
      this.advance('close');
      this.#send('runspacePoolState', buildPoolState('closing'));
      this.advance('closed');
      this.#send('runspacePoolState', buildPoolState('closed'));
    } else {
      this.advance('fail');
      this.#send('runspacePoolState', buildPoolState('broken', error));
    }
  }

  /** Answers a request for other sizes (boolean), for a reset (boolean) or for free runspaces (a count). */
  answerAvailability(callId: bigint, result: boolean | number): void {
    this.#send('runspaceAvailability', buildRunspaceAvailability({ callId, result }));
  }

  /** Forwards an event of the remote side. */
  sendUserEvent(event: UserEvent): void {
    this.#send('userEvent', buildUserEvent(event));
  }

  /** Sends an output object. */
  sendOutput(pipelineId: Guid, value: PsValue): void {
    this.#sendOf(pipelineId, 'pipelineOutput', value);
  }

  /** Sends a non-terminating error, from its fields or as a finished record. */
  sendError(pipelineId: Guid, error: ErrorRecordFields | PsObject): void {
    const extended = this.#wantsPlace(pipelineId, remoteStreamOptions.error);
    this.#sendOf(pipelineId, 'errorRecord', toRecord(error, { extended, inStream: true }));
  }

  /** Sends a warning, verbose or debug record; its place goes along if the client asked for it. */
  sendMessage(
    pipelineId: Guid,
    stream: MessageStream,
    message: string,
    invocation: Partial<InvocationInfo> | null = null,
  ): void {
    const place = this.#wantsPlace(pipelineId, remoteStreamOptions[stream]) ? invocation : null;
    this.#sendOf(pipelineId, recordTypes[stream], buildMessageRecord(stream, message, place));
  }

  #wantsPlace(pipelineId: Guid, bit: number): boolean {
    return (this.#pipelines.require(pipelineId.toLowerCase()).remoteStreamOptions & bit) !== 0;
  }

  /** Sends an information record; clients below version 2.3 don't know them and get nothing. */
  sendInformation(pipelineId: Guid, record: InformationRecordFields | PsObject): void {
    if (this.#version < '2.3') return;
    this.#sendOf(pipelineId, 'informationRecord', isPsObject(record) ? record : buildInformationRecord(record));
  }

  /** Sends a progress record. */
  sendProgress(pipelineId: Guid, record: ProgressRecordFields): void {
    this.#sendOf(pipelineId, 'progressRecord', buildProgressRecord(record));
  }

  /**
   * Calls a method of the client's host; gives the call id that `hostAnswer` will carry, or null for methods without answer.
   * @param pipelineId null for a call of the pool
   */
  callHost(pipelineId: Guid | null, method: HostMethod, parameters: readonly PsValue[]): bigint | null {
    const callId = this.#nextCallId++;
    const value = buildHostCall(method, parameters, callId);
    if (pipelineId === null) this.#send('runspacePoolHostCall', value);
    else this.#sendOf(pipelineId, 'pipelineHostCall', value);
    return needsAnswer(method) ? callId : null;
  }

  /**
   * Reports a pipeline's new state; `failed` with the error that ended it, `stopped` with PowerShell's own unless one is given. Nothing may be sent for it after its end.
   * @throws Failure `protocol-error` if that state can't follow
   */
  setPipelineState(pipelineId: Guid, state: PipelineState, error: ErrorRecordFields | PsObject | null = null): void {
    const id = pipelineId.toLowerCase();
    const report = error ?? (state === 'stopped' ? stoppedError : null);
    const before = this.#pipelines.requireLive(id).state;
    if (!this.#pipelines.tryReport(id, state))
      throw new Failure('protocol-error', `PSRP: pipeline ${id} is ${before} and can't become ${state}`);
    this.#send('pipelineState', buildPipelineState(state, report === null ? null : toRecord(report)), id);
  }

  /** Forgets a pipeline that was closed, with whatever waits for it. */
  forgetPipeline(pipelineId: Guid): void {
    const id = pipelineId.toLowerCase();
    this.#pipelines.forget(id);
    this.#endpoint.discard(id);
  }

  #sendOf(pipelineId: Guid, type: MessageType, value: PsValue): void {
    const id = pipelineId.toLowerCase();
    this.#pipelines.requireLive(id);
    this.#send(type, value, id);
  }

  /** The clear text of a secure string that came before the session key. */
  openSecure(value: PsSecureString): SecureText {
    return this.#endpoint.open(value);
  }

  /**
   * What bytes from the client mean.
   * @throws Failure `protocol-error` for what the protocol does not allow; the pool is then broken. A refused version has
   * `facts.reason` `version`.
   */
  receive(bytes: Uint8Array, target: Target = poolTarget, stream: StreamName = 'default'): ServerEvent[] {
    const from = target.toLowerCase();
    if (this.#pipelines.wasForgotten(from)) return [];
    try {
      return this.#endpoint.receive(bytes, from, stream).flatMap((message) => this.#take(message));
    } catch (failure) {
      this.#phase = serverPoolMachine[this.#phase].fail ?? this.#phase;
      throw failure;
    }
  }

  #take(message: Message): ServerEvent[] {
    const { pipelineId, type } = message;
    const starts = type === 'createPipeline' || type === 'getCommandMetadata';
    // Input and answers can be on their way while their pipeline ends.
    if (pipelineId !== null && !starts && !this.#pipelines.isLive(pipelineId)) return [];
    return this.#apply(readServerMessage(message, this.#endpoint.read(message)));
  }

  #apply(read: ServerMessage): ServerEvent[] {
    if (read.kind === 'capability') return this.#negotiate(read.poolId, read.version);
    if (read.kind === 'publicKey') return this.#giveKey(read.text);
    if (read.kind === 'openRequested') {
      this.advance('init');
      this.#endpoint.poolId = read.poolId;
    } else if (read.kind === 'connectRequested') this.advance('connect');
    else if (read.kind === 'pipelineCreated')
      this.#addPipeline(read.pipelineId, !read.definition.noInput, read.definition.remoteStreamOptions);
    else if (read.kind === 'commandMetadataRequested') this.#addPipeline(read.pipelineId, false, 0);
    else if (read.kind === 'input') this.#pipelines.requireInput(read.pipelineId);
    else if (read.kind === 'inputEnded') this.#pipelines.endInput(read.pipelineId);
    return [read];
  }

  #addPipeline(pipelineId: Guid, takesInput: boolean, remoteStreamOptions: number): void {
    if (!serverTakesPipelines.has(this.#phase))
      throw new Failure('protocol-error', `PSRP: no pipeline can be created while the pool is ${this.#phase}`);
    this.#pipelines.add(pipelineId, takesInput, remoteStreamOptions);
  }

  #negotiate(poolId: Guid, clientVersion: string): ServerEvent[] {
    const protocolVersion = negotiateVersion(this.#options.protocolVersion ?? offeredVersion, clientVersion);
    this.advance('capability');
    this.#endpoint.poolId = poolId;
    this.#endpoint.key = protocolVersion >= '2.4' ? 'none' : null;
    this.#version = protocolVersion;
    this.#send('sessionCapability', buildSessionCapability({ protocolVersion }));
    return [{ kind: 'negotiated', protocolVersion, clientVersion }];
  }

  #giveKey(publicKey: string): ServerEvent[] {
    if (!(this.#endpoint.key instanceof Uint8Array)) this.#endpoint.key = this.#options.randomBytes(32);
    const text = writeSessionKey(this.#endpoint.key, readPublicKey(publicKey), this.#options.randomBytes);
    this.#send('encryptedSessionKey', buildKey('encryptedSessionKey', text));
    return [{ kind: 'keySent' }];
  }
}

const toRecord = (error: ErrorRecordFields | PsObject, form: ErrorRecordForm = {}): PsObject =>
  isPsObject(error) ? error : buildErrorRecord(error, form);
