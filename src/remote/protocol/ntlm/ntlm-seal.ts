import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { MessageSeal, SealedMessage } from '../security/message-seal.ts';
import { hasFlag, negotiateFlags } from './negotiate-flags.ts';
import { hmacMd5 } from './ntlmv2.ts';
import { Rc4 } from './rc4.ts';

/** Bytes of an NTLM message signature. */
const signatureBytes = 16;

/**
 * Signing and sealing of one connection after the handshake (MS-NLMP 3.4). Each direction has one key stream and one
 * sequence number that live as long as the connection: an instance must never serve a second one.
 */
export class NtlmSeal implements MessageSeal {
  readonly #sending: Direction;
  readonly #receiving: Direction;

  /**
   * @param role which end we are
   * @param sessionKey 16-byte exported session key
   * @param flags negotiated flags; without extended session security there are no such keys and a Failure is thrown
   */
  constructor(role: 'client' | 'server', sessionKey: Uint8Array, flags: number) {
    if (!hasFlag(flags, negotiateFlags.extendedSessionSecurity)) {
      throw new Failure(
        'protocol-error',
        'NTLM sealing needs extended session security; the peer did not agree to it.',
      );
    }
    const toServer = new Direction('client-to-server', sessionKey, flags);
    const toClient = new Direction('server-to-client', sessionKey, flags);
    this.#sending = role === 'client' ? toServer : toClient;
    this.#receiving = role === 'client' ? toClient : toServer;
  }

  /** The sealed bytes are as many as the plain ones. */
  seal(message: Uint8Array): SealedMessage {
    const sealed = this.#sending.crypt(message);
    return { sealed, signature: this.#sending.sign(message) };
  }

  unseal(signature: Uint8Array, sealed: Uint8Array): Buffer {
    const message = this.#receiving.crypt(sealed);
    this.#prove(message, signature);
    return message;
  }

  /** The key stream starts anew behind the signature; the sequence number goes on (MS-SPNG 3.3.5.1). */
  signMechanismList(list: Uint8Array): Buffer {
    const signature = this.#sending.sign(list);
    this.#sending.restart();
    return signature;
  }

  verifyMechanismList(list: Uint8Array, signature: Uint8Array): void {
    this.#prove(list, signature);
    this.#receiving.restart();
  }

  #prove(message: Uint8Array, signature: Uint8Array): void {
    const expected = this.#receiving.sign(message);
    if (signature.length !== signatureBytes || !timingSafeEqual(expected, signature)) {
      throw new Failure(
        'protocol-error',
        'The signature of a sealed message does not match: it was altered, or messages were lost.',
      );
    }
  }
}

class Direction {
  readonly #sealKey: Buffer;
  readonly #signKey: Buffer;
  readonly #keyExchange: boolean;
  #stream: Rc4;
  #sequence = 0;

  constructor(name: 'client-to-server' | 'server-to-client', sessionKey: Uint8Array, flags: number) {
    this.#signKey = magicKey(sessionKey, `session key to ${name} signing key magic constant\0`);
    const usedBytes = hasFlag(flags, negotiateFlags.key128) ? 16 : hasFlag(flags, negotiateFlags.key56) ? 7 : 5;
    this.#sealKey = magicKey(sessionKey.subarray(0, usedBytes), `session key to ${name} sealing key magic constant\0`);
    this.#stream = new Rc4(this.#sealKey);
    this.#keyExchange = hasFlag(flags, negotiateFlags.keyExchange);
  }

  /** The next bytes through the key stream. */
  crypt(bytes: Uint8Array): Buffer {
    return this.#stream.process(bytes);
  }

  restart(): void {
    this.#stream = new Rc4(this.#sealKey);
  }

  sign(message: Uint8Array): Buffer {
    const signature = Buffer.alloc(signatureBytes);
    signature.writeUInt32LE(1, 0);
    signature.writeUInt32LE(this.#sequence, 12);
    const checksum = hmacMd5(this.#signKey, signature.subarray(12), message).subarray(0, 8);
    (this.#keyExchange ? this.#stream.process(checksum) : checksum).copy(signature, 4);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return signature;
  }
}

function magicKey(key: Uint8Array, constant: string): Buffer {
  return createHash('md5').update(key).update(constant, 'latin1').digest();
}
