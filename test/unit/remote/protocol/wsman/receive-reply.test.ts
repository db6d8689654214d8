import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeReply } from '../../../../../src/remote/protocol/wsman/encode-reply.ts';
import { namespaces } from '../../../../../src/remote/protocol/wsman/namespaces.ts';
import { takeStreams } from '../../../../../src/remote/protocol/wsman/receive-reply.ts';
import { decodeReply, type WsmanReply } from '../../../../../src/remote/protocol/wsman/replies.ts';

const envelope = (body: string, declarations = ''): string =>
  `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" ${declarations}><s:Header><a:Action>${namespaces.shell}/ReceiveResponse</a:Action></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
const declared = `xmlns:r="${namespaces.shell}"`;
const stream = (text: string, attributes = 'Name="stdout"'): string => `<r:Stream ${attributes}>${text}</r:Stream>`;
const response = (...children: string[]): string =>
  envelope(`<r:ReceiveResponse>${children.join('')}</r:ReceiveResponse>`, declared);
const payloads = (text: string): string[] => {
  const { reply } = decodeReply(text);
  if (reply.kind !== 'received') throw new Error(`expected output, got ${reply.kind}`);
  return reply.pieces.map((piece) => piece.payload.toString());
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const pieces = fc.record({
  commandId: fc.constantFrom(undefined, 'A', 'B & "C"'),
  stream: fc.constantFrom('stdout', 'stderr'),
  payload: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  end: fc.boolean(),
});
const received = fc.record({
  kind: fc.constant('received' as const),
  pieces: fc.array(pieces, { maxLength: 6 }),
  commandState: fc.constantFrom(
    undefined,
    { commandId: 'A', state: 'done' as const, exitCode: 3 },
    { commandId: 'A', state: 'running' as const },
  ),
});

describe('the output in a Receive reply', () => {
  it('is found in any reply of ours, without a tree of it', () => {
    fc.assert(
      fc.property(received, (reply: WsmanReply & { kind: 'received' }) => {
        const text = encodeReply(reply, { messageId: 'uuid:1', relatesTo: undefined, machine: 'pc1' });
        expect(decodeReply(text).reply).toEqual(reply);
        expect(takeStreams(text)?.contents.length ?? 0).toBe(reply.pieces.length);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a small rest, however large it is', () => {
    const text = response(stream(base64('x'.repeat(300_000))), stream(base64('y'.repeat(300_000))));
    expect(takeStreams(text)?.rest.length).toBeLessThan(600);
    expect(payloads(text).map((payload) => payload.length)).toEqual([300_000, 300_000]);
  });

  it('stays in order when only a part of the streams is written plainly', () => {
    const text = response(
      stream(base64('1')),
      stream(base64('2'), 'Name="stdout" CommandId="A"'),
      '<!-- pause -->',
      stream(base64('3')),
      `<r:Stream Name="stdout"><![CDATA[${base64('4')}]]></r:Stream>`,
    );
    expect(payloads(text)).toEqual(['1', '2', '3', '4']);
  });

  it('may hold line breaks and character references', () => {
    const wrapped = base64('a longer text').replace(/(.{4})/gu, '$1\r\n');
    expect(payloads(response(stream(wrapped)))).toEqual(['a longer text']);
    expect(payloads(response(stream(`${base64('abc')}&#xD;`)))).toEqual(['abc']);
  });

  it.each([
    ['a tag that holds >', response(stream(base64('1'), 'Name="stdout" x="a>b"'))],
    ['an empty element', response('<r:Stream Name="stdout" End="true"/>', stream(base64('1')))],
    ['another element first', response('<r:Other/>', stream(base64('1')))],
    ['single quotes', response(stream(base64('1'), "Name='stdout'"))],
    [
      'declarations of its own',
      envelope(
        `<q:ReceiveResponse xmlns:q="${namespaces.shell}"><q:Stream Name="stdout">${base64('1')}</q:Stream></q:ReceiveResponse>`,
      ),
    ],
    [
      'no prefix',
      envelope(
        `<ReceiveResponse xmlns="${namespaces.shell}"><Stream Name="stdout">${base64('1')}</Stream></ReceiveResponse>`,
      ),
    ],
  ])('is read where there is %s', (_, text) => {
    expect(payloads(text)).toContain('1');
  });

  it('is not taken from a comment before the body, nor from elements of another namespace', () => {
    const decoy = `<!-- <s:Body><r:ReceiveResponse>${stream(base64('no'))} -->`;
    expect(payloads(response(stream(base64('1'))).replace('<s:Header>', `${decoy}<s:Header>`))).toEqual(['1']);
    const foreign = `<o:Stream xmlns:o="urn:other" Name="stdout">${base64('no')}</o:Stream>`;
    expect(payloads(response(foreign, stream(base64('1'))))).toEqual(['1']);
  });

  it('is refused where tags do not match', () => {
    expect(() => payloads(response(`<r:Stream Name="stdout">${base64('1')}</r:Streams>`))).toThrow('well-formed');
  });
});
