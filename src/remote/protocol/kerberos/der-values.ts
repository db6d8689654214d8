import { Failure } from '../../../kernel/failure.ts';
import { type DerElement, readFields, readInteger, readOctets, requireField } from '../asn1/read-der.ts';
import { context, element, integer, octetString, sequence, tags } from '../asn1/write-der.ts';
import type { KerberosKey } from './enctypes.ts';

/** KerberosTime (RFC 4120 5.2.3): whole seconds, UTC. @param epochMs ms since 1970-01-01 UTC */
export function kerberosTime(epochMs: number): Buffer {
  const text = new Date(epochMs).toISOString().replace(/[-:T]|\..*/gu, '');
  return element(tags.generalizedTime, Buffer.from(`${text}Z`, 'latin1'));
}

/** A KerberosTime as ms since 1970-01-01 UTC. @throws Failure `protocol-error` */
export function readKerberosTime(found: DerElement, what: string): number {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u.exec(found.content.toString('latin1'));
  if (found.tag !== tags.generalizedTime || !digits)
    throw new Failure('protocol-error', `Expected ${what} as a time in UTC.`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** EncryptedData (RFC 4120 5.2.9) without a key version. */
export function encodeEncrypted(enctype: number, cipherText: Uint8Array): Buffer {
  return sequence(context(0, integer(enctype)), context(2, octetString(cipherText)));
}

/** An EncryptedData. */
export type Encrypted = {
  readonly enctype: number;
  readonly keyVersion: number | undefined;
  readonly cipherText: Buffer;
};

/** Reads an EncryptedData. @throws Failure `protocol-error` */
export function readEncrypted(found: DerElement, what: string): Encrypted {
  const fields = readFields(found, what);
  const version = fields.get(1);
  return {
    enctype: readInteger(requireField(fields, 0, what), `the encryption type of ${what}`),
    keyVersion: version && readInteger(version, `the key version of ${what}`),
    cipherText: readOctets(requireField(fields, 2, what), what),
  };
}

/** EncryptionKey (RFC 4120 5.2.9). */
export function encodeKey({ enctype, bytes }: KerberosKey): Buffer {
  return sequence(context(0, integer(enctype)), context(1, octetString(bytes)));
}

/** Reads an EncryptionKey. @throws Failure `protocol-error` */
export function readKey(found: DerElement, what: string): KerberosKey {
  const fields = readFields(found, what);
  return {
    enctype: readInteger(requireField(fields, 0, what), `the type of ${what}`),
    bytes: Buffer.from(readOctets(requireField(fields, 1, what), what)),
  };
}

/** Reads an unsigned 32-bit number; some libraries write large ones as negative. @throws Failure `protocol-error` */
export function readUint32(found: DerElement, what: string): number {
  return readInteger(found, what) >>> 0;
}
