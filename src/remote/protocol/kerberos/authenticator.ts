import {
  type DerElement,
  expectElement,
  readElement,
  readFields,
  readInteger,
  readOctets,
  requireField,
} from '../asn1/read-der.ts';
import { application, context, integer, octetString, sequence, tags } from '../asn1/write-der.ts';
import { encodeKey, kerberosTime, readKerberosTime, readKey, readUint32 } from './der-values.ts';
import type { KerberosKey } from './enctypes.ts';
import { encodeName, generalString, type Principal, readGeneralString, readName } from './principal.ts';

/** Type of the checksum in which GSS-API puts its flags (RFC 4121 4.1.1). */
export const gssChecksumType = 0x8003;

/** What a client proves itself with, inside of an AP-REQ (RFC 4120 5.5.1). */
export type Authenticator = {
  readonly client: Principal;
  readonly checksum: { readonly type: number; readonly bytes: Buffer } | undefined;
  /** ms since 1970-01-01 UTC, whole seconds. */
  readonly timeMs: number;
  /** 0 to 999999, to be added to the time. */
  readonly microseconds: number;
  readonly subkey: KerberosKey | undefined;
  readonly sequence: number | undefined;
};

/** Writes an Authenticator. */
export function encodeAuthenticator(parts: Authenticator): Buffer {
  const { client, checksum, timeMs, microseconds, subkey, sequence: number } = parts;
  return application(
    2,
    sequence(
      context(0, integer(5)),
      context(1, generalString(client.realm)),
      context(2, encodeName(client)),
      ...(checksum
        ? [context(3, sequence(context(0, integer(checksum.type)), context(1, octetString(checksum.bytes))))]
        : []),
      context(4, integer(microseconds)),
      context(5, kerberosTime(timeMs)),
      ...(subkey ? [context(6, encodeKey(subkey))] : []),
      ...(number === undefined ? [] : [context(7, integer(number))]),
    ),
  );
}

/** Reads an Authenticator. @throws Failure `protocol-error` */
export function decodeAuthenticator(bytes: Uint8Array): Authenticator {
  const what = 'an authenticator';
  const fields = readFields(readElement(expectElement(bytes, 0x62, what).content), what);
  const checksum = fields.get(3);
  const subkey = fields.get(6);
  const number = fields.get(7);
  return {
    client: readName(requireField(fields, 2, what), readGeneralString(requireField(fields, 1, what), 'a realm')),
    checksum: checksum && readChecksum(checksum),
    timeMs: readKerberosTime(requireField(fields, 5, what), 'the time of an authenticator'),
    microseconds: readInteger(requireField(fields, 4, what), 'the microseconds of an authenticator'),
    subkey: subkey && readKey(subkey, 'a subkey'),
    sequence: number && readUint32(number, 'a sequence number'),
  };
}

function readChecksum(found: DerElement): { type: number; bytes: Buffer } {
  const what = 'a checksum';
  const fields = readFields(expectElement(found.whole, tags.sequence, what), what);
  return {
    type: readInteger(requireField(fields, 0, what), 'the type of a checksum'),
    bytes: readOctets(requireField(fields, 1, what), what),
  };
}

/** GSS flags of a context (RFC 2743, RFC 4121 4.1.1.1). */
export const gssFlags = { delegate: 1, mutual: 2, replay: 4, sequence: 8, confidentiality: 16, integrity: 32 } as const;

/** The checksum by which a context's flags and channel bindings are bound to the ticket. @param bindings 16-byte hash, or none */
export function encodeGssChecksum(flags: number, bindings: Uint8Array | undefined): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(16, 0);
  if (bindings) Buffer.from(bindings).copy(bytes, 4);
  bytes.writeUInt32LE(flags, 20);
  return bytes;
}

/** Flags and channel bindings (zeros if there are none) of a GSS checksum; undefined if it is none. */
export function decodeGssChecksum(
  checksum: Authenticator['checksum'],
): { flags: number; bindings: Buffer } | undefined {
  if (checksum?.type !== gssChecksumType || checksum.bytes.length < 24 || checksum.bytes.readUInt32LE(0) !== 16)
    return undefined;
  return { bindings: checksum.bytes.subarray(4, 20), flags: checksum.bytes.readUInt32LE(20) };
}
