import { describe, expect, it } from 'vitest';
import { readCredentialCache } from '../../../../../src/remote/protocol/kerberos/credential-cache.ts';
import { readKeytab } from '../../../../../src/remote/protocol/kerberos/keytab.ts';
import { principalText } from '../../../../../src/remote/protocol/kerberos/principal.ts';
import { readFixture, services } from './fixtures.ts';

describe.each(['cache-v3', 'cache-v4'] as const)('a credential cache of MIT (%s)', (name) => {
  it('gives the tickets with their keys and times, and no settings', () => {
    const { client, clockOffsetMs, credentials } = readCredentialCache(readFixture(name));
    expect(principalText(client)).toBe('op@LAB.TEST');
    expect(clockOffsetMs).toBe(0);
    expect(credentials.map(({ server, key }) => [principalText(server), key.enctype])).toEqual([
      ['krbtgt/LAB.TEST@LAB.TEST', 18],
      ...services.map(([service, enctype]) => [`${service}@LAB.TEST`, enctype]),
    ]);
    for (const { key, ticket, startsAtMs, endsAtMs } of credentials) {
      expect(key.bytes.length).toBe(key.enctype === 17 || key.enctype === 19 ? 16 : 32);
      expect(ticket[0]).toBe(0x61);
      // The last tickets were bought within the second second.
      expect(endsAtMs - startsAtMs).toBeGreaterThan(36_000_000 - 3_000);
      expect(endsAtMs - startsAtMs).toBeLessThanOrEqual(36_000_000);
    }
  });

  it('that is cut off anywhere is damaged, or ends before a ticket', () => {
    const whole = readFixture(name);
    const full = readCredentialCache(whole).credentials.length;
    for (let length = 0; length < whole.length; length++) {
      try {
        expect(readCredentialCache(whole.subarray(0, length)).credentials.length).toBeLessThan(full + 1);
      } catch (error) {
        expect(error).toMatchObject({ name: 'Failure', code: 'protocol-error' });
      }
    }
  });
});

it('a cache tells how far the clock of the KDC is from ours', () => {
  const bytes = readFixture('cache-v4');
  bytes.writeInt32BE(-61, 8);
  bytes.writeInt32BE(250_000, 12);
  expect(readCredentialCache(bytes).clockOffsetMs).toBe(-60_750);
});

it.each(['', '0501', '00ff00', '0504ffff'])('what begins with "%s" is no cache', (hex) => {
  expect(() => readCredentialCache(Buffer.from(hex, 'hex'))).toThrow(
    expect.objectContaining({ code: 'protocol-error' }),
  );
});

it('a count that cannot be true costs nothing', () => {
  const bytes = Buffer.from('0503000000010000ffffffff', 'hex');
  expect(() => readCredentialCache(bytes)).toThrow(/cut off or damaged|do not fit/u);
});

describe('a keytab of MIT', () => {
  it('gives the keys with their versions', () => {
    const entries = readKeytab(readFixture('services.keytab'));
    expect(entries.map(({ principal, version, key }) => [principalText(principal), version, key.enctype])).toEqual([
      ...[18, 17, 20, 19].map((enctype) => ['HTTP/pc1.lab.test@LAB.TEST', 2, enctype]),
      ...[18, 17, 20, 19].map((enctype) => ['robot@LAB.TEST', 2, enctype]),
      ...services.map(([service, enctype]) => [`${service}@LAB.TEST`, 1, enctype]),
    ]);
  });

  it('may have holes where entries were deleted', () => {
    const whole = readFixture('services.keytab');
    const size = whole.readInt32BE(2);
    whole.writeInt32BE(-size, 2);
    expect(readKeytab(whole)).toHaveLength(11);
  });

  it.each(['', '0501', '050200000fff00'])('what is "%s" is none', (hex) => {
    expect(() => readKeytab(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ code: 'protocol-error' }));
  });
});
