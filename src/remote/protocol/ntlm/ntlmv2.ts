import { createHmac } from 'node:crypto';
import md4Library from 'js-md4';

/** HMAC-MD5 over the concatenation of the parts. */
export function hmacMd5(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const mac = createHmac('md5', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** The NT hash of a password: MD4 of its UTF-16LE bytes, 16 bytes (MS-NLMP 3.3.1 NTOWFv1). */
export function hashPassword(password: string): Buffer {
  // The hasher object is used because the library's short form asks OpenSSL for MD4, which OpenSSL 3 refuses.
  const hasher = md4Library.create();
  return Buffer.from(hasher.update(new Uint8Array(Buffer.from(password, 'utf16le'))).array());
}

/** The key of a user's NTLMv2 responses (MS-NLMP 3.3.2 NTOWFv2); the domain keeps its case. */
export function deriveResponseKey(ntHash: Uint8Array, user: string, domain: string): Buffer {
  return hmacMd5(ntHash, Buffer.from(toUpperSimple(user) + domain, 'utf16le'));
}

/** What goes into the NTLMv2 client challenge. */
export type ClientChallenge = {
  /** FILETIME: 100 ns units since 1601-01-01 UTC. */
  readonly time: bigint;
  /** 8 random bytes. */
  readonly nonce: Uint8Array;
  /** Encoded AV pairs with the closing pair. */
  readonly targetInfo: Uint8Array;
};

/** NTLMv2_CLIENT_CHALLENGE, called temp (MS-NLMP 2.2.2.7), with the four zero bytes that follow it. */
export function encodeClientChallenge(challenge: ClientChallenge): Buffer {
  const head = Buffer.alloc(28);
  head[0] = 1;
  head[1] = 1;
  head.writeBigUInt64LE(challenge.time, 8);
  Buffer.from(challenge.nonce).copy(head, 16);
  return Buffer.concat([head, challenge.targetInfo, Buffer.alloc(4)]);
}

/** The AV pairs' bytes within a client challenge (`temp`). */
export function targetInfoOf(temp: Uint8Array): Uint8Array {
  return temp.subarray(28);
}

/** The NTLMv2 proof, the first 16 bytes of the NT response (MS-NLMP 3.3.2). */
export function computeProof(responseKey: Uint8Array, serverChallenge: Uint8Array, temp: Uint8Array): Buffer {
  return hmacMd5(responseKey, serverChallenge, temp);
}

/** JavaScript milliseconds as FILETIME. */
export function toFileTime(epochMs: number): bigint {
  return BigInt(Math.trunc(epochMs)) * 10_000n + 116_444_736_000_000_000n;
}

/** Upper-casing as Windows does it, one UTF-16 unit at a time: "ß" stays as it is. */
export function toUpperSimple(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const upper = text.charAt(i).toUpperCase();
    out += upper.length === 1 ? upper : text.charAt(i);
  }
  return out;
}
