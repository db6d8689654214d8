import { Failure } from '../../../kernel/failure.ts';
import type { SecureText } from '../clixml/secure-text.ts';
import { isPsObject, type PsObject, type PsSecureString, type PsValue } from '../clixml/values.ts';
import type { PipelineState } from './codes.ts';
import { readCommandMetadataRequest } from './command-metadata.ts';
import { Endpoint } from './endpoint.ts';
import { buildErrorRecord, type ErrorRecordFields } from './error-record.ts';
import { emptyGuid, type Guid } from './guid.ts';
import { buildHostCall, readHostAnswer } from './host-calls.ts';
import { type HostMethod, needsAnswer } from './host-methods.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import type { Chunk, StreamName, Target } from './outbox.ts';
import { readPipeline } from './pipeline-definition.ts';
import { pipelineEnds, pipelineMachine, pipelineSays } from './pipeline-machine.ts';
import type { ServerEvent } from './server-events.ts';
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
  readKey,
  readPoolCall,
  readPoolRequest,
  readPoolSize,
  readSessionCapability,
} from './session-messages.ts';
import { buildPipelineState, buildPoolState } from './states.ts';
import {
  buildInformationRecord,
  buildMessageRecord,
  buildProgressRecord,
  type InformationRecord,
  type MessageStream,
  type ProgressRecord,
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

type Pipeline = { state: PipelineState; takesInput: boolean };

const recordTypes = { warning: 'warningRecord', verbose: 'verboseRecord', debug: 'debugRecord' } as const;

/**
 * The server's half of a runspace pool and its pipelines (MS-PSRP 3.2): no input or output of its own. Its owner gives the client's bytes
 * to `receive`, calls methods for what the scripts do, and carries `dataToSend` back. Stopping a pipeline and closing the pool come by
 * other ways than PSRP (signals, deletes): the owner then reports the states.
 */
export class RunspacePoolServer {
  readonly #options: ServerOptions;
  readonly #endpoint = new Endpoint('server', emptyGuid);
  readonly #pipelines = new Map<Guid, Pipeline>();
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
    return this.#pipelines.get(pipelineId)?.state;
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
    this.#sendOf(pipelineId, 'errorRecord', toRecord(error));
  }

  /** Sends a warning, verbose or debug record, from its text or as a finished record. */
  sendMessage(pipelineId: Guid, stream: MessageStream, message: string | PsObject): void {
    this.#sendOf(
      pipelineId,
      recordTypes[stream],
      typeof message === 'string' ? buildMessageRecord(stream, message) : message,
    );
  }

  /** Sends an information record; clients below version 2.3 don't know them and get nothing. */
  sendInformation(pipelineId: Guid, record: Parameters<typeof buildInformationRecord>[0] | PsObject): void {
    if (this.#version < '2.3') return;
    this.#sendOf(
      pipelineId,
      'informationRecord',
      isPsObject(record) ? record : buildInformationRecord(record as InformationRecord),
    );
  }

  /** Sends a progress record. */
  sendProgress(pipelineId: Guid, record: Pick<ProgressRecord, 'activity'> & Partial<ProgressRecord>): void {
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
   * Reports a pipeline's new state; `failed` and `stopped` with the error that ended it. Nothing may be sent for it after its end.
   * @throws Failure `protocol-error` if that state can't follow
   */
  setPipelineState(pipelineId: Guid, state: PipelineState, error: ErrorRecordFields | PsObject | null = null): void {
    const pipeline = this.#pipelineOf(pipelineId);
    const trigger = pipelineSays[state];
    const next = trigger === null ? undefined : pipelineMachine[pipeline.state][trigger];
    if (next === undefined)
      throw new Failure(
        'protocol-error',
        `PSRP: pipeline ${pipelineId} is ${pipeline.state} and can't become ${state}`,
      );
    // Sent before the state is taken on: after its end a pipeline sends nothing.
    this.#sendOf(pipelineId, 'pipelineState', buildPipelineState(state, error === null ? null : toRecord(error)));
    pipeline.state = next;
  }

  /** Forgets a pipeline that was closed, with whatever waits for it. */
  forgetPipeline(pipelineId: Guid): void {
    this.#pipelines.delete(pipelineId);
    this.#endpoint.discard(pipelineId);
  }

  #pipelineOf(pipelineId: Guid): Pipeline {
    const pipeline = this.#pipelines.get(pipelineId);
    if (pipeline === undefined) throw new Failure('protocol-error', `PSRP: there is no pipeline ${pipelineId}`);
    return pipeline;
  }

  #sendOf(pipelineId: Guid, type: MessageType, value: PsValue): void {
    const { state } = this.#pipelineOf(pipelineId);
    if (pipelineEnds.has(state))
      throw new Failure('protocol-error', `PSRP: pipeline ${pipelineId} is ${state}, nothing more can be sent for it`);
    this.#send(type, value, pipelineId);
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
  receive(bytes: Uint8Array, target: Target = 'pool', stream: StreamName = 'default'): ServerEvent[] {
    try {
      return this.#endpoint
        .receive(bytes, target, stream)
        .flatMap((message) => this.#take(message, this.#endpoint.read(message)));
    } catch (failure) {
      this.#phase = serverPoolMachine[this.#phase].fail ?? this.#phase;
      throw failure;
    }
  }

  #take(message: Message, value: PsValue): ServerEvent[] {
    switch (message.type) {
      case 'sessionCapability':
        return this.#negotiate(message.poolId, readSessionCapability(value).protocolVersion);
      case 'initRunspacePool':
        this.advance('init');
        return [{ kind: 'openRequested', poolId: this.poolId, ...readPoolRequest(value) }];
      case 'connectRunspacePool':
        this.advance('connect');
        return [{ kind: 'connectRequested', poolId: this.poolId, ...readPoolSize(value) }];
      case 'publicKey':
        return this.#giveKey(readKey('publicKey', value));
      case 'setMaxRunspaces':
      case 'setMinRunspaces': {
        const { callId, count } = readPoolCall(message.type, value);
        const kind = message.type === 'setMaxRunspaces' ? 'maxRunspacesRequested' : 'minRunspacesRequested';
        return [{ kind, callId, count: count ?? 0 }];
      }
      case 'getAvailableRunspaces':
        return [{ kind: 'availabilityRequested', callId: readPoolCall('plain', value).callId }];
      case 'resetRunspaceState':
        return [{ kind: 'resetRequested', callId: readPoolCall('plain', value).callId }];
      case 'runspacePoolHostResponse':
        return [{ kind: 'hostAnswer', pipelineId: null, ...readHostAnswer(value) }];
      default:
        return this.#takeOfPipeline(message, value);
    }
  }

  #takeOfPipeline(message: Message, value: PsValue): ServerEvent[] {
    const { pipelineId, type } = message;
    if (pipelineId === null) throw new Failure('protocol-error', `PSRP: expected a pipeline's id in a ${type} message`);
    if (type === 'createPipeline') {
      const definition = readPipeline(value);
      this.#addPipeline(pipelineId, !definition.noInput);
      return [{ kind: 'pipelineCreated', pipelineId, definition }];
    }
    if (type === 'getCommandMetadata') {
      this.#addPipeline(pipelineId, false);
      return [{ kind: 'commandMetadataRequested', pipelineId, request: readCommandMetadataRequest(value) }];
    }
    const pipeline = this.#pipelines.get(pipelineId);
    // Input can be on its way while its pipeline ends.
    if (pipeline === undefined || pipelineEnds.has(pipeline.state)) return [];
    if (type === 'pipelineHostResponse') return [{ kind: 'hostAnswer', pipelineId, ...readHostAnswer(value) }];
    if (type !== 'pipelineInput' && type !== 'endOfPipelineInput')
      throw new Failure('protocol-error', `PSRP: a client can't send a ${type} message`);
    if (!pipeline.takesInput) throw new Failure('protocol-error', `PSRP: pipeline ${pipelineId} takes no input`);
    if (type === 'pipelineInput') return [{ kind: 'input', pipelineId, value }];
    pipeline.takesInput = false;
    return [{ kind: 'inputEnded', pipelineId }];
  }

  #addPipeline(pipelineId: Guid, takesInput: boolean): void {
    if (!serverTakesPipelines.has(this.#phase))
      throw new Failure('protocol-error', `PSRP: no pipeline can be created while the pool is ${this.#phase}`);
    if (this.#pipelines.has(pipelineId))
      throw new Failure('protocol-error', `PSRP: pipeline ${pipelineId} exists already`);
    this.#pipelines.set(pipelineId, { state: 'running', takesInput });
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
    return [{ kind: 'publicKey' }];
  }
}

const toRecord = (error: ErrorRecordFields | PsObject): PsObject =>
  isPsObject(error) ? error : buildErrorRecord(error);
