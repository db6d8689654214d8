/** Packets of PSRP over a process's standard streams, as PowerShell writes them: one XML element a line. No document of Microsoft's has them. */
import { Failure } from '../../../kernel/failure.ts';
import { emptyGuid } from '../psrp/guid.ts';
import { poolTarget, type StreamName, type Target } from '../psrp/outbox.ts';

/** What a client asks without bytes: to begin a pipeline, to stop it, to end it or the session. */
export type Request = 'command' | 'signal' | 'close';

/** What a server answers to a packet. */
export type Acknowledgement = 'dataAck' | 'commandAck' | 'signalAck' | 'closeAck';

/** One line: PSRP bytes for the pool or a pipeline, or a word about them. */
export type Packet =
  | { readonly kind: 'data'; readonly target: Target; readonly stream: StreamName; readonly bytes: Uint8Array }
  | { readonly kind: Request; readonly target: Target }
  | { readonly kind: Acknowledgement; readonly target: Target };

/** Names of the elements. */
const elements: Readonly<Record<Packet['kind'], string>> = {
  data: 'Data',
  command: 'Command',
  signal: 'Signal',
  close: 'Close',
  dataAck: 'DataAck',
  commandAck: 'CommandAck',
  signalAck: 'SignalAck',
  closeAck: 'CloseAck',
};
const words = new Map(
  (['command', 'signal', 'close', 'dataAck', 'commandAck', 'signalAck', 'closeAck'] as const).map((word) => [
    elements[word],
    word,
  ]),
);
const streams: Readonly<Record<StreamName, string>> = { default: 'Default', promptResponse: 'PromptResponse' };

/** Where a packet may begin in a line that something else was written into. */
export const packetStart = /<(?:(?:Data|Command|Signal|Close)(?:Ack)?)(?=[\s/>])/u;

const element = /^<([A-Za-z]+)((?:\s+[A-Za-z]+\s*=\s*(?:'[^']*'|"[^"]*"))*)\s*(?:\/>|>([^<]*)<\/([A-Za-z]+)\s*>)\s*$/u;
const attribute = /([A-Za-z]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/gu;
const guidText = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/u;

/** Writes a packet with its line end. */
export function encodePacket(packet: Packet): string {
  const id = packet.target === poolTarget ? emptyGuid : packet.target;
  const name = elements[packet.kind];
  if (packet.kind !== 'data') return `<${name} PSGuid='${id}' />\n`;
  const { buffer, byteOffset, byteLength } = packet.bytes;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return `<${name} Stream='${streams[packet.stream]}' PSGuid='${id}'>${text}</${name}>\n`;
}

/**
 * Reads a packet from a line that begins with `<`.
 * @throws Failure `protocol-error` if it is none
 */
export function decodePacket(line: string): Packet {
  const [, name = '', attributes = '', content = '', end = name] = element.exec(line) ?? wrong(line, 'no packet');
  if (end !== name) wrong(line, `an element ${name} that ends as ${end}`);
  const word = words.get(name);
  if (word === undefined && name !== elements.data) wrong(line, `an element ${name}`);
  const given = new Map(Array.from(attributes.matchAll(attribute), ([, key, a, b]) => [key, a ?? b ?? '']));
  const target = readTarget(given.get('PSGuid'), line);
  if (word !== undefined) return { kind: word, target };
  const stream = given.get('Stream');
  if (stream !== streams.default && stream !== streams.promptResponse) wrong(line, `a stream ${stream}`);
  const text = content.trim();
  if (text.length % 4 !== 0 || !base64.test(text)) wrong(line, 'data that are not base64');
  return {
    kind: 'data',
    target,
    stream: stream === streams.default ? 'default' : 'promptResponse',
    bytes: Buffer.from(text, 'base64'),
  };
}

function readTarget(text: string | undefined, line: string): Target {
  const id = text?.toLowerCase() ?? '';
  if (!guidText.test(id)) wrong(line, text === undefined ? 'no PSGuid' : `a PSGuid ${text}`);
  return id === emptyGuid ? poolTarget : id;
}

function wrong(line: string, what: string): never {
  const shown = line.length > 120 ? `${line.slice(0, 120)}…` : line;
  throw new Failure('protocol-error', `PSRP over stdio: expected a packet, got ${what.slice(0, 80)}: ${shown}`);
}
