import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  decryptSecure,
  encryptSecure,
  generateSessionKeyPair,
  readPublicKey,
  readSessionKey,
  writePublicKey,
  writeSessionKey,
} from '../../../../../src/remote/protocol/psrp/session-key.ts';
import { steadyBytes } from './in-memory.ts';

describe('The session key', () => {
  const pair = generateSessionKeyPair();
  const key = steadyBytes()(32);

  test('travels under the public key that travelled before it', () => {
    const text = writePublicKey(pair.publicKey);
    expect(Buffer.from(text, 'base64').subarray(0, 20).toString('hex')).toBe(
      '0602000000a40000525341310008000001000100',
    );
    expect(Buffer.from(text, 'base64')).toHaveLength(276);
    const opened = readSessionKey(writeSessionKey(key, readPublicKey(text), steadyBytes()), pair.privateKey);
    expect(opened).toEqual(key);
  });

  test('opens where another implementation of PKCS #1 v1.5 sealed it', () => {
    const sealed = publicEncrypt({ key: createPublicKey(pair.privateKey), padding: constants.RSA_PKCS1_PADDING }, key);
    const blob = Buffer.concat([Buffer.from('010200001066000000a40000', 'hex'), sealed.reverse()]);
    expect(readSessionKey(blob.toString('base64'), pair.privateKey)).toEqual(key);
  });

  test.each([
    ['too short a blob', 'AQIAABBmAAAApAAA'],
    ['another blob', Buffer.alloc(268, 1).toString('base64')],
    [
      'a key sealed for somebody else',
      writeSessionKey(steadyBytes()(32), generateSessionKeyPair().publicKey, steadyBytes()),
    ],
  ])('is refused from %s', (_, text) => {
    expect(() => readSessionKey(text, pair.privateKey)).toThrow('session key');
  });

  test('encrypts UTF-16 under AES-256-CBC without a vector', () => {
    // Made with: openssl enc -aes-256-cbc -K 00…1f -iv 0…0 of the UTF-16LE text "Plaintext".
    const fixed = Uint8Array.from({ length: 32 }, (_, index) => index);
    const sealed = encryptSecure(fixed, 'Plaintext');
    expect(sealed).toBe('RDNFGf13kw+IRgmwhYhqBu/O8dlj9vl1GZi4jBR2zLU=');
    expect(decryptSecure(fixed, sealed)).toBe('Plaintext');
    expect(decryptSecure(fixed, encryptSecure(fixed, '\ud800'))).toBe('\ud800');
  });

  test('opens nothing that it did not seal, and says so without the text', () => {
    const wrong = steadyBytes()(64).subarray(32);
    expect(() => decryptSecure(wrong, encryptSecure(key, 'p@ss'))).toThrow(
      expect.objectContaining({ code: 'protocol-error' }),
    );
  });
});
