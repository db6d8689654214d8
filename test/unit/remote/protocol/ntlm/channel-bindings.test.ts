import { createHash, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashChannelBindings } from '../../../../../src/remote/protocol/ntlm/channel-bindings.ts';
import { makeCertificate, type Signing } from '../../../../helpers/make-certificate.ts';

const expected = (der: Uint8Array, hash: string) => {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(hash).update(der).digest()]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash('md5')
    .update(Buffer.concat([head, data]))
    .digest('hex');
};

it.each<[string, Signing]>([
  ['sha256', { hash: 'sha256', kind: 'rsa' }],
  ['sha384', { hash: 'sha384', kind: 'rsa' }],
  ['sha512', { hash: 'sha512', kind: 'rsa' }],
  ['sha256', { hash: 'sha1', kind: 'rsa' }],
  ['sha256', { hash: 'sha256', kind: 'ec' }],
  ['sha384', { hash: 'sha384', kind: 'ec' }],
  ['sha512', { hash: 'sha512', kind: 'ec' }],
  ['sha384', { hash: 'sha384', kind: 'pss' }],
])('a certificate is hashed with %s when it was signed with %o', (hash, signing) => {
  const { cert, der } = makeCertificate(signing);
  const certificate = new X509Certificate(cert);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(hashChannelBindings(der).toString('hex')).toBe(expected(der, hash));
});
