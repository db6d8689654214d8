import { Failure } from '../../../kernel/failure.ts';

const boundary = 'Encrypted Boundary';
/** What sealed the messages: a mechanism under the HTTP schemes Negotiate and NTLM, or under the scheme Kerberos. */
export type SealProtocol = 'spnego' | 'kerberos';

const protocols: Readonly<Record<SealProtocol, string>> = {
  spnego: 'application/HTTP-SPNEGO-session-encrypted',
  kerberos: 'application/HTTP-Kerberos-session-encrypted',
};
const plainType = 'application/soap+xml;charset=UTF-8';

/** Content type of a plain SOAP body. */
export const plainContentType = plainType;
/** Content type of a sealed body (MS-WSMV 2.2.9.1). */
export function sealedContentType(protocol: SealProtocol): string {
  return `multipart/encrypted;protocol="${protocols[protocol]}";boundary="${boundary}"`;
}

/** What sealed a body of this content type. */
export function sealProtocolOf(contentType: string | undefined): SealProtocol {
  return /HTTP-Kerberos-session/iu.test(contentType ?? '') ? 'kerberos' : 'spnego';
}

/** One sealed message of a body. */
export type SealedPart = {
  readonly signature: Uint8Array;
  readonly sealed: Uint8Array;
  /** Plain bytes plus padding. */
  readonly length: number;
};

/** Writes a body with one sealed message. No line break stands between the binary and the last boundary. */
export function encodeSealedBody(part: SealedPart, protocol: SealProtocol): Buffer {
  const head = `--${boundary}\r\n\tContent-Type: ${protocols[protocol]}\r\n\tOriginalContent: type=${plainType};Length=${part.length}\r\n--${boundary}\r\n\tContent-Type: application/octet-stream\r\n`;
  const signatureLength = Buffer.alloc(4);
  signatureLength.writeUInt32LE(part.signature.length);
  return Buffer.concat([
    Buffer.from(head, 'latin1'),
    signatureLength,
    part.signature,
    part.sealed,
    Buffer.from(`--${boundary}--\r\n`, 'latin1'),
  ]);
}

/** True for the content type of a sealed body. */
export function isSealedContentType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*multipart\/(?:x-multi-)?encrypted\b/iu.test(contentType);
}

/**
 * Reads the sealed messages of a body. The binary is cut by its declared length, never by searching a boundary in it.
 * Takes a blank before the boundary and missing tabs, as some servers write them.
 * @throws Failure `protocol-error`
 */
export function decodeSealedBody(body: Buffer): SealedPart[] {
  const parts: SealedPart[] = [];
  let at = 0;
  while (!isEnd(body, at)) {
    const headEnd = endOfHead(body, at);
    const head = body.toString('latin1', at, headEnd);
    const length = /OriginalContent:[^\r\n]*;\s*Length=(\d+)/iu.exec(head)?.[1];
    if (length === undefined || headEnd + 4 > body.length) throw malformed(at);
    const signatureLength = body.readUInt32LE(headEnd);
    const start = headEnd + 4 + signatureLength;
    const end = start + Number(length);
    if (signatureLength > 1024 || end > body.length) throw malformed(at);
    parts.push({
      signature: body.subarray(headEnd + 4, start),
      sealed: body.subarray(start, end),
      length: Number(length),
    });
    at = end;
  }
  if (parts.length === 0) throw malformed(0);
  return parts;
}

const octetStream = Buffer.from('application/octet-stream\r\n', 'latin1');

function endOfHead(body: Buffer, at: number): number {
  const found = body.indexOf(octetStream, at);
  if (found < 0 || found - at > 2048) throw malformed(at);
  return found + octetStream.length;
}

function isEnd(body: Buffer, at: number): boolean {
  return at >= body.length || /^--\s?Encrypted Boundary--\s*$/u.test(body.toString('latin1', at, at + 64));
}

function malformed(at: number): Failure {
  return new Failure(
    'protocol-error',
    `Expected a sealed body in ${boundary} parts; it is malformed after byte ${at}.`,
  );
}
