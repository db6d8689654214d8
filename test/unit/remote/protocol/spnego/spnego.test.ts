import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCredentialCache } from '../../../../../src/remote/protocol/kerberos/credential-cache.ts';
import { KerberosAcceptor } from '../../../../../src/remote/protocol/kerberos/kerberos-acceptor.ts';
import { KerberosClient } from '../../../../../src/remote/protocol/kerberos/kerberos-client.ts';
import { readKeytab } from '../../../../../src/remote/protocol/kerberos/keytab.ts';
import { NtlmAcceptor } from '../../../../../src/remote/protocol/ntlm/ntlm-acceptor.ts';
import { NtlmClient } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../../../../src/remote/protocol/ntlm/ntlmv2.ts';
import type { AcceptorHandshake, AcceptorStep } from '../../../../../src/remote/protocol/security/handshake.ts';
import type { MessageSeal } from '../../../../../src/remote/protocol/security/message-seal.ts';
import {
  decodeNegTokenInit,
  decodeNegTokenResp,
  encodeMechanismList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  negStates,
} from '../../../../../src/remote/protocol/spnego/negotiation-tokens.ts';
import { SpnegoAcceptor } from '../../../../../src/remote/protocol/spnego/spnego-acceptor.ts';
import { SpnegoClient } from '../../../../../src/remote/protocol/spnego/spnego-client.ts';
import { readFixture } from '../kerberos/fixtures.ts';

const kerberosId = '1.2.840.113554.1.2.2';
const ntlmId = '1.3.6.1.4.1.311.2.2.10';
const credential = readCredentialCache(readFixture('cache-v4')).credentials[1]!;
const nowMs = credential.startsAtMs + 60_000;
const isProtocolError = expect.objectContaining({ name: 'Failure', code: 'protocol-error' });

const kerberosClient = () => new KerberosClient({ ...credential, clockOffsetMs: 0 }, { nowMs, randomBytes });
const ntlmClient = (password = 'p') =>
  new NtlmClient(
    { user: 'op', domain: 'LAB', ntHash: hashPassword(password) },
    { nowMs, randomBytes, targetName: 'HTTP/x' },
  );
const kerberosHost = () =>
  new KerberosAcceptor({ keys: readKeytab(readFixture('services.keytab')), nowMs, randomBytes });
const ntlmHost = () =>
  new NtlmAcceptor({
    computerName: 'PC1',
    domainName: 'LAB',
    nowMs,
    challenge: randomBytes(8),
    findNtHash: (user) => (user === 'op' ? hashPassword('p') : undefined),
  });

type Talk = { readonly ours: MessageSeal; readonly host: AcceptorStep; readonly tokens: Buffer[] };

/** Carries tokens to and fro until the client is done. `change` may alter what the host says. */
function talk(client: SpnegoClient, host: AcceptorHandshake, change = (token: Buffer) => token): Talk {
  const tokens: Buffer[] = [];
  let step = client.start();
  for (let leg = 0; leg < 8; leg++) {
    tokens.push(step.token!);
    const answer = host.step(step.token!);
    const token = answer.token && change(answer.token);
    if (token) {
      tokens.push(token);
      step = client.proceed(token);
    }
    if (!token || (step.token === undefined && step.answer === 'none'))
      return { ours: step.seal!, host: answer, tokens };
  }
  throw new Error('no end');
}

/** That both ends can seal for each other, in both directions and more than once. */
function expectSealed({ ours, host }: Talk): void {
  const theirs = host.kind === 'accepted' ? host.seal! : undefined;
  for (const text of ['one', 'two']) {
    const there = ours.seal(Buffer.from(text));
    expect(theirs?.unseal(there.signature, there.sealed).toString()).toBe(text);
    const back = theirs!.seal(Buffer.from(text));
    expect(ours.unseal(back.signature, back.sealed).toString()).toBe(text);
  }
}

describe('SPNEGO', () => {
  it('Kerberos is done in one leg, without signatures over the list', () => {
    const talked = talk(
      new SpnegoClient([kerberosClient()]),
      new SpnegoAcceptor({ kerberos: kerberosHost, ntlm: ntlmHost }),
    );
    expect(talked.host).toMatchObject({ kind: 'accepted', identity: { provenBy: 'kerberos', user: 'op' } });
    expect(talked.tokens.map((token) => token[0])).toEqual([0x60, 0xa1]);
    expect(decodeNegTokenResp(talked.tokens[1]!)).toMatchObject({
      state: negStates.acceptCompleted,
      listMic: undefined,
    });
    expectSealed(talked);
  });

  it('NTLM signs the list both ways; the next message has number one on a fresh key stream', () => {
    const talked = talk(new SpnegoClient([ntlmClient()]), new SpnegoAcceptor({ ntlm: ntlmHost }));
    expect(talked.host).toMatchObject({ kind: 'accepted', identity: { provenBy: 'ntlm', user: 'op', domain: 'LAB' } });
    const [, , third, fourth] = talked.tokens.map((token, index) =>
      index === 0 ? undefined : decodeNegTokenResp(token),
    );
    expect(third?.listMic?.readUInt32LE(12)).toBe(0);
    expect(fourth).toMatchObject({ state: negStates.acceptCompleted });
    expect(fourth?.listMic?.readUInt32LE(12)).toBe(0);
    expect(talked.ours.seal(Buffer.from('x')).signature.readUInt32LE(12)).toBe(1);
  });

  it('a message that goes with the last token of NTLM can be read', () => {
    const host = new SpnegoAcceptor({ ntlm: ntlmHost });
    const client = new SpnegoClient([ntlmClient()]);
    const challenge = host.step(client.start().token!).token!;
    const { token, seal, answer } = client.proceed(challenge);
    expect(answer).toBe('optional');
    const early = seal!.seal(Buffer.from('early'));
    const end = host.step(token!) as Extract<AcceptorStep, { kind: 'accepted' }>;
    expect(end.seal!.unseal(early.signature, early.sealed).toString()).toBe('early');
    const reply = end.seal!.seal(Buffer.from('reply'));
    expect(client.proceed(end.token!)).toMatchObject({ token: undefined, answer: 'none' });
    expect(seal!.unseal(reply.signature, reply.sealed).toString()).toBe('reply');
  });

  it.each<[string, () => SpnegoClient, SpnegoAcceptor]>([
    ['NTLM', () => new SpnegoClient([kerberosClient(), ntlmClient()]), new SpnegoAcceptor({ ntlm: ntlmHost })],
    [
      'Kerberos',
      () => new SpnegoClient([ntlmClient(), kerberosClient()]),
      new SpnegoAcceptor({ kerberos: kerberosHost }),
    ],
  ])('a host may choose %s though it is second; then both sign the list', (_, client, host) => {
    const talked = talk(client(), host);
    expect(talked.host.kind).toBe('accepted');
    const replies = talked.tokens.slice(1).map(decodeNegTokenResp);
    expect(replies[0]).toMatchObject({ state: negStates.requestMic });
    expect(replies.filter(({ listMic }) => listMic !== undefined)).toHaveLength(2);
    expectSealed(talked);
  });
});

describe('nobody on the way', () => {
  it('can take the stronger mechanism out of the offer', () => {
    const client = new SpnegoClient([kerberosClient(), ntlmClient()]);
    const host = new SpnegoAcceptor({ kerberos: kerberosHost, ntlm: ntlmHost });
    client.start();
    // The offer that arrives has NTLM alone.
    const weakened = encodeNegTokenInit(encodeMechanismList([ntlmId]), ntlmClient().start().token);
    const chosen = host.step(weakened).token!;
    const hello = encodeNegTokenResp({ state: negStates.requestMic, mechanism: decodeNegTokenResp(chosen).mechanism });
    const negotiate = client.proceed(hello).token!;
    const challenge = host.step(negotiate).token!;
    // The signature that the client makes over its own list is none over the weakened one.
    expect(() => host.step(client.proceed(challenge).token!)).toThrow(isProtocolError);
  });

  it('can take the signature over the choice away', () => {
    const strip = (token: Buffer) => {
      const { listMic: _, ...rest } = decodeNegTokenResp(token);
      return encodeNegTokenResp(rest);
    };
    const client = new SpnegoClient([kerberosClient(), ntlmClient()]);
    expect(() => talk(client, new SpnegoAcceptor({ ntlm: ntlmHost }), strip)).toThrow(/did not sign the choice/u);
  });

  it('can choose what was not offered, or choose anew later', () => {
    const choose = (mechanism: string) => encodeNegTokenResp({ state: negStates.acceptIncomplete, mechanism });
    const client = new SpnegoClient([kerberosClient()]);
    client.start();
    expect(() => client.proceed(choose(ntlmId))).toThrow(/was not offered/u);
    const other = new SpnegoClient([kerberosClient(), ntlmClient()]);
    other.start();
    other.proceed(choose(ntlmId));
    expect(() => other.proceed(choose(kerberosId))).toThrow(isProtocolError);
  });

  it('can end the negotiation before both have proven themselves', () => {
    for (const state of [negStates.acceptCompleted, negStates.acceptIncomplete]) {
      const client = new SpnegoClient([kerberosClient()]);
      client.start();
      expect(() => client.proceed(encodeNegTokenResp({ state }))).toThrow(isProtocolError);
    }
  });
});

describe('a host', () => {
  it('rejects a wrong password, and who offers nothing that it has', () => {
    const client = new SpnegoClient([ntlmClient('wrong')]);
    expect(() => talk(client, new SpnegoAcceptor({ ntlm: ntlmHost }))).toThrow(
      expect.objectContaining({ code: 'unauthenticated', message: expect.stringContaining('rejected') }),
    );
    const stranger = new SpnegoAcceptor({ ntlm: ntlmHost }).step(new SpnegoClient([kerberosClient()]).start().token!);
    expect(stranger).toMatchObject({ kind: 'refused', reason: 'no common mechanism' });
  });

  it("hands Kerberos' own word on a refusal through", () => {
    const late = () =>
      new KerberosAcceptor({ keys: readKeytab(readFixture('services.keytab')), nowMs: nowMs + 400_000, randomBytes });
    const client = new SpnegoClient([kerberosClient()]);
    expect(() => talk(client, new SpnegoAcceptor({ kerberos: late }))).toThrow(
      expect.objectContaining({ code: 'clock-skew' }),
    );
  });
});

describe('the tokens', () => {
  it('of Windows may bear hints where others bear a signature', () => {
    // MS-SPNG 2.2.1: NegTokenInit2 with the mechanisms NTLM alone and the customary hint.
    const hinted =
      '603a06062b0601050502a030302ea00e300c060a2b06010401823702020aa31c301aa0181b16' +
      Buffer.from('not_defined_in_RFC4178').toString('hex').slice(0, 44);
    const { mechanisms, token } = decodeNegTokenInit(Buffer.from(hinted, 'hex'));
    expect(mechanisms).toEqual([ntlmId]);
    expect(token).toBeUndefined();
  });

  it('are read to an end or a protocol error, whatever they are', () => {
    const valid = [
      new SpnegoClient([ntlmClient()]).start().token!,
      encodeNegTokenResp({ state: 1, mechanism: ntlmId, token: Buffer.from('t'), listMic: Buffer.from('m') }),
    ];
    const damaged = fc
      .tuple(fc.constantFrom(...valid), fc.nat(200), fc.integer({ min: 1, max: 255 }))
      .map(([token, at, bits]) => {
        const copy = Buffer.from(token);
        copy[at % copy.length]! ^= bits;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array()), (bytes) => {
        for (const read of [decodeNegTokenInit, decodeNegTokenResp]) {
          try {
            read(bytes);
          } catch (error) {
            expect(error).toEqual(isProtocolError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
