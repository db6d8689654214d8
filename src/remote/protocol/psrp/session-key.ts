/** The key exchange for secure strings (MS-PSRP 2.2.2.3, 2.2.2.4, 2.2.5.1.24): RSA-2048 in CryptoAPI blobs, then AES-256-CBC. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';

/** An RSA-2048 pair with exponent 65537. */
export type SessionKeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

// PUBLICKEYBLOB, version 2, CALG_RSA_KEYX, "RSA1", 2048 bits, exponent 65537 (all little-endian).
const publicKeyHeader = Buffer.from('0602000000a400005253413100080000' + '01000100', 'hex');
// SIMPLEBLOB, version 2, CALG_AES_256, encrypted under CALG_RSA_KEYX.
const sessionKeyHeader = Buffer.from('010200001066000000a40000', 'hex');
const modulusBytes = 256;
const keyBytes = 32;
const zeroIv = Buffer.alloc(16);

/** Makes a key pair; callers of the protocol pass this (or a pair made earlier) in. */
export function generateSessionKeyPair(): SessionKeyPair {
  return generateKeyPairSync('rsa', { modulusLength: 8 * modulusBytes, publicExponent: 65537 });
}

/** The text of PUBLIC_KEY. */
export function writePublicKey(publicKey: KeyObject): string {
  const { n } = publicKey.export({ format: 'jwk' });
  const modulus = Buffer.from(String(n), 'base64url');
  const padded = Buffer.concat([Buffer.alloc(modulusBytes - modulus.length), modulus]);
  return Buffer.concat([publicKeyHeader, padded.reverse()]).toString('base64');
}

/**
 * Reads the text of PUBLIC_KEY.
 * @throws Failure `protocol-error` if it is no RSA-2048 key blob
 */
export function readPublicKey(text: string): KeyObject {
  const blob = Buffer.from(text, 'base64');
  const head = blob.subarray(0, publicKeyHeader.length);
  if (blob.length !== publicKeyHeader.length + modulusBytes || !head.equals(publicKeyHeader))
    throw new Failure('protocol-error', 'PSRP: expected an RSA-2048 public key blob in PUBLIC_KEY');
  const n = Buffer.from(blob.subarray(publicKeyHeader.length)).reverse().toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
}

/**
 * The text of ENCRYPTED_SESSION_KEY.
 * @param randomBytes source of the padding of PKCS #1 v1.5
 */
export function writeSessionKey(
  key: Uint8Array,
  publicKey: KeyObject,
  randomBytes: (count: number) => Uint8Array,
): string {
  const padding = Buffer.from(randomBytes(modulusBytes - 3 - key.length)).map((byte) => (byte === 0 ? 1 : byte));
  const block = Buffer.concat([Buffer.of(0, 2), padding, Buffer.of(0), key]);
  const sealed = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block);
  return Buffer.concat([sessionKeyHeader, sealed.reverse()]).toString('base64');
}

/**
 * Reads the text of ENCRYPTED_SESSION_KEY. The padding is taken off here, since Node refuses PKCS #1 v1.5 on some OpenSSL versions.
 * @throws Failure `protocol-error` if the blob or the padding is wrong
 */
export function readSessionKey(text: string, privateKey: KeyObject): Uint8Array {
  const blob = Buffer.from(text, 'base64');
  const wrong = new Failure('protocol-error', 'PSRP: the session key from the host could not be opened');
  const head = blob.subarray(0, sessionKeyHeader.length);
  if (blob.length !== sessionKeyHeader.length + modulusBytes || !head.equals(sessionKeyHeader)) throw wrong;
  const sealed = Buffer.from(blob.subarray(sessionKeyHeader.length)).reverse();
  let block: Buffer;
  try {
    block = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, sealed);
  } catch {
    throw wrong;
  }
  const zero = block.indexOf(0, 2);
  if (block[0] !== 0 || block[1] !== 2 || zero < 10 || block.length - zero - 1 !== keyBytes) throw wrong;
  return new Uint8Array(block.subarray(zero + 1));
}

/** Encrypts the text of a secure string. */
export function encryptSecure(key: Uint8Array, clear: string): string {
  const cipher = createCipheriv('aes-256-cbc', key, zeroIv);
  return Buffer.concat([cipher.update(Buffer.from(clear, 'utf16le')), cipher.final()]).toString('base64');
}

/**
 * Decrypts the text of a secure string.
 * @throws Failure `protocol-error` if it was not made with this key
 */
export function decryptSecure(key: Uint8Array, encrypted: string): string {
  try {
    const cipher = createDecipheriv('aes-256-cbc', key, zeroIv);
    return Buffer.concat([cipher.update(Buffer.from(encrypted, 'base64')), cipher.final()]).toString('utf16le');
  } catch {
    // The cause would only name the cipher; the text itself must not appear.
    throw new Failure('protocol-error', 'PSRP: a secure string was not encrypted with the session key');
  }
}

/** From version 2.4 on there is no key: base64 of UTF-16LE. */
export const encodeSecure24 = (clear: string): string => Buffer.from(clear, 'utf16le').toString('base64');
/** Reads a secure string of version 2.4. */
export const decodeSecure24 = (text: string): string => Buffer.from(text, 'base64').toString('utf16le');
