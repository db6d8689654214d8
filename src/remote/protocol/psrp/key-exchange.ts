import { Failure } from '../../../kernel/failure.ts';
import type { Endpoint } from './endpoint.ts';
import { readSessionKey, type SessionKeyPair, writePublicKey } from './session-key.ts';
import { buildKey } from './session-messages.ts';
import type { ProtocolVersion } from './versions.ts';

/**
 * The client's side of the key exchange: the public key goes out once, as soon as a key is wanted and the pool is open. From version 2.4
 * on there is nothing to exchange.
 */
export class KeyExchange {
  readonly #endpoint: Endpoint;
  readonly #makePair: (() => SessionKeyPair) | undefined;
  #pair: SessionKeyPair | null = null;
  #wanted = false;
  #sent = false;

  constructor(endpoint: Endpoint, makePair: (() => SessionKeyPair) | undefined) {
    this.#endpoint = endpoint;
    this.#makePair = makePair;
  }

  /** Starts again, for a new connection to the pool. */
  reset(): void {
    this.#endpoint.key = null;
    this.#wanted = false;
    this.#sent = false;
  }

  /**
   * Notes the version agreed on.
   * @throws Failure `protocol-error` if secrets wait that this version can't carry without a key pair
   */
  negotiated(version: ProtocolVersion): void {
    if (version >= '2.4') this.#endpoint.key = 'none';
    else if (this.#wanted) this.#needPair();
  }

  /**
   * Notes that a key is wanted.
   * @param version the version agreed on, or the one offered
   * @throws Failure `protocol-error` if no key pair was given
   */
  want(version: ProtocolVersion, opened: boolean): void {
    if (this.#endpoint.key !== null) return;
    if (version < '2.4') this.#needPair();
    this.#wanted = true;
    if (opened) this.opened();
  }

  /** Sends the public key if one is wanted; called when the pool is open. */
  opened(): void {
    if (!this.#wanted || this.#sent || this.#endpoint.key !== null) return;
    this.#sent = true;
    this.#pair ??= this.#needPair()();
    const value = buildKey('publicKey', writePublicKey(this.#pair.publicKey));
    this.#endpoint.send({ type: 'publicKey', pipelineId: null, value: () => value });
  }

  #needPair(): () => SessionKeyPair {
    if (this.#makePair === undefined)
      throw new Failure('protocol-error', 'PSRP: secrets need a key pair, and none was given');
    return this.#makePair;
  }

  /**
   * Takes the session key.
   * @throws Failure `protocol-error` if none was asked for or it can't be opened
   */
  take(text: string): void {
    if (this.#pair === null || !this.#sent)
      throw new Failure('protocol-error', 'PSRP: a session key came that nobody asked for');
    this.#endpoint.key = readSessionKey(text, this.#pair.privateKey);
  }
}
