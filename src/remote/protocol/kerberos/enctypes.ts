import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import { decryptCts, encryptBlock, encryptCts } from './aes-cts.ts';
import { nFold } from './n-fold.ts';

/** Bytes of the random prefix of every encrypted message: one AES block. */
export const confounderBytes = 16;

/** A key and its encryption type. */
export type KerberosKey = { readonly enctype: number; readonly bytes: Buffer };

/** An encryption type of RFC 3962 or RFC 8009. */
export type Enctype = {
  readonly id: number;
  readonly name: string;
  /** The keyed checksum that belongs to it. */
  readonly checksumType: number;
  readonly keyBytes: 16 | 32;
  /** Bytes of the keyed hash behind a message. */
  readonly macBytes: 12 | 16 | 24;
  readonly hash: 'sha1' | 'sha256' | 'sha384';
};

/** The encryption types that are offered and taken; DES and RC4 are not among them. */
export const enctypes: readonly Enctype[] = [
  { id: 18, name: 'aes256-cts-hmac-sha1-96', checksumType: 16, keyBytes: 32, macBytes: 12, hash: 'sha1' },
  { id: 17, name: 'aes128-cts-hmac-sha1-96', checksumType: 15, keyBytes: 16, macBytes: 12, hash: 'sha1' },
  { id: 20, name: 'aes256-cts-hmac-sha384-192', checksumType: 20, keyBytes: 32, macBytes: 24, hash: 'sha384' },
  { id: 19, name: 'aes128-cts-hmac-sha256-128', checksumType: 19, keyBytes: 16, macBytes: 16, hash: 'sha256' },
];

/** The encryption type of a key. @throws Failure `unauthenticated` if it is none of ours, with what to do */
export function enctypeOf(key: KerberosKey): Enctype {
  const found = enctypes.find(({ id }) => id === key.enctype);
  if (!found || found.keyBytes !== key.bytes.length) {
    throw new Failure(
      'unauthenticated',
      `Expected a Kerberos key of type 17 to 20 (AES), got type ${key.enctype} with ${key.bytes.length} bytes. Allow AES for the account (in Active Directory: msDS-SupportedEncryptionTypes 24) and take a new ticket.`,
    );
  }
  return found;
}

/** The keys of one purpose: for encryption and for the hash over the message. */
export type MessageKeys = { readonly enctype: Enctype; readonly encryption: Buffer; readonly integrity: Buffer };

/** Derives the keys by which messages of this usage are encrypted (RFC 3961 5.3, RFC 8009 5). */
export function deriveMessageKeys(key: KerberosKey, usage: number): MessageKeys {
  const enctype = enctypeOf(key);
  return {
    enctype,
    encryption: deriveKey(enctype, key.bytes, usage, 0xaa, enctype.keyBytes),
    integrity: deriveKey(enctype, key.bytes, usage, 0x55, integrityBytes(enctype)),
  };
}

/** Derives the key of checksums of this usage. */
export function deriveChecksumKey(key: KerberosKey, usage: number): { enctype: Enctype; checksum: Buffer } {
  const enctype = enctypeOf(key);
  return { enctype, checksum: deriveKey(enctype, key.bytes, usage, 0x99, integrityBytes(enctype)) };
}

/** Encrypts a message; the result is longer by the confounder and the hash. @param confounder 16 random bytes */
export function encryptMessage(keys: MessageKeys, plain: Uint8Array, confounder: Uint8Array): Buffer {
  const { enctype, encryption, integrity } = keys;
  const message = Buffer.concat([confounder, plain]);
  const cipherText = encryptCts(encryption, message);
  // SHA-1 hashes what was said, the later families what was sent.
  const mac =
    enctype.hash === 'sha1' ? hmac(enctype, integrity, message) : hmac(enctype, integrity, zeroIv, cipherText);
  return Buffer.concat([cipherText, mac]);
}

/** Decrypts a message and proves it. @throws Failure `protocol-error` if it was altered or the key is another one */
export function decryptMessage(keys: MessageKeys, bytes: Uint8Array): Buffer {
  const { enctype, encryption, integrity } = keys;
  const end = bytes.length - enctype.macBytes;
  if (end < confounderBytes) throw altered();
  const cipherText = bytes.subarray(0, end);
  const message = decryptCts(encryption, cipherText);
  const mac =
    enctype.hash === 'sha1' ? hmac(enctype, integrity, message) : hmac(enctype, integrity, zeroIv, cipherText);
  if (!timingSafeEqual(mac, bytes.subarray(end))) throw altered();
  return message.subarray(confounderBytes);
}

/** The keyed checksum of a message. */
export function checksumOf(
  { enctype, checksum }: ReturnType<typeof deriveChecksumKey>,
  ...parts: Uint8Array[]
): Buffer {
  return hmac(enctype, checksum, ...parts);
}

/** Derives one key (RFC 3961 5.1 DK, RFC 8009 3 KDF-HMAC-SHA2). */
function deriveKey(enctype: Enctype, base: Buffer, usage: number, kind: number, length: number): Buffer {
  const constant = Buffer.alloc(5);
  constant.writeUInt32BE(usage);
  constant[4] = kind;
  if (enctype.hash === 'sha1') return deriveByCipher(base, constant, length);
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(length * 8);
  const mac = createHmac(enctype.hash, base)
    .update(Buffer.from([0, 0, 0, 1]))
    .update(constant);
  return mac
    .update(Buffer.from([0]))
    .update(bits)
    .digest()
    .subarray(0, length);
}

/** DR of RFC 3961 5.1 with AES, whose random-to-key changes nothing. */
export function deriveByCipher(base: Uint8Array, constant: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  let block: Buffer = nFold(constant, confounderBytes);
  for (let have = 0; have < length; have += confounderBytes) {
    block = encryptBlock(base, block);
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function integrityBytes(enctype: Enctype): number {
  return enctype.hash === 'sha1' ? enctype.keyBytes : enctype.macBytes;
}

const zeroIv = Buffer.alloc(16);

function hmac(enctype: Enctype, key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const mac = createHmac(enctype.hash, key);
  for (const part of parts) mac.update(part);
  return mac.digest().subarray(0, enctype.macBytes);
}

function altered(): Failure {
  return new Failure(
    'protocol-error',
    'A Kerberos message does not match its key: it was altered or encrypted for another key.',
  );
}
