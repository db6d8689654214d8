/** The recorded exchanges with a real PowerShell: both sides' packets in the order in which they were seen. */

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
  readonly packet?: string | null;
  readonly attributes?: Readonly<Record<string, string>> | null;
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
  /** Name of its element; empty if the line is no element. */
  readonly name: string;
  /** The session (`pool`) or a pipeline by its id. */
  readonly target: string;
  readonly stream: 'default' | 'promptResponse';
  /** The payload; undefined where the line carries one that is no base64. */
  readonly bytes: Uint8Array | undefined;
  readonly fragments: readonly RecordedFragment[];
  readonly messages: readonly RecordedMessage[];
};

/** An exchange, its packets in the order of both sides together. */
export type Exchange = { readonly id: string; readonly packets: readonly Packet[] };

const zero = '00000000-0000-0000-0000-000000000000';
/** One element on a line, with text or without. */
const element = /^\s*<(\w+)((?:\s+\w+=(?:'[^'<]*'|"[^"<]*"))*)\s*(?:\/>|>([^<]*)<\/\1>)\s*$/;

function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`\\s${name}=(?:'([^']*)'|"([^"]*)")`)
    .exec(attributes)
    ?.slice(1)
    .find((value) => value !== undefined);
}

function toPacket(side: Packet['side'], recorded: RecordedPacket): Packet {
  const line = Buffer.from(recorded.base64, 'base64').toString('utf8');
  const [, name = '', attributes = '', payload = ''] = element.exec(line) ?? [];
  const guid = attribute(attributes, 'PSGuid')?.toLowerCase();
  return {
    order: recorded.order,
    side,
    name,
    target: guid === undefined || guid === zero ? 'pool' : guid,
    stream: attribute(attributes, 'Stream') === 'PromptResponse' ? 'promptResponse' : 'default',
    bytes: fromBase64(payload),
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
