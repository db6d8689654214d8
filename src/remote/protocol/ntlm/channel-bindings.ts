import { createHash } from 'node:crypto';

/** DER bytes of the OIDs of signature algorithms whose certificates are hashed with something else than SHA-256 (RFC 5929 4.1). */
const strongerHashes: readonly (readonly [oid: string, hash: 'sha384' | 'sha512'])[] = [
  ['06092a864886f70d01010c', 'sha384'],
  ['06092a864886f70d01010d', 'sha512'],
  ['06082a8648ce3d040303', 'sha384'],
  ['06082a8648ce3d040304', 'sha512'],
  // Hash OIDs, as RSASSA-PSS carries them in its parameters.
  ['0609608648016503040202', 'sha384'],
  ['0609608648016503040203', 'sha512'],
];

/**
 * The 16-byte hash of the `tls-server-end-point` channel bindings of a server certificate, as NTLM carries it (RFC 5929, MS-NLMP 2.2.2.1).
 * @param certificate the DER bytes
 */
export function hashChannelBindings(certificate: Uint8Array): Buffer {
  const digest = createHash(certificateHash(certificate)).update(certificate).digest();
  const data = Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), digest]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash('md5').update(head).update(data).digest();
}

function certificateHash(certificate: Uint8Array): 'sha256' | 'sha384' | 'sha512' {
  const der = Buffer.from(certificate.buffer, certificate.byteOffset, certificate.length);
  const outer = readElement(der, 0);
  const algorithm = readElement(der, readElement(der, outer.start).end);
  const bytes = der.subarray(algorithm.start, algorithm.end);
  return strongerHashes.find(([oid]) => bytes.includes(Buffer.from(oid, 'hex')))?.[1] ?? 'sha256';
}

/** Content bounds of the DER element at `at`. */
function readElement(der: Buffer, at: number): { start: number; end: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const lengthBytes = first & 0x7f;
  let length = 0;
  for (let n = 0; n < lengthBytes; n++) length = length * 256 + (der[at + 2 + n] ?? 0);
  return { start: at + 2 + lengthBytes, end: at + 2 + lengthBytes + length };
}
