import { decodeRequest } from '../../../../../src/remote/protocol/wsman/decode-request.ts';
import { encodeReply, type ServedReply } from '../../../../../src/remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../../../../src/remote/protocol/wsman/fault.ts';
import { takeStreams } from '../../../../../src/remote/protocol/wsman/receive-reply.ts';
import { decodeReply } from '../../../../../src/remote/protocol/wsman/replies.ts';
import { encodeRequest, type WsmanRequest } from '../../../../../src/remote/protocol/wsman/requests.ts';
import { decodeSealedBody, encodeSealedBody } from '../../../../../src/remote/protocol/wsman/sealed-body.ts';
import { parseXml } from '../../../../../src/remote/protocol/wsman/xml-element.ts';
import { type Decoder, xmlPieces } from './decoder.ts';

const resourceUri = 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell';
const shellId = '76056A84-51DC-4F24-9262-CA2A55464B2B';
const commandId = '0A0988DE-A676-48CB-B550-8ADEA9049A78';
const payload = Buffer.from('payload');
const requests: WsmanRequest[] = [
  { kind: 'create', resourceUri, shellId, name: 'A & "B"', idleTimeoutMs: 120_000, creationXml: payload },
  { kind: 'command', resourceUri, shellId, commandId, text: 'if ($a -lt 3) { "<>" }', payload },
  { kind: 'send', resourceUri, shellId, commandId, stream: 'stdin', payload },
  { kind: 'receive', resourceUri, shellId, commandId },
  { kind: 'signal', resourceUri, shellId, commandId, code: 'powershell/signal/crtl_c' },
  { kind: 'delete', resourceUri, shellId },
  { kind: 'enumerate', resourceUri },
];
const shell = {
  shellId,
  resourceUri,
  owner: 'LAB\\a',
  clientIp: '10.0.0.1',
  processId: 5,
  idleTimeoutMs: 7_200_000,
  state: 'Connected',
};
const replies: ServedReply[] = [
  { kind: 'created', shell, to: 'http://pc1:5985/wsman' },
  { kind: 'command-accepted', commandId },
  {
    kind: 'received',
    pieces: [{ commandId, stream: 'stdout', payload, end: false }],
    commandState: { commandId, state: 'done' },
  },
  { kind: 'shells', shells: [shell], enumerationContext: 'uuid:1' },
  { kind: 'sent' },
  { kind: 'deleted' },
  makeFault(2150858793, 'timed out'),
];
const requestTexts = requests.map((request) =>
  encodeRequest(request, {
    to: 'http://pc1:5985/wsman',
    sessionId: 'uuid:1',
    messageId: 'uuid:2',
    operationTimeoutMs: 20_000,
    maxEnvelopeBytes: 512_000,
  }),
);
const replyTexts = replies.map((reply) =>
  encodeReply(reply, { messageId: 'uuid:3', relatesTo: 'uuid:2', machine: 'pc1' }),
);

/** Decoders of WSMan. */
export const wsmanDecoders: readonly Decoder[] = [
  { name: 'XML of WSMan', kind: 'text', seeds: [...requestTexts, ...replyTexts], pieces: xmlPieces, decode: parseXml },
  { name: 'WSMan requests', kind: 'text', seeds: requestTexts, pieces: xmlPieces, decode: decodeRequest },
  { name: 'WSMan replies', kind: 'text', seeds: replyTexts, pieces: xmlPieces, decode: decodeReply },
  { name: 'streams of WSMan replies', kind: 'text', seeds: replyTexts, pieces: xmlPieces, decode: takeStreams },
  {
    name: 'sealed bodies',
    kind: 'bytes',
    seeds: [encodeSealedBody({ signature: Buffer.alloc(16), sealed: Buffer.from('text'), length: 4 }, 'spnego')],
    decode: (bytes) => decodeSealedBody(Buffer.from(bytes)),
  },
];
