import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';

const blockBytes = 16;
const zeroIv = Buffer.alloc(blockBytes);

/**
 * AES in CBC mode with ciphertext stealing as Kerberos uses it: the initial vector is zero and the last two blocks are swapped always
 * (RFC 3962 5). At least one block is needed.
 * @param key 16 or 32 bytes
 */
export function encryptCts(key: Uint8Array, plain: Uint8Array): Buffer {
  const { length } = plain;
  const padded = Math.ceil(length / blockBytes) * blockBytes;
  const cipher = createCipheriv(modeOf(key), key, zeroIv).setAutoPadding(false);
  const chained = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(padded - length)), cipher.final()]);
  if (padded === blockBytes) return chained;
  const lastBytes = length - (padded - blockBytes);
  const swapped = Buffer.allocUnsafe(length);
  chained.copy(swapped, 0, 0, padded - 2 * blockBytes);
  chained.copy(swapped, padded - 2 * blockBytes, padded - blockBytes);
  chained.copy(swapped, padded - blockBytes, padded - 2 * blockBytes, padded - 2 * blockBytes + lastBytes);
  return swapped;
}

/** The opposite of `encryptCts`. @throws Failure `protocol-error` if there is less than one block */
export function decryptCts(key: Uint8Array, cipherText: Uint8Array): Buffer {
  const { length } = cipherText;
  if (length < blockBytes) {
    throw new Failure('protocol-error', `Expected at least ${blockBytes} encrypted bytes, got ${length}.`);
  }
  const padded = Math.ceil(length / blockBytes) * blockBytes;
  const chained = Buffer.alloc(padded);
  const source = Buffer.from(cipherText.buffer, cipherText.byteOffset, length);
  if (padded === blockBytes) source.copy(chained);
  else {
    const lastAt = padded - blockBytes;
    const beforeAt = lastAt - blockBytes;
    source.copy(chained, 0, 0, beforeAt);
    source.copy(chained, beforeAt, lastAt);
    source.copy(chained, lastAt, beforeAt, lastAt);
    // What was cut off the last but one block stands at the end of the last block's plain text.
    const stolen = decryptBlock(key, source.subarray(beforeAt, lastAt));
    stolen.copy(chained, beforeAt + length - lastAt, length - lastAt);
  }
  const decipher = createDecipheriv(modeOf(key), key, zeroIv).setAutoPadding(false);
  return Buffer.concat([decipher.update(chained), decipher.final()]).subarray(0, length);
}

/** One block, encrypted by itself. */
export function encryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv(modeOf(key), key, zeroIv).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function decryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const decipher = createDecipheriv(modeOf(key), key, zeroIv).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
}

function modeOf(key: Uint8Array): 'aes-128-cbc' | 'aes-256-cbc' {
  return key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc';
}
