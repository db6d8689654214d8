import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avFlags, avTimestamp } from '../../../../../src/remote/protocol/ntlm/av-pairs.ts';
import { negotiateFlags } from '../../../../../src/remote/protocol/ntlm/negotiate-flags.ts';
import { answer, challenged } from './login.ts';

/** A valid message with some bytes changed. */
const damaged = (valid: Buffer) =>
  fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Buffer.from(valid);
    for (const [at, byte] of changes) copy[at] = byte;
    return copy;
  });

// That damage ends in typed errors and nothing else is for ../fuzz; here stands what damage must never come to.
describe('somebody on the way', () => {
  it.each(['sign', 'seal', 'key128', 'keyExchange', 'extendedSessionSecurity'] as const)(
    'who takes %s out of a challenge gets no answer to it',
    (flag) => {
      const { challenge } = challenged();
      challenge.writeUInt32LE((challenge.readUInt32LE(20) & ~negotiateFlags[flag]) >>> 0, 20);
      expect(() => answer(challenge)).toThrow(/128-bit keys/);
    },
  );

  it('who touches an authentication does not get it accepted', () => {
    const message = answer(challenged().challenge);
    expect(challenged().acceptor.accept(message).accepted).toBe(true);
    fc.assert(
      fc.property(damaged(message), (bytes) => {
        if (bytes.equals(message)) return;
        try {
          expect(challenged().acceptor.accept(bytes).accepted).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Failure', code: 'protocol-error' });
        }
      }),
    );
  });
});

it('pairs of a wrong size say nothing', () => {
  const pairs = [
    { id: 6, value: Buffer.alloc(1) },
    { id: 7, value: Buffer.alloc(3) },
  ];
  expect(avFlags(pairs)).toBe(0);
  expect(avTimestamp(pairs)).toBeUndefined();
});
