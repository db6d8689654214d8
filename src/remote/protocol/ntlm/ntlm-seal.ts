import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import { hasFlag, negotiateFlags } from './negotiate-flags.ts';
import { hmacMd5 } from './ntlmv2.ts';
import { Rc4 } from './rc4.ts';

/** Bytes of an NTLM message signature. */
const signatureBytes = 16;

/** A sealed message: its signature and the encrypted bytes (as many as the plain ones). */
export type SealedMessage = { readonly signature: Buffer; readonly sealed: Buffer };

/**
 * Signing and sealing of one connection after the handshake (MS-NLMP 3.4). Each direction has one key stream and one
 * sequence number that live as long as the connection: an instance must never serve a second one.
 */
export class NtlmSeal {
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

  /** Encrypts and signs the next message to the peer. */
  seal(message: Uint8Array): SealedMessage {
    const sealed = this.#sending.stream.process(message);
    return { sealed, signature: this.#sending.sign(message) };
  }

  /** Decrypts the next message of the peer and proves it. @throws Failure `protocol-error` if it was altered or is out of order */
  unseal(signature: Uint8Array, sealed: Uint8Array): Buffer {
    const message = this.#receiving.stream.process(sealed);
    this.#prove(message, signature);
    return message;
  }

  /** Signs without encrypting. */
  sign(message: Uint8Array): Buffer {
    return this.#sending.sign(message);
  }

  /** Proves a message that was only signed. @throws Failure `protocol-error` */
  verify(message: Uint8Array, signature: Uint8Array): void {
    this.#prove(message, signature);
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
  readonly stream: Rc4;
  readonly #signKey: Buffer;
  readonly #keyExchange: boolean;
  #sequence = 0;

  constructor(name: 'client-to-server' | 'server-to-client', sessionKey: Uint8Array, flags: number) {
    this.#signKey = magicKey(sessionKey, `session key to ${name} signing key magic constant\0`);
    const usedBytes = hasFlag(flags, negotiateFlags.key128) ? 16 : hasFlag(flags, negotiateFlags.key56) ? 7 : 5;
    const sealKey = magicKey(sessionKey.subarray(0, usedBytes), `session key to ${name} sealing key magic constant\0`);
    this.stream = new Rc4(sealKey);
    this.#keyExchange = hasFlag(flags, negotiateFlags.keyExchange);
  }

  sign(message: Uint8Array): Buffer {
    const signature = Buffer.alloc(signatureBytes);
    signature.writeUInt32LE(1, 0);
    signature.writeUInt32LE(this.#sequence, 12);
    const checksum = hmacMd5(this.#signKey, signature.subarray(12), message).subarray(0, 8);
    (this.#keyExchange ? this.stream.process(checksum) : checksum).copy(signature, 4);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return signature;
  }
}

function magicKey(key: Uint8Array, constant: string): Buffer {
  return createHash('md5').update(key).update(constant, 'latin1').digest();
}
