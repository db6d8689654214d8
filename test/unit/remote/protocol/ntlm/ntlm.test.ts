import { describe, expect, it } from 'vitest';
import { avIds, encodeAvPairs, textPair } from '../../../../../src/remote/protocol/ntlm/av-pairs.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  encodeChallenge,
  micOffset,
} from '../../../../../src/remote/protocol/ntlm/messages.ts';
import { clientFlags } from '../../../../../src/remote/protocol/ntlm/negotiate-flags.ts';
import { NtlmAcceptor } from '../../../../../src/remote/protocol/ntlm/ntlm-acceptor.ts';
import { answerChallenge, splitUserName, startNtlm } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { NtlmSeal } from '../../../../../src/remote/protocol/ntlm/ntlm-seal.ts';
import {
  computeProof,
  deriveResponseKey,
  encodeClientChallenge,
  hashPassword,
  hmacMd5,
  toFileTime,
  toUpperSimple,
} from '../../../../../src/remote/protocol/ntlm/ntlmv2.ts';
import { rc4 } from '../../../../../src/remote/protocol/ntlm/rc4.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unhex = (text: string) => Buffer.from(text, 'hex');

describe('the example of MS-NLMP 4.2.4', () => {
  const nonce = Buffer.alloc(8, 0xaa);
  const session = Buffer.alloc(16, 0x55);
  const challenge = unhex('0123456789abcdef');
  const key = deriveResponseKey(hashPassword('Password'), 'User', 'Domain');
  const targetInfo = encodeAvPairs([
    textPair(avIds.netbiosDomain, 'Domain'),
    textPair(avIds.netbiosComputer, 'Server'),
  ]);
  const temp = encodeClientChallenge({ time: 0n, nonce, targetInfo });
  const proof = computeProof(key, challenge, temp);

  it('gives the response key, the proof and the LM response', () => {
    expect(hex(key)).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
    expect(hex(proof)).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(hex(Buffer.concat([hmacMd5(key, challenge, nonce), nonce]))).toBe(
      '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa',
    );
  });

  it('gives the session base key and its exchange', () => {
    const base = hmacMd5(key, proof);
    expect(hex(base)).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
    expect(hex(rc4(base, session))).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  it('seals "Plaintext" to the published bytes', () => {
    const seal = new NtlmSeal('client', session, 0xe28a8233);
    const { sealed, signature } = seal.seal(Buffer.from('Plaintext', 'utf16le'));
    expect(hex(sealed)).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
    expect(hex(signature)).toBe('010000007fb38ec5c55d497600000000');
  });

  it('comes out of a whole client handshake when time and randomness are the published ones', () => {
    const challengeMessage = encodeChallenge({
      flags: 0xe28a8233,
      serverChallenge: challenge,
      targetName: 'Server',
      targetInfo,
    });
    const { message } = answerChallenge(
      startNtlm(),
      challengeMessage,
      { user: 'User', domain: 'Domain', ntHash: hashPassword('Password') },
      {
        nowMs: -11_644_473_600_000,
        randomBytes: (length) => (length === 8 ? nonce : session),
        targetName: 'HTTP/server',
      },
    );
    const parts = decodeAuthenticate(message);
    expect(hex(parts.lmResponse)).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    // Our own target name follows the published pairs, so only the part before it is the same.
    expect(hex(parts.ntResponse.subarray(16, 16 + 28 + 32))).toBe(hex(temp.subarray(0, 28 + 32)));
    expect(parts.user).toBe('User');
    expect(parts.encryptedSessionKey.length).toBe(16);
  });
});

describe('RC4', () => {
  it('gives the key stream of RFC 6229 for a 128-bit key', () => {
    const key = unhex('0102030405060708090a0b0c0d0e0f10');
    expect(hex(rc4(key, Buffer.alloc(32)))).toBe('9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c');
  });
});

describe('names', () => {
  it('keep a character whose upper case would be longer', () => {
    expect(toUpperSimple('straße é')).toBe('STRAßE É');
  });

  it('are split at the backslash only', () => {
    expect(splitUserName('LAB\\op')).toEqual({ user: 'op', domain: 'LAB' });
    expect(splitUserName('op@lab.test')).toEqual({ user: 'op@lab.test', domain: '' });
  });
});

describe('a handshake of both halves', () => {
  const nowMs = Date.UTC(2026, 10, 21);
  let counter = 0;
  const randomBytes = (length: number) =>
    Buffer.from(Array.from({ length }, () => (counter = (counter * 7 + 13) & 255)));
  const acceptor = (channelBindings?: Uint8Array) =>
    new NtlmAcceptor({
      computerName: 'PC1',
      domainName: 'LAB',
      nowMs,
      challenge: randomBytes(8),
      ...(channelBindings ? { channelBindings } : {}),
      findNtHash: (user) => (user.toLowerCase() === 'op' ? hashPassword('pässword') : undefined),
    });
  const handshake = (
    options: {
      user?: string;
      password?: string;
      client?: Uint8Array;
      server?: Uint8Array;
      spoil?: (m: Buffer) => void;
    } = {},
  ) => {
    const server = acceptor(options.server);
    const first = startNtlm();
    const second = server.challenge(first);
    const third = answerChallenge(
      first,
      second,
      { user: options.user ?? 'op', domain: 'LAB', ntHash: hashPassword(options.password ?? 'pässword') },
      { nowMs, randomBytes, targetName: 'HTTP/pc1', ...(options.client ? { channelBindings: options.client } : {}) },
    );
    options.spoil?.(third.message);
    return { client: third.seal, verdict: server.accept(third.message), second };
  };
  const sealsOf = (made: ReturnType<typeof handshake>) => {
    if (!made.verdict.accepted || !made.verdict.seal) throw new Error('handshake was refused');
    return { client: made.client, server: made.verdict.seal };
  };

  it('is accepted and seals in both directions, message after message', () => {
    const { client, server } = sealsOf(handshake());
    for (const text of ['one', 'zwei', '', 'x'.repeat(70_000)]) {
      const up = client.seal(Buffer.from(text));
      expect(server.unseal(up.signature, up.sealed).toString()).toBe(text);
      const down = server.seal(Buffer.from(`re: ${text}`));
      expect(client.unseal(down.signature, down.sealed).toString()).toBe(`re: ${text}`);
    }
  });

  it('offers what the client asked for and says the time', () => {
    const challenge = decodeChallenge(handshake().second);
    expect((challenge.flags & clientFlags & 0xe0080033) >>> 0).toBe(0xe0080031);
    expect(challenge.targetInfo.includes(Buffer.from(new BigUint64Array([toFileTime(nowMs)]).buffer))).toBe(true);
  });

  it('fails for a wrong password and for an unknown account', () => {
    expect(handshake({ password: 'other' }).verdict).toMatchObject({ accepted: false, reason: 'wrong password' });
    expect(handshake({ user: 'nobody' }).verdict).toMatchObject({ accepted: false, reason: 'unknown account' });
  });

  it('fails when the third message was altered on its way, by the MIC', () => {
    const verdict = handshake({
      spoil: (message) => message.writeUInt8(message.readUInt8(micOffset) ^ 1, micOffset),
    }).verdict;
    expect(verdict).toMatchObject({ accepted: false, reason: 'the handshake was altered on its way' });
  });

  it('fails for other channel bindings, and passes for the right or for none', () => {
    const right = Buffer.alloc(16, 1);
    expect(handshake({ client: Buffer.alloc(16, 2), server: right }).verdict.accepted).toBe(false);
    expect(handshake({ client: right, server: right }).verdict.accepted).toBe(true);
    expect(handshake({ server: right }).verdict.accepted).toBe(true);
  });

  it('refuses sealed bytes that were altered, repeated or out of order', () => {
    const altered = sealsOf(handshake());
    const first = altered.client.seal(Buffer.from('text'));
    first.sealed.writeUInt8(first.sealed.readUInt8(0) ^ 1, 0);
    expect(() => altered.server.unseal(first.signature, first.sealed)).toThrow(/does not match/);

    const repeated = sealsOf(handshake());
    const once = repeated.client.seal(Buffer.from('text'));
    repeated.server.unseal(once.signature, once.sealed);
    expect(() => repeated.server.unseal(once.signature, once.sealed)).toThrow(/does not match/);
  });

  it('throws for cut-off tokens instead of reading outside of them', () => {
    const server = acceptor();
    const second = server.challenge(startNtlm());
    expect(() => decodeChallenge(second.subarray(0, second.length - 30))).toThrow(/outside/);
    expect(() => server.challenge(Buffer.from('NTLMSSP\0'))).toThrow(/type 1/);
  });
});
