import { decodeAvPairs, encodeAvPairs, textPair } from '../../../../../src/remote/protocol/ntlm/av-pairs.ts';
import { hashChannelBindings } from '../../../../../src/remote/protocol/ntlm/channel-bindings.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  decodeNegotiate,
} from '../../../../../src/remote/protocol/ntlm/messages.ts';
import { NtlmAcceptor } from '../../../../../src/remote/protocol/ntlm/ntlm-acceptor.ts';
import { answerChallenge, startNtlm } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../../../../src/remote/protocol/ntlm/ntlmv2.ts';
import { type Decoder } from './decoder.ts';

const identity = {
  computerName: 'PC1',
  domainName: 'LAB',
  nowMs: 0,
  challenge: Buffer.alloc(8, 1),
  findNtHash: () => hashPassword('p'),
};
const challenged = (): { acceptor: NtlmAcceptor; challenge: Buffer } => {
  const acceptor = new NtlmAcceptor(identity);
  return { acceptor, challenge: acceptor.challenge(startNtlm()) };
};
const credentials = { user: 'u', domain: 'd', ntHash: hashPassword('p') };
const surroundings = { nowMs: 0, randomBytes: (length: number) => Buffer.alloc(length, 2), targetName: 'HTTP/x' };
const { challenge } = challenged();
const authenticate = answerChallenge(startNtlm(), challenge, credentials, surroundings).message;
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
    decode: (bytes) => answerChallenge(startNtlm(), Buffer.from(bytes), credentials, surroundings),
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
