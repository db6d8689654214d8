import { Failure } from '../../../kernel/failure.ts';
import type { ClientEvent } from './client-events.ts';
import { type ClientMessage, readClientMessage } from './client-messages.ts';
import type { Endpoint } from './endpoint.ts';
import type { Guid } from './guid.ts';
import type { HostCall } from './host-calls.ts';
import type { Message } from './message.ts';
import type { Target } from './outbox.ts';
import type { Pipelines } from './pipelines.ts';
import type { PoolLife } from './pool-life.ts';

/** What a client's inbox works on. */
type InboxParts = {
  readonly endpoint: Endpoint;
  readonly life: PoolLife;
  readonly pipelines: Pipelines;
  /** Answers a call that waits for an answer and that nobody here gives one; false if somebody does. */
  readonly refuse: (call: HostCall) => boolean;
};

/** What comes to a client: which message may come when (MS-PSRP 3.1.5.4), and what it means for the pool and its pipelines. */
export class ClientInbox {
  readonly #parts: InboxParts;
  /** Pipelines of other clients: the id that their messages bear is learned from these. */
  readonly #adopted = new Set<Guid>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** From now on messages of a pipeline that another client began are understood. @param id in lower case */
  adopt(id: Guid): void {
    this.#adopted.add(id);
  }

  /**
   * What bytes from the server mean.
   * @param from in lower case
   * @throws Failure `protocol-error` for what the protocol does not allow; the pool is then broken
   */
  receive(bytes: Uint8Array, from: Target): ClientEvent[] {
    const { endpoint, life, pipelines } = this.#parts;
    if (pipelines.wasForgotten(from)) return [];
    try {
      return endpoint
        .receive(bytes, from, 'default')
        .flatMap((message) => this.#take(this.#adopted.has(from) ? this.#recognize(message, from) : message));
    } catch (failure) {
      life.fail();
      throw failure;
    }
  }

  #recognize(message: Message, adopted: Guid): Message {
    if (message.pipelineId === null || message.pipelineId === adopted) return message;
    this.#parts.endpoint.wireIds.set(adopted, message.pipelineId);
    return { ...message, pipelineId: adopted };
  }

  #take(message: Message): ClientEvent[] {
    const { endpoint, life, pipelines } = this.#parts;
    const { pipelineId, type } = message;
    // A pipeline that was created before the pool had answered may be heard of first: its bytes come by a way of their own.
    const early = life.negotiates && pipelineId === null;
    if (early && type !== 'sessionCapability' && type !== 'runspacePoolState')
      throw new Failure('protocol-error', `PSRP: expected sessionCapability first, got ${type}`);
    if (pipelineId !== null && pipelines.wasForgotten(pipelineId)) return [];
    if (pipelineId !== null) pipelines.require(pipelineId);
    return this.#apply(readClientMessage(message, endpoint.read(message)));
  }

  #apply(read: ClientMessage): ClientEvent[] {
    const { life, pipelines, refuse } = this.#parts;
    switch (read.kind) {
      case 'capability': {
        const { protocolVersion } = read.capability;
        life.negotiate(protocolVersion);
        return [{ kind: 'negotiated', protocolVersion: life.version, serverVersion: protocolVersion }];
      }
      case 'encryptedKey':
        life.takeKey(read.text);
        return [{ kind: 'sessionKey' }];
      case 'hostCall':
        return [{ ...read, answered: !read.call.needsAnswer || refuse(read.call) }];
      case 'pipelineState':
        // A second report of a pipeline's end, as some servers send after a stop, is none.
        return pipelines.tryReport(read.pipelineId, read.state) ? [read] : [];
      case 'keyRequested':
        life.wantKey();
        return [read];
      case 'poolSize':
        life.advance('initData');
        return [read];
      case 'poolState':
        life.follow(read.state);
        return [read];
      default:
        return [read];
    }
  }
}
