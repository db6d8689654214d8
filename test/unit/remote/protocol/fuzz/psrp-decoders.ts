import { Failure } from '../../../../../src/kernel/failure.ts';
import { parseClixml, parseClixmlDocument } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { type PsValue, psList } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml, writeClixmlDocument } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import { readClientMessage } from '../../../../../src/remote/protocol/psrp/client-messages.ts';
import { buildErrorRecord } from '../../../../../src/remote/protocol/psrp/error-record.ts';
import { encodeFragment, Reassembler } from '../../../../../src/remote/protocol/psrp/fragments.ts';
import { buildHostAnswer, buildHostCall } from '../../../../../src/remote/protocol/psrp/host-calls.ts';
import type { Message } from '../../../../../src/remote/protocol/psrp/message.ts';
import { decodeMessage, encodeMessage } from '../../../../../src/remote/protocol/psrp/message.ts';
import { type MessageType, messageTypes } from '../../../../../src/remote/protocol/psrp/message-types.ts';
import { RunspacePoolServer } from '../../../../../src/remote/protocol/psrp/server.ts';
import { readServerMessage } from '../../../../../src/remote/protocol/psrp/server-messages.ts';
import {
  decryptSecure,
  encryptSecure,
  generateSessionKeyPair,
  readPublicKey,
  readSessionKey,
  writePublicKey,
  writeSessionKey,
} from '../../../../../src/remote/protocol/psrp/session-key.ts';
import { buildKey, buildPoolSize } from '../../../../../src/remote/protocol/psrp/session-messages.ts';
import {
  buildInformationRecord,
  buildMessageRecord,
  buildProgressRecord,
} from '../../../../../src/remote/protocol/psrp/stream-records.ts';
import { readRecordings } from '../../../../conformance/corpus.ts';
import { ownCorpus } from '../../../../conformance/own-corpus.ts';
import { exchanges } from '../psrp/exchanges.ts';
import { clixmlPieces, type Decoder } from './decoder.ts';

const shortest = <Item extends { readonly length: number }>(items: Iterable<Item>, count: number): Item[] =>
  [...items].toSorted((a, b) => a.length - b.length).slice(0, count);

const documents = shortest(
  [...readRecordings<{ id: string; clixml: string }>(ownCorpus, 'clixml').values()].flat().map(({ clixml }) => clixml),
  60,
);

/** The recorded messages of one side: one of each type and length. */
const messagesTo = (side: 'client' | 'server'): Uint8Array[] => {
  const reassembler = (): Reassembler => new Reassembler();
  const lanes = new Map<string, Reassembler>();
  const found = new Map<string, Uint8Array>();
  for (const packet of exchanges.flatMap(({ id, packets }) =>
    packets.map((each) => ({ ...each, lane: `${id} ${each.target}` })),
  )) {
    if (packet.side === side || packet.bytes === undefined) continue;
    const lane = lanes.get(packet.lane) ?? reassembler();
    lanes.set(packet.lane, lane);
    for (const { bytes } of lane.push(packet.bytes))
      if (bytes.length < 4000) found.set(`${bytes[4]} ${bytes[6]} ${bytes.length}`, bytes);
  }
  return [...found.values()];
};
const toClient = messagesTo('client');
const toServer = messagesTo('server');

const fragment = (blob: Uint8Array): Uint8Array =>
  encodeFragment({ objectId: 1n, fragmentId: 0n, start: true, end: true, blob });
const poolId = '0b5e2e1a-6d3c-4f0e-9a52-3d1f0c9b8a77';
const pipelineId = 'aaaaaaaa-1111-4222-8333-444444444444';
const randomBytes = (count: number): Uint8Array => new Uint8Array(count).fill(7);

/** A client and a server with an open pool and a pipeline that runs. */
function openPair(): { client: RunspacePoolClient; server: RunspacePoolServer } {
  const client = new RunspacePoolClient({ id: poolId });
  const server = new RunspacePoolServer({ randomBytes });
  client.open();
  const pass = (target: string): void => {
    for (
      let chunk = client.dataToSend(target, 1 << 20);
      chunk !== undefined;
      chunk = client.dataToSend(target, 1 << 20)
    )
      for (const event of server.receive(chunk.bytes, target))
        if (event.kind === 'openRequested') server.acceptOpen(null);
    for (
      let chunk = server.dataToSend(target, 1 << 20);
      chunk !== undefined;
      chunk = server.dataToSend(target, 1 << 20)
    )
      client.receive(chunk.bytes, target);
  };
  pass('pool');
  client.createPipeline(pipelineId, { statements: [[{ text: 'x' }]], noInput: false });
  pass(pipelineId);
  return { client, server };
}

/** The inputs that a decoder takes as they are. */
const takenBy = (seeds: readonly Uint8Array[], decode: (bytes: Uint8Array) => unknown): Uint8Array[] =>
  seeds.filter((seed) => {
    try {
      decode(seed);
      return true;
    } catch {
      return false;
    }
  });
const toOpenClient = (bytes: Uint8Array): unknown => openPair().client.receive(fragment(ofPipeline(bytes)), pipelineId);
const toOpenServer = (bytes: Uint8Array): unknown => openPair().server.receive(fragment(ofPipeline(bytes)), pipelineId);

/** The same message, as if it were of our pool and pipeline. */
function ofPipeline(bytes: Uint8Array): Uint8Array {
  try {
    const message = decodeMessage(bytes);
    return encodeMessage({ ...message, poolId, pipelineId: message.pipelineId === null ? null : pipelineId });
  } catch {
    return bytes;
  }
}

/** Messages that no recording holds. */
const keys = generateSessionKeyPair();
const error = buildErrorRecord({ exceptionMessage: 'm', fullyQualifiedErrorId: 'F', category: 'OpenError' });
const others: readonly (readonly [MessageType, PsValue])[] = [
  ['publicKey', buildKey('publicKey', writePublicKey(keys.publicKey))],
  [
    'encryptedSessionKey',
    buildKey('encryptedSessionKey', writeSessionKey(randomBytes(32), keys.publicKey, randomBytes)),
  ],
  ['pipelineHostCall', buildHostCall('Prompt', ['caption', 'message', psList([])], 5n)],
  ['pipelineHostResponse', buildHostAnswer({ callId: 5n, method: 'ReadLine' }, { value: 'x' })],
  ['runspacePoolHostResponse', buildHostAnswer({ callId: 5n, method: 'ReadLine' }, { error })],
  ['connectRunspacePool', buildPoolSize({ minRunspaces: 1, maxRunspaces: 2 })],
  ['runspacePoolInitData', buildPoolSize({ minRunspaces: 1, maxRunspaces: 2 })],
  ['warningRecord', buildMessageRecord('warning', 'w', { line: 'x', pipelineIterationInfo: [0, 1] })],
  ['informationRecord', buildInformationRecord({ messageData: 'i', tags: ['PSHOST'] })],
  ['progressRecord', buildProgressRecord({ activity: 'a' })],
];

/** A message by its type's name and its text. */
function readText(text: string): unknown {
  const type = text.slice(0, text.indexOf(' '));
  if (!Object.hasOwn(messageTypes, type)) return null;
  const message = {
    type: type as MessageType,
    destination: 'client',
    poolId,
    pipelineId,
    data: '',
    bom: false,
  } as const;
  const value = parseClixml(text.slice(type.length + 1));
  if (value === null) return null;
  try {
    return readClientMessage(message, value);
  } catch (failure) {
    if (failure instanceof Failure && failure.message.includes("can't send")) return readServer(message, value);
    throw failure;
  }
}

/** Keys are opened where they are used, not where they are read. */
function readServer(message: Message, value: PsValue): unknown {
  const read = readServerMessage(message, value);
  return read.kind === 'publicKey' ? readPublicKey(read.text) : read;
}

/** Decoders of CLIXML and PSRP. */
export const psrpDecoders: readonly Decoder[] = [
  {
    name: 'CLIXML',
    kind: 'text',
    seeds: documents,
    pieces: clixmlPieces,
    decode: (text) => {
      const values = parseClixmlDocument(text).map(({ value }) => value);
      values.forEach(toPlain);
      return parseClixmlDocument(writeClixmlDocument(values));
    },
  },
  { name: 'PSRP messages', kind: 'bytes', seeds: [...toClient, ...toServer], decode: (bytes) => decodeMessage(bytes) },
  {
    name: 'PSRP fragments, in two pieces',
    kind: 'bytes',
    seeds: toClient.map(fragment),
    decode: (bytes) => {
      const reassembler = new Reassembler();
      reassembler.push(bytes.subarray(0, bytes.length >> 1));
      return reassembler.push(bytes.subarray(bytes.length >> 1));
    },
  },
  {
    name: 'texts of messages',
    kind: 'text',
    seeds: [
      ...[...toClient, ...toServer].map((bytes) => decodeMessage(bytes)).map(({ type, data }) => `${type} ${data}`),
      ...others.map(([type, value]) => `${type} ${writeClixml(value)}`),
    ],
    pieces: clixmlPieces,
    decode: readText,
  },
  {
    name: 'session keys',
    kind: 'text',
    seeds: [writeSessionKey(randomBytes(32), keys.publicKey, randomBytes)],
    pieces: ['=', 'AAAA', '-', ' '],
    decode: (text) => readSessionKey(text, keys.privateKey),
  },
  {
    name: 'secure strings',
    kind: 'text',
    seeds: [encryptSecure(randomBytes(32), 'secret')],
    pieces: ['=', 'AAAA', '-', ' '],
    decode: (text) => decryptSecure(randomBytes(32), text),
  },
  {
    name: 'payloads of messages to a client',
    kind: 'bytes',
    seeds: toClient,
    decode: (bytes) => {
      const message = decodeMessage(bytes);
      return readClientMessage(message, parseClixml(message.data));
    },
  },
  {
    name: 'payloads of messages to a server',
    kind: 'bytes',
    seeds: toServer,
    decode: (bytes) => {
      const message = decodeMessage(bytes);
      return readServerMessage(message, parseClixml(message.data));
    },
  },
  {
    name: "the client's half of a pool",
    kind: 'bytes',
    seeds: takenBy(toClient, toOpenClient),
    decode: toOpenClient,
  },
  {
    name: "the server's half of a pool",
    kind: 'bytes',
    seeds: takenBy(toServer, toOpenServer),
    decode: toOpenServer,
  },
];
