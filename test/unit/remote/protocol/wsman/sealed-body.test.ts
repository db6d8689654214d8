import { describe, expect, it } from 'vitest';
import {
  decodeSealedBody,
  encodeSealedBody,
  isSealedContentType,
  plainContentType,
  sealedContentType,
} from '../../../../../src/remote/protocol/wsman/sealed-body.ts';

const signature = Buffer.alloc(16, 7);

describe('a sealed body', () => {
  it('is written as Windows expects it', () => {
    const text = encodeSealedBody({ signature, sealed: Buffer.from('abc'), length: 3 }, 'spnego').toString('latin1');
    expect(text).toBe(
      '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=3\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\x10\0\0\0' +
        `${'\x07'.repeat(16)}abc--Encrypted Boundary--\r\n`,
    );
  });

  it('is cut by its length even if the binary looks like a boundary', () => {
    const sealed = Buffer.from('--Encrypted Boundary--\r\napplication/octet-stream\r\n');
    expect(decodeSealedBody(encodeSealedBody({ signature, sealed, length: sealed.length }, 'spnego'))).toEqual([
      { signature, sealed, length: sealed.length },
    ]);
  });

  it('is read with a blank before the boundary and without tabs, and in several parts', () => {
    const part = (text: string) =>
      `-- Encrypted Boundary\r\nContent-Type: application/HTTP-SPNEGO-session-encrypted\r\nOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${text.length}\r\n-- Encrypted Boundary\r\nContent-Type: application/octet-stream\r\n\x01\0\0\0!${text}`;
    const body = Buffer.from(`${part('one')}${part('three')}-- Encrypted Boundary--\r\n`, 'latin1');
    expect(decodeSealedBody(body).map((each) => Buffer.from(each.sealed).toString())).toEqual(['one', 'three']);
  });

  it.each([
    ['nothing', ''],
    ['plain SOAP', '<s:Envelope/>'],
    [
      'no length',
      '--Encrypted Boundary\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\0\0\0\0',
    ],
  ])('that holds %s is refused', (_, text) => {
    expect(() => decodeSealedBody(Buffer.from(text))).toThrow(/malformed/);
  });

  it('whose declared length exceeds it is refused', () => {
    const body = encodeSealedBody({ signature, sealed: Buffer.from('abc'), length: 3000 }, 'spnego');
    expect(() => decodeSealedBody(body)).toThrow(/malformed/);
  });

  it('is known by its content type', () => {
    expect(isSealedContentType(sealedContentType('spnego'))).toBe(true);
    expect(isSealedContentType(plainContentType)).toBe(false);
    expect(isSealedContentType(undefined)).toBe(false);
  });
});
