import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../../src/kernel/failure.ts';
import { poolTarget } from '../../../../../src/remote/protocol/psrp/outbox.ts';
import { decodePacket, encodePacket, type Packet } from '../../../../../src/remote/protocol/stdio/packet.ts';

const id = '8c7f3c1e-1111-2222-3333-444455556666';
const words = ['command', 'signal', 'close', 'dataAck', 'commandAck', 'signalAck', 'closeAck'] as const;

describe('A packet', () => {
  it('is written as PowerShell writes it', () => {
    const bytes = new Uint8Array([0, 1, 255]);
    expect(encodePacket({ kind: 'data', target: poolTarget, stream: 'default', bytes })).toBe(
      "<Data Stream='Default' PSGuid='00000000-0000-0000-0000-000000000000'>AAH/</Data>\n",
    );
    expect(encodePacket({ kind: 'data', target: id, stream: 'promptResponse', bytes: new Uint8Array() })).toBe(
      `<Data Stream='PromptResponse' PSGuid='${id}'></Data>\n`,
    );
    expect(encodePacket({ kind: 'commandAck', target: id })).toBe(`<CommandAck PSGuid='${id}' />\n`);
  });

  it('is read as it was written', () => {
    const target = fc.constantFrom(poolTarget, id);
    const packet: fc.Arbitrary<Packet> = fc.oneof(
      fc.record({ kind: fc.constantFrom(...words), target }),
      fc.record({
        kind: fc.constant('data' as const),
        target,
        stream: fc.constantFrom('default' as const, 'promptResponse' as const),
        bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      }),
    );
    fc.assert(
      fc.property(packet, (each) => {
        expect(decodePacket(encodePacket(each).trimEnd())).toEqual(each);
      }),
    );
  });

  it.each([
    `<Close PSGuid="${id}"/>`,
    `<Close   PSGuid = '${id.toUpperCase()}'></Close>\r`,
    `<Close Other='x' PSGuid='${id}' />  `,
  ])('may be written otherwise: %s', (line) => {
    expect(decodePacket(line)).toEqual({ kind: 'close', target: id });
  });

  it.each([
    ['<', 'no packet'],
    ['<Data', 'no packet'],
    [`<Data Stream='Default' PSGuid='${id}'>AAAA`, 'no packet'],
    [`<Data Stream='Default' PSGuid='${id}'>AAAA</Date>`, 'ends as Date'],
    [`<Data Stream='Default' PSGuid='${id}'>A%AA</Data>`, 'not base64'],
    [`<Data Stream='Default' PSGuid='${id}'>AAA</Data>`, 'not base64'],
    [`<Data Stream='Other' PSGuid='${id}'>AAAA</Data>`, 'stream Other'],
    [`<Data PSGuid='${id}'>AAAA</Data>`, 'stream undefined'],
    ["<Close PSGuid='x' />", 'PSGuid x'],
    ['<Close />', 'no PSGuid'],
    [`<Closed PSGuid='${id}' />`, 'element Closed'],
    [`<Close PSGuid='${id}' /><Close PSGuid='${id}' />`, 'no packet'],
  ])('that is malformed is told: %s', (line, what) => {
    expect(() => decodePacket(line)).toThrow(what);
  });

  it('is read, or refused with a Failure, whatever the line', () => {
    const piece = fc.constantFrom(
      '<',
      'Data',
      'Close',
      ' PSGuid=',
      "'",
      '"',
      id,
      '>',
      '/>',
      '</Data>',
      'AAAA',
      '=',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          decodePacket(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });

  it('of a megabyte of blanks and quotes is refused in linear time', () => {
    for (const text of [' '.repeat(1_000_000), " a='".repeat(250_000), " a='b'".repeat(150_000)])
      expect(() => decodePacket(`<Data${text}`)).toThrow(Failure);
  });
});
