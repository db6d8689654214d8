/** The recorded exchanges with a real PowerShell: both sides' packets in the order in which they were seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseClixml } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import type { PsValue } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';

/** A message as the recorder decoded it. */
type RecordedMessage = {
  readonly objectId: number;
  readonly destination: 'client' | 'server';
  readonly messageType: string;
  readonly messageTypeValue: number;
  readonly rpid: string;
  readonly pid: string;
  readonly bom: boolean;
  readonly clixml: string;
};

/** A packet: one line of either side. */
export type Packet = {
  readonly order: number;
  readonly side: 'client' | 'server';
  readonly packet: string;
  readonly guid: string;
  readonly bytes: Uint8Array;
  readonly fragments: readonly { objectId: number; fragmentId: number; start: boolean; end: boolean; length: number }[];
  readonly messages: readonly RecordedMessage[];
};

/** A recorded exchange. */
export type Exchange = { readonly id: string; readonly packets: readonly Packet[] };

type RawPacket = Omit<Packet, 'side' | 'guid' | 'bytes'> & { attributes: { PSGuid: string }; base64: string };

const folder = new URL('../../../../fixtures/corpus/psrp/', import.meta.url);

function toPacket(side: 'client' | 'server', raw: RawPacket): Packet {
  const line = Buffer.from(raw.base64, 'base64').toString('utf8');
  const payload = /<Data [^>]*>([^<]*)<\/Data>/.exec(line)?.[1] ?? '';
  return {
    order: raw.order,
    side,
    packet: raw.packet,
    guid: raw.attributes.PSGuid,
    bytes: new Uint8Array(Buffer.from(payload, 'base64')),
    fragments: raw.fragments ?? [],
    messages: raw.messages ?? [],
  };
}

/** All exchanges. */
export const exchanges: readonly Exchange[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const raw = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<'client' | 'server', RawPacket[]> & {
      id: string;
    };
    const packets = [
      ...raw.client.map((packet) => toPacket('client', packet)),
      ...raw.server.map((packet) => toPacket('server', packet)),
    ];
    return { id: raw.id, packets: packets.toSorted((a, b) => a.order - b.order) };
  });

const zero = '00000000-0000-0000-0000-000000000000';

/** The target that a packet belongs to. */
export const targetOf = (packet: Packet): string => (packet.guid === zero ? 'pool' : packet.guid);

/** Through text and back, as on the wire. */
export const sent = (value: PsValue): PsValue => parseClixml(writeClixml(value));

/** The recorded message of one type in one exchange. */
export const recorded = (id: string, type: string): PsValue => {
  const messages = exchanges.find((exchange) => exchange.id === id)?.packets.flatMap((packet) => packet.messages) ?? [];
  return parseClixml(messages.find((message) => message.messageType === type)?.clixml ?? '');
};
