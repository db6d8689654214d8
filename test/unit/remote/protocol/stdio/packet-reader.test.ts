import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolTarget } from '../../../../../src/remote/protocol/psrp/outbox.ts';
import { encodePacket, type Packet } from '../../../../../src/remote/protocol/stdio/packet.ts';
import { PacketReader } from '../../../../../src/remote/protocol/stdio/packet-reader.ts';

const id = '8c7f3c1e-1111-2222-3333-444455556666';
const packets: readonly Packet[] = [
  { kind: 'data', target: poolTarget, stream: 'default', bytes: Buffer.from('some bytes') },
  { kind: 'commandAck', target: id },
  { kind: 'data', target: id, stream: 'default', bytes: Buffer.from('more bytes') },
];
const text = packets.map(encodePacket).join('');

describe('A reader of packets', () => {
  it('finds the same packets however the bytes are cut', () => {
    const bytes = Buffer.from(`Grüße コ\r\n${text}`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const reader = new PacketReader();
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const read = places.flatMap((from, index) => reader.push(bytes.subarray(from, places[index + 1] ?? from)));
        expect(read).toEqual(packets);
        expect(reader.noise).toBe('Grüße コ');
      }),
    );
  });

  it('passes over banners and profiles before the first packet, even those with a < in them', () => {
    const reader = new PacketReader();
    const noise = '<<< Welcome >>>\n<b>to</b> PC1\n\nno line end ';
    expect(reader.push(Buffer.from(`\uFEFF${noise}${text}`))).toEqual(packets);
    expect(reader.noise).toContain('<b>to</b> PC1');
  });

  it('passes over what is written between packets if it holds no <, and keeps the last of it', () => {
    const reader = new PacketReader();
    const [first = '', ...rest] = text.split(/(?<=\n)/u);
    const noise = 'stray output '.repeat(1_000);
    expect(reader.push(Buffer.from(`${first}${noise}\n\n${rest.join('')}`))).toEqual(packets);
    expect(reader.noise.length).toBeLessThanOrEqual(2_000);
  });

  it('refuses a strange element once packets came', () => {
    const reader = new PacketReader();
    reader.push(Buffer.from(text));
    expect(() => reader.push(Buffer.from('<b>to</b>\n'))).toThrow(/element b/u);
  });

  it('refuses a packet that is malformed, also as the first', () => {
    expect(() => new PacketReader().push(Buffer.from("<Data Stream='Default' PSGuid='x'>AAAA</Data>\n"))).toThrow(
      /PSGuid/u,
    );
  });

  it('gives errors that the other side writes into the same stream', () => {
    const reader = new PacketReader();
    expect(reader.push(Buffer.from('__NamedPipeError__: it broke\r\n'))).toEqual([
      { kind: 'remoteError', text: 'it broke' },
    ]);
  });

  it('refuses a line without end instead of keeping it', () => {
    const reader = new PacketReader();
    const part = Buffer.alloc(2 ** 24, 'a');
    expect(() => {
      for (let sent = 0; sent < 8; sent++) reader.push(part);
    }).toThrow(/line end/u);
  });
});
