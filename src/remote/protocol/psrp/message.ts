import { Failure } from '../../../kernel/failure.ts';
import { emptyGuid, type Guid, readGuid, writeGuid } from './guid.ts';
import { type MessageType, messageTypeOf, messageTypes } from './message-types.ts';

/** A PSRP message (MS-PSRP 2.2.1). `data` is its CLIXML, empty for messages without; `pipelineId` is null for messages of the pool. */
export type Message = {
  readonly destination: 'client' | 'server';
  readonly type: MessageType;
  readonly poolId: Guid;
  readonly pipelineId: Guid | null;
  readonly data: string;
  /** Whether the text has a byte order mark: servers write one. */
  readonly bom: boolean;
};

const headerBytes = 40;
const bomBytes = Uint8Array.of(0xef, 0xbb, 0xbf);
const destinations = { client: 1, server: 2 } as const;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes a message. */
export function encodeMessage(message: Message): Uint8Array {
  const start = headerBytes + (message.bom ? bomBytes.length : 0);
  const bytes = new Uint8Array(start + Buffer.byteLength(message.data, 'utf8'));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, destinations[message.destination], true);
  view.setUint32(4, messageTypes[message.type], true);
  writeGuid(message.poolId, bytes, 8);
  writeGuid(message.pipelineId ?? emptyGuid, bytes, 24);
  if (message.bom) bytes.set(bomBytes, headerBytes);
  Buffer.from(bytes.buffer).write(message.data, start, 'utf8');
  return bytes;
}

/**
 * Reads a message.
 * @param toGuid reads its ids; see `rememberGuids`
 * @throws Failure `protocol-error` if it is too short, of an unknown type or destination, or no UTF-8
 */
export function decodeMessage(bytes: Uint8Array, toGuid = readGuid): Message {
  if (bytes.length < headerBytes)
    throw new Failure(
      'protocol-error',
      `PSRP: expected a message of at least ${headerBytes} bytes, got ${bytes.length}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = view.getUint32(0, true);
  const destination = to === destinations.client ? 'client' : to === destinations.server ? 'server' : undefined;
  if (destination === undefined) throw new Failure('protocol-error', `PSRP: unknown message destination ${to}`);
  const number = view.getUint32(4, true);
  const type = messageTypeOf(number);
  if (type === undefined)
    throw new Failure('protocol-error', `PSRP: unknown message type 0x${number.toString(16).padStart(8, '0')}`);
  const bom = bytes[headerBytes] === 0xef && bytes[headerBytes + 1] === 0xbb && bytes[headerBytes + 2] === 0xbf;
  const pipelineId = toGuid(bytes, 24);
  return {
    destination,
    type,
    poolId: toGuid(bytes, 8),
    pipelineId: pipelineId === emptyGuid ? null : pipelineId,
    data: decodeText(bytes.subarray(headerBytes + (bom ? bomBytes.length : 0)), type),
    bom,
  };
}

function decodeText(bytes: Uint8Array, type: MessageType): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Failure('protocol-error', `PSRP: the text of a ${type} message is not valid UTF-8`, { cause });
  }
}
