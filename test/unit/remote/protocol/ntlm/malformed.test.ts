import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avFlags, avTimestamp, decodeAvPairs } from '../../../../../src/remote/protocol/ntlm/av-pairs.ts';
import {
  decodeAuthenticate,
  decodeChallenge,
  decodeNegotiate,
} from '../../../../../src/remote/protocol/ntlm/messages.ts';
import { negotiateFlags } from '../../../../../src/remote/protocol/ntlm/negotiate-flags.ts';
import { NtlmAcceptor } from '../../../../../src/remote/protocol/ntlm/ntlm-acceptor.ts';
import { answerChallenge, startNtlm } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../../../../src/remote/protocol/ntlm/ntlmv2.ts';
import { decodeSealedBody, encodeSealedBody } from '../../../../../src/remote/protocol/wsman/sealed-body.ts';

const identity = {
  computerName: 'PC1',
  domainName: 'LAB',
  nowMs: 0,
  challenge: Buffer.alloc(8, 1),
  findNtHash: () => hashPassword('p'),
};
const credentials = { user: 'u', domain: 'd', ntHash: hashPassword('p') };
const surroundings = { nowMs: 0, randomBytes: (length: number) => Buffer.alloc(length, 2), targetName: 'HTTP/x' };

/** Calls it and lets nothing pass but a result or a protocol error. */
const tolerate = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ name: 'Failure', code: 'protocol-error' });
  }
};
const withHead = (type: number) =>
  fc
    .uint8Array({ maxLength: 200 })
    .map((tail) => Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from([type, 0, 0, 0]), tail]));
/** A valid message with some bytes changed. */
const damaged = (valid: Buffer) =>
  fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Buffer.from(valid);
    for (const [at, byte] of changes) copy[at] = byte;
    return copy;
  });

describe('malformed tokens and bodies end in protocol errors only', () => {
  it('random bytes after the head', () => {
    fc.assert(fc.property(withHead(1), (bytes) => tolerate(() => decodeNegotiate(bytes))));
    fc.assert(fc.property(withHead(2), (bytes) => tolerate(() => decodeChallenge(bytes))));
    fc.assert(fc.property(withHead(3), (bytes) => tolerate(() => decodeAuthenticate(bytes))));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => tolerate(() => decodeAvPairs(bytes))));
  });

  it('a damaged challenge', () => {
    const valid = new NtlmAcceptor(identity).challenge(startNtlm());
    fc.assert(
      fc.property(damaged(valid), (bytes) =>
        tolerate(() => answerChallenge(startNtlm(), bytes, credentials, surroundings)),
      ),
    );
  });

  it.each(['sign', 'seal', 'key128', 'keyExchange', 'extendedSessionSecurity'] as const)(
    'a challenge from which somebody on the way has taken %s',
    (flag) => {
      const challenge = new NtlmAcceptor(identity).challenge(startNtlm());
      challenge.writeUInt32LE((challenge.readUInt32LE(20) & ~negotiateFlags[flag]) >>> 0, 20);
      expect(() => answerChallenge(startNtlm(), challenge, credentials, surroundings)).toThrow(/128-bit keys/);
    },
  );

  it('a damaged authentication, which is never accepted with a proof that was touched', () => {
    const server = () => {
      const acceptor = new NtlmAcceptor(identity);
      return { acceptor, challenge: acceptor.challenge(startNtlm()) };
    };
    const { message } = answerChallenge(startNtlm(), server().challenge, credentials, surroundings);
    fc.assert(
      fc.property(damaged(message), (bytes) => {
        if (bytes.equals(message)) return;
        tolerate(() => expect(server().acceptor.accept(bytes).accepted).toBe(false));
      }),
    );
  });

  it('pairs of a wrong size', () => {
    const pairs = [
      { id: 6, value: Buffer.alloc(1) },
      { id: 7, value: Buffer.alloc(3) },
    ];
    expect(avFlags(pairs)).toBe(0);
    expect(avTimestamp(pairs)).toBeUndefined();
  });

  it('a damaged sealed body', () => {
    const valid = encodeSealedBody({ signature: Buffer.alloc(16), sealed: Buffer.from('text'), length: 4 }, 'spnego');
    fc.assert(fc.property(damaged(valid), (bytes) => tolerate(() => decodeSealedBody(bytes))));
  });
});
