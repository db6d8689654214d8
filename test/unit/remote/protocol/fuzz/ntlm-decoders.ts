import { decodeAvPairs, encodeAvPairs, textPair } from '../../../../../src/remote/protocol/ntlm/av-pairs.ts';
import { hashChannelBindings } from '../../../../../src/remote/protocol/ntlm/channel-bindings.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  decodeNegotiate,
} from '../../../../../src/remote/protocol/ntlm/messages.ts';
import { startNtlm } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { answer, challenged } from '../ntlm/login.ts';
import { type Decoder } from './decoder.ts';

const { challenge } = challenged();
const authenticate = answer(challenge);
const certificate = Buffer.from('3082000a3003020101300506032b6570', 'hex');

/** Decoders of NTLM. */
export const ntlmDecoders: readonly Decoder[] = [
  { name: 'NTLM negotiate', kind: 'bytes', seeds: [startNtlm()], decode: decodeNegotiate },
  { name: 'NTLM challenge', kind: 'bytes', seeds: [challenge], decode: decodeChallenge },
  { name: 'NTLM authenticate', kind: 'bytes', seeds: [authenticate], decode: decodeAuthenticate },
  {
    name: 'the answer to an NTLM challenge',
    kind: 'bytes',
    seeds: [challenge],
    decode: answer,
  },
  {
    name: 'the judgement of an NTLM authentication',
    kind: 'bytes',
    seeds: [authenticate],
    decode: (bytes) => challenged().acceptor.accept(Buffer.from(bytes)),
  },
  {
    name: 'NTLM attribute pairs',
    kind: 'bytes',
    seeds: [encodeAvPairs([textPair(1, 'PC1'), { id: 7, value: Buffer.alloc(8) }])],
    decode: decodeAvPairs,
  },
  { name: 'certificates for channel bindings', kind: 'bytes', seeds: [certificate], decode: hashChannelBindings },
];
