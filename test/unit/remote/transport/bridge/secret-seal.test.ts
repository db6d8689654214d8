import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretSeal } from '../../../../../src/remote/transport/bridge/secret-seal.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = pair.publicKey.export({ format: 'jwk' });
const part = (name: 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url');

/** What ConvertTo-SecureString does with a key. */
function open(sealed: string, key: Buffer): string {
  expect(sealed.slice(0, 32)).toBe('76492d1116743f0423413b16050a5345');
  const [version, iv = '', text = ''] = Buffer.from(sealed.slice(32), 'base64').toString('utf16le').split('|');
  expect(version).toBe('2');
  const cipher = createDecipheriv('aes-256-cbc', key, Buffer.from(iv, 'base64'));
  return Buffer.concat([cipher.update(Buffer.from(text, 'hex')), cipher.final()]).toString('utf16le');
}

describe('SecretSeal', () => {
  it('seals so that the owner of the key pair opens it, in the form that ConvertTo-SecureString takes', () => {
    const seal = new SecretSeal();
    const sealed = seal.seal('pässwörd 😀');
    const wrapped = seal.keyFor(part('n'), part('e'));
    const key = privateDecrypt(
      { key: pair.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      wrapped,
    );
    expect(key).toHaveLength(32);
    expect(open(sealed, key)).toBe('pässwörd 😀');
  });

  it('never seals twice alike, and tells whether it has sealed', () => {
    const seal = new SecretSeal();
    expect(seal.used).toBe(false);
    expect(seal.seal('same')).not.toBe(seal.seal('same'));
    expect(seal.used).toBe(true);
  });
});
