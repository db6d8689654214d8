import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashChannelBindings } from '../../../../../src/remote/protocol/ntlm/channel-bindings.ts';

const makeCertificate = (...options: string[]) => {
  const pem = execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'rsa:2048',
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=pc1',
      '-days',
      '2',
      ...options,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return new X509Certificate(pem).raw;
};
const expected = (der: Uint8Array, hash: string) => {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(hash).update(der).digest()]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash('md5')
    .update(Buffer.concat([head, data]))
    .digest('hex');
};

it.each([
  ['sha256', ['-sha256']],
  ['sha384', ['-sha384']],
  ['sha512', ['-sha512']],
  ['sha256', ['-sha1']],
  ['sha384', ['-sha384', '-sigopt', 'rsa_padding_mode:pss']],
])('a certificate is hashed with %s when it was signed with %s', (hash, options) => {
  const der = makeCertificate(...options);
  expect(hashChannelBindings(der).toString('hex')).toBe(expected(der, hash));
});
