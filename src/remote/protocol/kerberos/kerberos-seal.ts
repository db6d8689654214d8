import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import type { MessageSeal, SealedMessage } from '../security/message-seal.ts';
import {
  checksumOf,
  confounderBytes,
  decryptMessage,
  deriveChecksumKey,
  deriveMessageKeys,
  encryptMessage,
  type KerberosKey,
  type MessageKeys,
} from './enctypes.ts';

/** Bytes of the head of a token. */
const headBytes = 16;
const flagBits = { sentByAcceptor: 1, sealed: 2, acceptorSubkey: 4 } as const;
/** Key usages of RFC 4121 2. */
const usages = { acceptorSeal: 22, acceptorSign: 23, initiatorSeal: 24, initiatorSign: 25 } as const;

/** What the AP exchange came to. */
export type KerberosContext = {
  readonly role: 'initiator' | 'acceptor';
  /** The acceptor's subkey if it gave one, else the initiator's. */
  readonly key: KerberosKey;
  readonly acceptorSubkey: boolean;
  readonly sendSequence: number;
  readonly receiveSequence: number;
  readonly randomBytes: (length: number) => Uint8Array;
};

/** Wrap and MIC tokens of one Kerberos context (RFC 4121 4.2.6), wrap tokens cut in two as WinRM carries them. */
export class KerberosSeal implements MessageSeal {
  readonly #context: KerberosContext;
  readonly #sendKeys: MessageKeys;
  readonly #receiveKeys: MessageKeys;
  readonly #sendFlags: number;
  readonly #receiveFlags: number;
  #sendSequence: number;
  #receiveSequence: number;

  /** @throws Failure `unauthenticated` if the key is of no type that we have */
  constructor(context: KerberosContext) {
    const initiates = context.role === 'initiator';
    const subkey = context.acceptorSubkey ? flagBits.acceptorSubkey : 0;
    this.#context = context;
    this.#sendKeys = deriveMessageKeys(context.key, initiates ? usages.initiatorSeal : usages.acceptorSeal);
    this.#receiveKeys = deriveMessageKeys(context.key, initiates ? usages.acceptorSeal : usages.initiatorSeal);
    this.#sendFlags = subkey | (initiates ? 0 : flagBits.sentByAcceptor);
    this.#receiveFlags = subkey | (initiates ? flagBits.sentByAcceptor : 0);
    this.#sendSequence = context.sendSequence;
    this.#receiveSequence = context.receiveSequence;
  }

  /**
   * Seals a message. WinRM wants the encrypted text as long as the plain one, and all else before it as signature: so the token is turned
   * right by the encrypted copy of the head and the hash. The signature has 60 bytes with SHA-1, 64 with SHA-256 and 72 with SHA-384.
   */
  seal(message: Uint8Array): SealedMessage {
    const head = this.#nextHead(0x0504, this.#sendFlags | flagBits.sealed);
    // Within the encrypted text the head stands as it is before the turn: EC and RRC are 0.
    head.writeUInt32BE(0, 4);
    const confounder = this.#context.randomBytes(confounderBytes);
    const body = encryptMessage(this.#sendKeys, Buffer.concat([message, head]), confounder);
    const turn = headBytes + this.#sendKeys.enctype.macBytes;
    head.writeUInt16BE(turn, 6);
    const cut = confounderBytes + message.length;
    return {
      signature: Buffer.concat([head, body.subarray(cut), body.subarray(0, confounderBytes)]),
      sealed: body.subarray(confounderBytes, cut),
    };
  }

  unseal(signature: Uint8Array, sealed: Uint8Array): Buffer {
    const token = Buffer.concat([signature, sealed]);
    const head = this.#openHead(token, 0x0504, flagBits.sealed);
    const extra = token.readUInt16BE(4);
    const body = token.subarray(headBytes);
    const turn = body.length === 0 ? 0 : token.readUInt16BE(6) % body.length;
    const message = decryptMessage(this.#receiveKeys, Buffer.concat([body.subarray(turn), body.subarray(0, turn)]));
    const end = message.length - headBytes - extra;
    head.writeUInt16BE(0, 6);
    if (end < 0 || !timingSafeEqual(message.subarray(message.length - headBytes), head)) throw mismatch();
    return message.subarray(0, end);
  }

  signMechanismList(list: Uint8Array): Buffer {
    const head = this.#nextHead(0x0404, this.#sendFlags);
    const usage = this.#context.role === 'initiator' ? usages.initiatorSign : usages.acceptorSign;
    return Buffer.concat([head, checksumOf(deriveChecksumKey(this.#context.key, usage), list, head)]);
  }

  verifyMechanismList(list: Uint8Array, signature: Uint8Array): void {
    const token = Buffer.from(signature);
    const head = this.#openHead(token, 0x0404, 0);
    const usage = this.#context.role === 'initiator' ? usages.acceptorSign : usages.initiatorSign;
    const expected = checksumOf(deriveChecksumKey(this.#context.key, usage), list, head);
    const given = token.subarray(headBytes);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw mismatch();
  }

  #nextHead(kind: number, flags: number): Buffer {
    const head = Buffer.alloc(headBytes, 0xff);
    head.writeUInt16BE(kind, 0);
    head.writeUInt8(flags, 2);
    head.writeBigUInt64BE(BigInt(this.#sendSequence), 8);
    this.#sendSequence++;
    return head;
  }

  /** Checks kind, flags and order; gives a copy of the head. */
  #openHead(token: Buffer, kind: number, flags: number): Buffer {
    if (token.length < headBytes || token.readUInt16BE(0) !== kind) throw mismatch();
    const head = Buffer.from(token.subarray(0, headBytes));
    const wanted = this.#receiveFlags | flags;
    if ((head[2]! & 7) !== wanted || head[3] !== 0xff || head.readBigUInt64BE(8) !== BigInt(this.#receiveSequence))
      throw mismatch();
    this.#receiveSequence++;
    return head;
  }
}

function mismatch(): Failure {
  return new Failure(
    'protocol-error',
    'A sealed message does not belong to this Kerberos session: it was altered, or messages were lost.',
  );
}
