import { decodePacket, encodePacket } from '../../../../../src/remote/protocol/stdio/packet.ts';
import { PacketReader } from '../../../../../src/remote/protocol/stdio/packet-reader.ts';
import { type Decoder, xmlPieces } from './decoder.ts';

const target = 'aaaaaaaa-1111-4222-8333-444444444444';
const lines = [
  encodePacket({ kind: 'data', target: 'pool', stream: 'default', bytes: Buffer.from('some fragments') }),
  encodePacket({ kind: 'data', target, stream: 'promptResponse', bytes: Buffer.alloc(0) }),
  encodePacket({ kind: 'commandAck', target }),
  encodePacket({ kind: 'close', target: 'pool' }),
];

/** Decoders of PSRP over standard streams. */
export const stdioDecoders: readonly Decoder[] = [
  {
    name: 'packets of PowerShell over standard streams',
    kind: 'text',
    seeds: lines,
    pieces: [...xmlPieces, ' PSGuid=', " Stream='Default'", '<Data', '</Data>', '<Close />', '\n'],
    decode: decodePacket,
  },
  {
    name: 'streams of packets, in two pieces',
    kind: 'bytes',
    seeds: [Buffer.from(`a banner\n${lines.join('')}`)],
    decode: (bytes) => {
      const reader = new PacketReader();
      reader.push(bytes.subarray(0, bytes.length >> 1));
      return reader.push(bytes.subarray(bytes.length >> 1));
    },
  },
];
