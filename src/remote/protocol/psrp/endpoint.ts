import { Failure } from '../../../kernel/failure.ts';
import { KnownNames } from '../clixml/known-names.ts';
import { parseClixml } from '../clixml/parse-clixml.ts';
import type { ParseOptions } from '../clixml/parse-options.ts';
import { SecureText } from '../clixml/secure-text.ts';
import { type PsSecureString, type PsValue } from '../clixml/values.ts';
import { writeClixml } from '../clixml/write-clixml.ts';
import { Reassembler } from './fragments.ts';
import { type Guid, rememberGuids } from './guid.ts';
import { decodeMessage, encodeMessage, type Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import { type Chunk, Outbox, poolTarget, type StreamName, type Target } from './outbox.ts';
import { decodeSecure24, decryptSecure, encodeSecure24, encryptSecure } from './session-key.ts';

/** A message to send: its value is written only when its turn comes. `undefined` makes a message without text. */
export type Outgoing = {
  readonly type: MessageType;
  readonly pipelineId: Guid | null;
  readonly value: () => PsValue | undefined;
  /** Whether it holds secrets and so waits for the session key. */
  readonly needsKey?: boolean;
  /** Whether other targets wait until it has been given out whole. */
  readonly first?: boolean;
  /** Whether nothing may follow it in its chunk. */
  readonly endsChunk?: boolean;
};

/** What both halves share: lanes out, reassemblers in, the text of messages and the session key. */
export class Endpoint {
  readonly #side: 'client' | 'server';
  readonly #outbox = new Outbox();
  readonly #incoming = new Map<string, Reassembler>();
  /** Highest id of an object of which something came, on any stream. */
  #lastObjectId = 0n;
  readonly #toGuid = rememberGuids();
  readonly #parsing: ParseOptions = {
    decrypt: (encrypted) => this.#tryDecrypt(encrypted),
    names: new KnownNames(),
  };
  /** Id of the pool; the server learns it from the client. */
  poolId: Guid;
  /** Ids that pipelines have on the wire, where the other side knows them by another one than we do. */
  readonly wireIds = new Map<Guid, Guid>();
  /** The AES key; `none` where the version needs none; null before the exchange. */
  key: Uint8Array | 'none' | null = null;

  constructor(side: 'client' | 'server', poolId: Guid) {
    this.#side = side;
    this.poolId = poolId;
  }

  /** Puts a message into its lane. */
  send(message: Outgoing, stream: StreamName = 'default'): void {
    this.#outbox.push(message.pipelineId ?? poolTarget, stream, {
      ready: () => message.needsKey !== true || this.key !== null,
      encode: () => this.#encode(message),
      first: message.first === true,
      endsChunk: message.endsChunk === true,
    });
  }

  #encode(message: Outgoing): Uint8Array {
    const value = message.value();
    return encodeMessage({
      destination: this.#side === 'client' ? 'server' : 'client',
      type: message.type,
      poolId: this.poolId,
      pipelineId: message.pipelineId && (this.wireIds.get(message.pipelineId) ?? message.pipelineId),
      data: value === undefined ? '' : writeClixml(value, { encrypt: (clear) => this.#encrypt(clear) }),
      bom: this.#side === 'server',
    });
  }

  /** Bytes to send for a target; see `Outbox.take`. */
  take(target: Target, maxBytes: number): Chunk | undefined {
    return this.#outbox.take(target, maxBytes);
  }

  /** Targets that have bytes to send now. */
  targets(): Target[] {
    return this.#outbox.targets();
  }

  /** Forgets what waits for a target and what was half received from it. */
  discard(target: Target): void {
    this.#outbox.discard(target);
    for (const stream of ['default', 'promptResponse'] as const) this.#incoming.delete(`${stream} ${target}`);
  }

  /**
   * The messages that these bytes complete.
   * @throws Failure `protocol-error` for bytes that are no PSRP, or messages meant for the other side
   */
  receive(bytes: Uint8Array, target: Target, stream: StreamName): Message[] {
    const reassembler = this.#reassembler(target, stream);
    const messages = reassembler.push(bytes);
    if (reassembler.lastObjectId > this.#lastObjectId) this.#lastObjectId = reassembler.lastObjectId;
    return messages.map(({ bytes: whole }) => {
      const message = decodeMessage(whole, this.#toGuid);
      if (message.destination !== this.#side)
        throw new Failure(
          'protocol-error',
          `PSRP: expected a message to the ${this.#side}, got ${message.type} to the ${message.destination}`,
        );
      return message;
    });
  }

  /** Notes that bytes of a target may have been lost; see `Reassembler.mayLack`. @throws Failure `dropped` if they certainly were */
  mayLack(target: Target): void {
    this.#reassembler(target, 'default').mayLack(() => this.#lastObjectId);
  }

  #reassembler(target: Target, stream: StreamName): Reassembler {
    const lane = `${stream} ${target}`;
    const known = this.#incoming.get(lane);
    if (known !== undefined) return known;
    const fresh = new Reassembler();
    this.#incoming.set(lane, fresh);
    return fresh;
  }

  /** The value of a message; secrets that the key opens are opened. */
  read(message: Message): PsValue {
    return parseClixml(message.data, this.#parsing);
  }

  #encrypt(clear: string): string {
    if (this.key === null) throw new Failure('protocol-error', 'PSRP: a secret waits for the session key');
    return this.key === 'none' ? encodeSecure24(clear) : encryptSecure(this.key, clear);
  }

  /** One that the key does not open stays closed: it harms nobody before somebody wants its text. */
  #tryDecrypt(encrypted: string): SecureText | undefined {
    if (this.key === null) return undefined;
    try {
      return this.#decrypt(this.key, encrypted);
    } catch {
      return undefined;
    }
  }

  #decrypt(key: Uint8Array | 'none', encrypted: string): SecureText {
    return new SecureText(key === 'none' ? decodeSecure24(encrypted) : decryptSecure(key, encrypted));
  }

  /**
   * Opens a secure string that came before the key did.
   * @throws Failure `protocol-error` if there is no key yet, or it is not the one
   */
  open(value: PsSecureString): SecureText {
    if (this.key === null)
      throw new Failure('protocol-error', 'PSRP: a secure string can be read only after the session key has come');
    return this.#decrypt(this.key, value.encrypted);
  }
}
