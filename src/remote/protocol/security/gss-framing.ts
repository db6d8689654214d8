import { Failure } from '../../../kernel/failure.ts';
import { expectElement, readElement, readObjectId } from '../asn1/read-der.ts';
import { application, objectId } from '../asn1/write-der.ts';

/** Object identifiers of mechanisms. The second one is what Microsoft writes for Kerberos beside the first. */
export const mechanismIds = {
  kerberos: '1.2.840.113554.1.2.2',
  microsoftKerberos: '1.2.840.48018.1.2.2',
  ntlm: '1.3.6.1.4.1.311.2.2.10',
  spnego: '1.3.6.1.5.5.2',
} as const;

/** First bytes of the inner tokens of Kerberos (RFC 4121 4.1). */
export const tokenKinds = { apReq: 0x0100, apRep: 0x0200, error: 0x0300 } as const;

/** Puts a mechanism's first token into the frame of RFC 2743 3.1. */
export function frameToken(mechanism: string, inner: Uint8Array): Buffer {
  return application(0, objectId(mechanism), inner);
}

/** Takes the frame of RFC 2743 3.1 off. @throws Failure `protocol-error` */
export function unframeToken(bytes: Uint8Array): { mechanism: string; inner: Buffer } {
  const { content } = expectElement(bytes, 0x60, 'a GSS-API token');
  const mechanism = readElement(content);
  return { mechanism: readObjectId(mechanism, 'a mechanism'), inner: content.subarray(mechanism.whole.length) };
}

/** A Kerberos token: its kind before the message, within the frame. */
export function frameKerberos(kind: number, message: Uint8Array): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(kind);
  return frameToken(mechanismIds.kerberos, Buffer.concat([head, message]));
}

/** Kind and message of a Kerberos token. @throws Failure `protocol-error` */
export function unframeKerberos(bytes: Uint8Array): { kind: number; message: Buffer } {
  const { mechanism, inner } = unframeToken(bytes);
  if ((mechanism !== mechanismIds.kerberos && mechanism !== mechanismIds.microsoftKerberos) || inner.length < 2) {
    throw new Failure('protocol-error', `Expected a token of Kerberos, got one of mechanism ${mechanism}.`);
  }
  return { kind: inner.readUInt16BE(), message: inner.subarray(2) };
}
