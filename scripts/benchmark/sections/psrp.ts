import { writeClixml } from '../../../src/remote/protocol/clixml/write-clixml.ts';
import { RunspacePoolClient } from '../../../src/remote/protocol/psrp/client.ts';
import { encodeFragment, Fragmenter, Reassembler } from '../../../src/remote/protocol/psrp/fragments.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../src/remote/protocol/psrp/message.ts';
import { RunspacePoolServer } from '../../../src/remote/protocol/psrp/server.ts';
import { selectedProcess, smallObject } from '../samples.ts';
import type { Figure, Section } from '../section.ts';
import { throughput } from '../throughput.ts';

const poolId = '0b5e2e1a-6d3c-4f0e-9a52-3d1f0c9b8a77';
const pipelineId = 'aaaaaaaa-1111-4222-8333-444444444444';
/** What one reply of a host carries, about. */
const chunkBytes = 120_000;

const output = (data: string): Message => ({
  destination: 'client',
  type: 'pipelineOutput',
  poolId,
  pipelineId,
  data,
  bom: true,
});

/** Messages as a host sends them: in fragments of 32 kB, packed into chunks. */
function toChunks(messages: readonly Uint8Array[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let size = 0;
  const flush = (): void => {
    if (size > 0) chunks.push(Buffer.concat(parts));
    parts = [];
    size = 0;
  };
  for (const [index, message] of messages.entries()) {
    const fragmenter = new Fragmenter(BigInt(index + 100), message);
    for (let part = fragmenter.next(32_768); part !== undefined; part = fragmenter.next(32_768)) {
      parts.push(part);
      size += part.length;
      if (size >= chunkBytes) flush();
    }
  }
  flush();
  return chunks;
}

/** A client with a pipeline that runs, whose server has nothing more to say. */
function openClient(): RunspacePoolClient {
  const client = new RunspacePoolClient({ id: poolId });
  const server = new RunspacePoolServer({ randomBytes: (count) => new Uint8Array(count) });
  client.open();
  for (const event of server.receive(client.dataToSend('pool', 1 << 20)?.bytes ?? new Uint8Array()))
    if (event.kind === 'openRequested') server.acceptOpen(null);
  client.receive(server.dataToSend('pool', 1 << 20)?.bytes ?? new Uint8Array());
  client.createPipeline(pipelineId, { statements: [] });
  return client;
}

function* figures(): Iterable<Figure> {
  for (const [name, make] of [
    ['Select-Object results of 3 kB', selectedProcess],
    ['small objects of 270 bytes', smallObject],
  ] as const) {
    const messages = Array.from({ length: 1000 }, (_, turn) => encodeMessage(output(writeClixml(make(turn)))));
    const bytes = messages.reduce((sum, message) => sum + message.length, 0);
    const chunks = toChunks(messages);
    const texts = chunks.map((chunk) => Buffer.from(chunk).toString('base64'));
    yield throughput(`reassemble: ${name}`, bytes, () => {
      const reassembler = new Reassembler();
      for (const chunk of chunks) reassembler.push(chunk);
    });
    yield throughput(`decode messages: ${name}`, bytes, () => messages.forEach((message) => decodeMessage(message)));
    yield throughput(`encode messages: ${name}`, bytes, () =>
      messages.forEach((message) => encodeMessage(decodeMessage(message))),
    );
    const client = openClient();
    yield throughput(`client, from base64 to events: ${name}`, bytes, () => {
      for (const text of texts) client.receive(Buffer.from(text, 'base64'), pipelineId);
    });
  }
  const large = new Uint8Array(20_000_000).fill(65);
  const largeChunks = toChunks([large]);
  yield throughput('reassemble: one message of 20 MB', large.length, () => {
    const reassembler = new Reassembler();
    for (const chunk of largeChunks) reassembler.push(chunk);
  });
  const slow = encodeFragment({
    objectId: 1n,
    fragmentId: 0n,
    start: true,
    end: true,
    blob: large.subarray(0, 200_000),
  });
  yield throughput('reassemble: byte after byte', slow.length, () => {
    const reassembler = new Reassembler();
    for (let at = 0; at < slow.length; at++) reassembler.push(slow.subarray(at, at + 1));
  });
}

export const section: Section = { title: 'PSRP messages, per second of one core', figures };
