import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { writeClixml } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import { encodeFragment, fragmentHeaderBytes } from '../../../src/remote/protocol/psrp/fragments.ts';
import { decodeMessage, encodeMessage } from '../../../src/remote/protocol/psrp/message.ts';
import { messageTypes } from '../../../src/remote/protocol/psrp/message-types.ts';
import { encodePacket } from '../../../src/remote/protocol/stdio/packet.ts';
import type { Differences } from '../differences.ts';
import type { Packet, RecordedMessage } from './exchange.ts';
import { WholeMessages } from './whole-messages.ts';

const zero = '00000000-0000-0000-0000-000000000000';

/** Fragments, messages and values of these packets: decoded as the recorder did, and encoded to the same bytes. */
export function judgeMessages(packets: readonly Packet[], differences: Differences): void {
  const whole = new WholeMessages();
  for (const packet of packets) {
    const place = `packet ${packet.order}`;
    if (packet.side === 'server') judgeLine(place, packet, differences);
    if (packet.fragments.length > 0) judgeFragments(place, packet, differences);
    const messages = differences.try(`${place}, reassembly`, () => whole.take(packet)) ?? [];
    differences.same(
      `${place}, object ids`,
      messages.map(({ objectId }) => Number(objectId)),
      packet.messages.map(({ objectId }) => objectId),
    );
    for (const [index, recorded] of packet.messages.entries()) {
      const bytes = messages[index]?.bytes;
      if (bytes !== undefined)
        differences.try(`${place}, ${recorded.messageType}`, () => {
          judgeMessage(`${place}, ${recorded.messageType}`, bytes, recorded, differences);
        });
    }
  }
}

/** PowerShell's lines are read as packets and written again letter by letter. */
function judgeLine(place: string, { line, packet }: Packet, differences: Differences): void {
  if (packet === undefined) differences.add(`${place}: no packet in ${line.slice(0, 80)}`);
  else differences.same(`${place}, line`, encodePacket(packet).trimEnd(), line.trimEnd());
}

function judgeFragments(place: string, packet: Packet, differences: Differences): void {
  const bytes = packet.bytes ?? new Uint8Array();
  const written = packet.fragments.map(({ length, objectId, fragmentId, ...ends }, index) => {
    const before = packet.fragments.slice(0, index).reduce((sum, each) => sum + fragmentHeaderBytes + each.length, 0);
    const blob = bytes.subarray(before + fragmentHeaderBytes, before + fragmentHeaderBytes + length);
    return encodeFragment({ ...ends, objectId: BigInt(objectId), fragmentId: BigInt(fragmentId), blob });
  });
  differences.same(
    `${place}, fragments`,
    Buffer.concat(written).toString('base64'),
    Buffer.from(bytes).toString('base64'),
  );
}

function judgeMessage(place: string, bytes: Uint8Array, recorded: RecordedMessage, differences: Differences): void {
  const message = decodeMessage(bytes);
  differences.same(
    place,
    { ...message, type: messageTypes[message.type], pipelineId: message.pipelineId ?? zero },
    {
      destination: recorded.destination,
      type: recorded.messageTypeValue,
      poolId: recorded.rpid,
      pipelineId: recorded.pid,
      data: recorded.clixml,
      bom: recorded.bom,
    },
  );
  differences.same(
    `${place}, bytes`,
    Buffer.from(encodeMessage(message)).toString('base64'),
    Buffer.from(bytes).toString('base64'),
  );
  if (message.data === '') return;
  const value = parseClixml(message.data);
  const written = writeClixml(value);
  // What goes to the client was written by PowerShell, whose form is canonical: it comes out letter by letter. What goes to the server
  // was written by another library, with ids and an order of its own: it must keep its meaning.
  if (message.destination === 'client') differences.same(`${place}, text`, written, message.data);
  else {
    differences.same(`${place}, value`, parseClixml(written), value);
    differences.same(`${place}, text written twice`, writeClixml(parseClixml(written)), written);
  }
}
