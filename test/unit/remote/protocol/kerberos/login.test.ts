import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credential, readCredentialCache } from '../../../../../src/remote/protocol/kerberos/credential-cache.ts';
import {
  KerberosAcceptor,
  type KerberosService,
} from '../../../../../src/remote/protocol/kerberos/kerberos-acceptor.ts';
import {
  KerberosClient,
  type KerberosSurroundings,
} from '../../../../../src/remote/protocol/kerberos/kerberos-client.ts';
import { readKeytab } from '../../../../../src/remote/protocol/kerberos/keytab.ts';
import type { MessageSeal } from '../../../../../src/remote/protocol/security/message-seal.ts';
import { readFixture, services } from './fixtures.ts';

const { credentials } = readCredentialCache(readFixture('cache-v4'));
const keys = readKeytab(readFixture('services.keytab'));
const ticketFor = (service: string): Credential =>
  credentials.find(({ server }) => server.components.join('/') === service)!;
const [[anyService]] = services;
const nowMs = ticketFor(anyService).startsAtMs + 60_123;
const isProtocolError = expect.objectContaining({ name: 'Failure', code: 'protocol-error' });

const halves = (
  service: string = anyService,
  given: { client?: Partial<KerberosSurroundings>; host?: Partial<KerberosService>; offsetMs?: number } = {},
) => ({
  client: new KerberosClient(
    { ...ticketFor(service), clockOffsetMs: given.offsetMs ?? 0 },
    { nowMs, randomBytes, ...given.client },
  ),
  host: new KerberosAcceptor({ keys, nowMs, randomBytes, ...given.host }),
});
/** Both seals of a login. */
const logIn = (service?: string): { ours: MessageSeal; theirs: MessageSeal } => {
  const { client, host } = halves(service);
  const answer = host.step(client.start().token!);
  if (answer.kind !== 'accepted' || !answer.token) throw new Error('not accepted');
  return { ours: client.proceed(answer.token).seal!, theirs: answer.seal! };
};

describe.each(services)('%s (type %i)', (service, enctype) => {
  it('takes its ticket, and both sides prove themselves', () => {
    const { client, host } = halves(service);
    const first = client.start();
    expect(first).toMatchObject({ seal: undefined, answer: 'needed' });
    const answer = host.step(first.token!);
    expect(answer).toMatchObject({
      kind: 'accepted',
      identity: { provenBy: 'kerberos', user: 'op', domain: 'LAB.TEST' },
    });
    const last = client.proceed((answer as { token: Buffer }).token);
    expect(last).toMatchObject({ token: undefined, answer: 'none' });
  });

  it('seals messages of any length, as long as they were, with a signature of one length', () => {
    const { ours, theirs } = logIn(service);
    const signatureBytes = { 17: 60, 18: 60, 19: 64, 20: 72 }[enctype];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, fromUs) => {
        const [sender, receiver] = fromUs ? [ours, theirs] : [theirs, ours];
        const { signature, sealed } = sender.seal(bytes);
        expect(signature.length).toBe(signatureBytes);
        expect(sealed.length).toBe(bytes.length);
        expect(receiver.unseal(signature, sealed)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('signs and proves the list of mechanisms', () => {
    const { ours, theirs } = logIn(service);
    const list = Buffer.from('the list');
    theirs.verifyMechanismList(list, ours.signMechanismList(list));
    ours.verifyMechanismList(list, theirs.signMechanismList(list));
    expect(() => ours.verifyMechanismList(Buffer.from('other'), theirs.signMechanismList(list))).toThrow(
      isProtocolError,
    );
  });
});

describe('a sealed message', () => {
  it('that was altered in any byte is refused', () => {
    const length = 60 + 5;
    for (let at = 0; at < length; at++) {
      const { ours, theirs } = logIn();
      const { signature, sealed } = ours.seal(Buffer.from('hello'));
      const whole = Buffer.concat([signature, sealed]);
      whole[at]! ^= 0x10;
      // Byte 4 to 7 say how the token is turned; a turn by its whole length is none.
      expect(() => theirs.unseal(whole.subarray(0, 60), whole.subarray(60))).toThrow(isProtocolError);
    }
  });

  it('that comes twice, or after one that was lost, is refused', () => {
    const { ours, theirs } = logIn();
    const [first, second, third] = ['a', 'b', 'c'].map((text) => ours.seal(Buffer.from(text)));
    theirs.unseal(first!.signature, first!.sealed);
    expect(() => theirs.unseal(first!.signature, first!.sealed)).toThrow(isProtocolError);
    expect(() => logIn().theirs.unseal(second!.signature, second!.sealed)).toThrow(isProtocolError);
    expect(() => theirs.unseal(third!.signature, third!.sealed)).toThrow(isProtocolError);
  });

  it('of our own that comes back is refused', () => {
    const { ours } = logIn();
    const { signature, sealed } = ours.seal(Buffer.from('hello'));
    expect(() => ours.unseal(signature, sealed)).toThrow(isProtocolError);
  });
});

describe('a host refuses', () => {
  const refusal = (given: Parameters<typeof halves>[1]) => {
    const { client, host } = halves(anyService, given);
    const answer = host.step(client.start().token!);
    return { answer, hear: () => client.proceed((answer as { token: Buffer }).token) };
  };

  it.each([
    [-301_000, '301 s behind'],
    [301_000, '301 s ahead of'],
    [86_400_000, '86400 s ahead of'],
  ])('a login whose clock is %i ms away, and the client tells by how much', (awayMs, words) => {
    const { answer, hear } = refusal({ host: { nowMs: Math.trunc(nowMs / 1000) * 1000 + awayMs } });
    expect(answer).toMatchObject({ kind: 'refused', reason: 'the clocks differ too much' });
    expect(hear).toThrow(expect.objectContaining({ code: 'clock-skew', message: expect.stringContaining(words) }));
  });

  it('no login whose client knows from its cache how far the clock of the domain is away', () => {
    const { answer } = refusal({ host: { nowMs: nowMs + 900_000 }, offsetMs: 900_000 });
    expect(answer.kind).toBe('accepted');
  });

  it('a ticket that has expired or is not valid yet', () => {
    const { endsAtMs, startsAtMs } = ticketFor(anyService);
    for (const [then, code] of [
      [endsAtMs + 400_000, 32],
      [startsAtMs - 400_000, 33],
    ] as const) {
      const { hear } = refusal({ client: { nowMs: then }, host: { nowMs: then } });
      expect(hear).toThrow(expect.objectContaining({ code: 'unauthenticated', facts: { kerberosError: code } }));
    }
  });

  it('a ticket for a service that it is not, or whose key has changed', () => {
    const { hear } = refusal({ host: { keys: [] } });
    expect(hear).toThrow(expect.objectContaining({ facts: { kerberosError: 45 } }));
    const changed = keys.map((entry) => ({
      ...entry,
      key: { ...entry.key, bytes: Buffer.alloc(entry.key.bytes.length, 1) },
    }));
    expect(refusal({ host: { keys: changed } }).hear).toThrow(/setspn -Q/u);
  });

  it('other channel bindings than its own, but takes a client that has none', () => {
    const [one, two] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    expect(refusal({ client: { channelBindings: one }, host: { channelBindings: two } }).answer).toMatchObject({
      kind: 'refused',
      reason: 'other channel bindings',
    });
    expect(refusal({ client: { channelBindings: one }, host: { channelBindings: one } }).answer.kind).toBe('accepted');
    expect(refusal({ host: { channelBindings: two } }).answer.kind).toBe('accepted');
  });
});

describe('a client refuses', () => {
  it('the proof of another login, and one without any', () => {
    const [mine, other] = [halves(), halves(anyService, { client: { nowMs: nowMs + 1_000 } })];
    mine.client.start();
    const answer = other.host.step(other.client.start().token!) as { token: Buffer };
    expect(() => mine.client.proceed(answer.token)).toThrow(/somebody else/u);
    expect(() => mine.client.proceed(mine.client.start().token!)).toThrow(/Expected an AP-REP/u);
  });

  it('anything that is damaged, with a protocol error and nothing else', () => {
    const { client, host } = halves();
    const { token } = host.step(client.start().token!) as { token: Buffer };
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = Buffer.from(token);
        damaged[at]! ^= bits;
        expect(() => client.proceed(damaged)).toThrow(expect.objectContaining({ name: 'Failure' }));
      }),
    );
    // The version as an ENUMERATED.
    const version = Buffer.from(token);
    version[version.indexOf(Buffer.from([2, 1, 5]))] = 10;
    expect(() => client.proceed(version)).toThrow(isProtocolError);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => client.proceed(bytes)).toThrow(isProtocolError);
      }),
    );
  });
});

it('a damaged AP-REQ lets nobody in but who sent it', () => {
  const { token } = halves().client.start() as { token: Buffer };
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const damaged = Buffer.from(token);
      damaged[at]! ^= bits;
      try {
        const step = halves().host.step(damaged);
        // The type of the service's name and the wish for an answer stand in the clear, where nothing signs them.
        if (step.kind !== 'refused') expect(step).toMatchObject({ identity: { user: 'op', domain: 'LAB.TEST' } });
      } catch (error) {
        expect(error).toEqual(isProtocolError);
      }
    }),
    { numRuns: 300 },
  );
});
