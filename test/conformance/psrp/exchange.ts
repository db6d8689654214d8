/** The recorded exchanges with a real PowerShell: both sides' packets in the order in which they were seen. */

import { Failure } from '../../../src/kernel/failure.ts';
import { poolTarget, type StreamName, type Target } from '../../../src/remote/protocol/psrp/outbox.ts';
import { decodePacket, type Packet as StdioPacket } from '../../../src/remote/protocol/stdio/packet.ts';

/** A message as the recorder decoded it. */
export type RecordedMessage = {
  readonly objectId: number;
  readonly destination: 'client' | 'server';
  readonly messageType: string;
  readonly messageTypeValue: number;
  readonly rpid: string;
  readonly pid: string;
  readonly bom: boolean;
  readonly clixml: string;
};

type RecordedFragment = {
  readonly objectId: number;
  readonly fragmentId: number;
  readonly start: boolean;
  readonly end: boolean;
  readonly length: number;
};

type RecordedPacket = {
  readonly order: number;
  /** Name of the element. */
  readonly packet?: string | null;
  readonly base64: string;
  readonly fragments?: readonly RecordedFragment[];
  readonly messages?: readonly RecordedMessage[];
};

/** An exchange as its file holds it. */
export type RecordedExchange = {
  readonly id: string;
  readonly client: readonly RecordedPacket[];
  readonly server: readonly RecordedPacket[];
};

/** A packet: one line of either side. */
export type Packet = {
  readonly order: number;
  readonly side: 'client' | 'server';
  readonly line: string;
  /** What the line says; undefined if it is no packet. */
  readonly packet: StdioPacket | undefined;
  /** Name of its element; empty if it is none. */
  readonly name: string;
  /** The session (`pool`) or a pipeline by its id. */
  readonly target: Target;
  readonly stream: StreamName;
  /** The payload, empty where the packet has none; undefined if the line is no packet. */
  readonly bytes: Uint8Array | undefined;
  readonly fragments: readonly RecordedFragment[];
  readonly messages: readonly RecordedMessage[];
};

/** An exchange, its packets in the order of both sides together. */
export type Exchange = { readonly id: string; readonly packets: readonly Packet[] };

const elements: Readonly<Record<StdioPacket['kind'], string>> = {
  data: 'Data',
  command: 'Command',
  signal: 'Signal',
  close: 'Close',
  dataAck: 'DataAck',
  commandAck: 'CommandAck',
  signalAck: 'SignalAck',
  closeAck: 'CloseAck',
};

/** The packet in a line; undefined if it is none. */
function tryDecode(line: string): StdioPacket | undefined {
  try {
    return decodePacket(line);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function toPacket(side: Packet['side'], recorded: RecordedPacket): Packet {
  const line = Buffer.from(recorded.base64, 'base64').toString('utf8');
  const packet = tryDecode(line);
  return {
    order: recorded.order,
    side,
    line,
    packet,
    name: packet === undefined ? '' : elements[packet.kind],
    target: packet?.target ?? poolTarget,
    stream: packet?.kind === 'data' ? packet.stream : 'default',
    bytes: packet?.kind === 'data' ? new Uint8Array(packet.bytes) : packet && new Uint8Array(),
    fragments: recorded.fragments ?? [],
    messages: recorded.messages ?? [],
  };
}

/** An exchange from what its file holds. */
export function toExchange({ id, client, server }: RecordedExchange): Exchange {
  const packets = [
    ...client.map((packet) => toPacket('client', packet)),
    ...server.map((packet) => toPacket('server', packet)),
  ];
  return { id, packets: packets.toSorted((a, b) => a.order - b.order) };
}
