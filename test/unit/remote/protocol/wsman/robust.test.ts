import { describe, expect, it } from 'vitest';
import { decodeRequest } from '../../../../../src/remote/protocol/wsman/decode-request.ts';
import { encodeReply } from '../../../../../src/remote/protocol/wsman/encode-reply.ts';
import { decodeReply, type WsmanReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { encodeRequest } from '../../../../../src/remote/protocol/wsman/requests.ts';
import { encodeNotice, isNotice, splitEnvelopes } from '../../../../../src/remote/protocol/wsman/robust.ts';

const operationId = 'uuid:AD3A70BC-E338-4410-AE86-23F9E1D70FBE';
const messageId = 'uuid:C12EB060-0A37-4E8A-B58B-910B4C2EFE71';
const base = { to: '', sessionId: '', messageId, operationTimeoutMs: 20_000, maxEnvelopeBytes: 512_000 };
const request = { kind: 'signal', resourceUri: 'r', shellId: 'S', commandId: 'C', code: 'c' } as const;
const piece = { commandId: 'C', stream: 'stdout', payload: Buffer.from('output'), end: false };
const received: WsmanReply = { kind: 'received', pieces: [piece], commandState: { commandId: 'C', state: 'running' } };
const answer = encodeReply(received, { messageId: 'uuid:1', relatesTo: messageId, machine: 'PC1', operationId });
const notice = (kind: 'acknowledge' | 'keepAlive') => encodeNotice(kind, { operationId, messageId: 'uuid:2' });

describe('a marked request', () => {
  it.each([false, true])('says whether it was sent before: %s', (resent) => {
    const { header } = decodeRequest(encodeRequest(request, { ...base, robust: { operationId, resent } }));
    expect(header).toMatchObject({ robust: { operationId, resent }, messageId });
  });

  it('is marked as Windows does: the element must be understood only in the repeated one', () => {
    const mark =
      /<p:OperationID s:mustUnderstand="(\w+)">[^<]+<\/p:OperationID><p:SequenceId s:mustUnderstand="false">1</u;
    const texts = [false, true].map((resent) => encodeRequest(request, { ...base, robust: { operationId, resent } }));
    expect(texts.map((text) => mark.exec(text)?.[1])).toEqual(['false', 'true']);
  });

  it('is otherwise like one that is not marked', () => {
    expect(decodeRequest(encodeRequest(request, base)).header.robust).toBeUndefined();
  });
});

describe('a reply', () => {
  it('tells that the host keeps its answers', () => {
    expect(decodeReply(answer)).toEqual({ relatesTo: messageId, operationId, reply: received });
  });

  it('may come behind notices, each with a byte order mark', () => {
    const text = `\uFEFF${notice('keepAlive')}\r\n\uFEFF${notice('acknowledge')}\uFEFF${answer}\r\n`;
    expect(decodeReply(text).reply).toEqual(received);
  });

  it('is refused if there are two, or none behind a notice', () => {
    expect(() => decodeReply(answer + answer)).toThrow('Expected one reply');
    expect(() => decodeReply(notice('keepAlive'))).toThrow('Keepalive');
  });

  it('may name its envelope by any prefix', () => {
    const other = answer
      .replaceAll('<s:', '<SOAP-ENV:')
      .replaceAll('</s:', '</SOAP-ENV:')
      .replaceAll(' s:', ' SOAP-ENV:')
      .replace('xmlns:s=', 'xmlns:SOAP-ENV=');
    expect(splitEnvelopes(notice('acknowledge') + other)).toHaveLength(2);
    expect(decodeReply(notice('acknowledge') + other).reply).toEqual(received);
  });

  it('is left whole where there is no envelope', () => {
    expect(splitEnvelopes('no XML')).toEqual(['no XML']);
    expect(splitEnvelopes(`${notice('keepAlive')}rest`)).toEqual([notice('keepAlive'), 'rest']);
  });
});

it('an answer is no notice', () => {
  expect(isNotice('http://schemas.microsoft.com/wbem/wsman/1/wsman/AcknowledgeRequest')).toBe(true);
  expect(isNotice('http://schemas.dmtf.org/wbem/wsman/1/wsman/fault')).toBe(false);
  expect(isNotice(undefined)).toBe(false);
});
