import { timingSafeEqual } from 'node:crypto';
import type { AcceptorHandshake, AcceptorStep } from '../security/handshake.ts';
import { avFlags, avIds, decodeAvPairs, encodeAvPairs, findAvPair, textPair } from './av-pairs.ts';
import { decodeAuthenticate, decodeNegotiate, encodeChallenge, isNtlmMessage, micOffset } from './messages.ts';
import { hasFlag, negotiateFlags } from './negotiate-flags.ts';
import { NtlmSeal } from './ntlm-seal.ts';
import { computeProof, deriveResponseKey, hmacMd5, targetInfoOf, toFileTime } from './ntlmv2.ts';
import { rc4 } from './rc4.ts';

const supported =
  (negotiateFlags.unicode |
    negotiateFlags.sign |
    negotiateFlags.seal |
    negotiateFlags.ntlm |
    negotiateFlags.alwaysSign |
    negotiateFlags.extendedSessionSecurity |
    negotiateFlags.version |
    negotiateFlags.key128 |
    negotiateFlags.keyExchange |
    negotiateFlags.key56) >>>
  0;

/** The accepting machine. */
export type NtlmServerIdentity = {
  readonly computerName: string;
  /** NetBIOS domain; a workgroup machine gives its own name. */
  readonly domainName: string;
  readonly nowMs: number;
  /** 8 random bytes. */
  readonly challenge: Uint8Array;
  /** Over TLS: the hash that a client's channel bindings must equal if it sends any (hardening level Relaxed). */
  readonly channelBindings?: Uint8Array | undefined;
  /** NT hash of an account, or undefined if there is none. */
  readonly findNtHash: (user: string, domain: string) => Uint8Array | undefined;
};

/** The end of a handshake on the server's side. */
export type NtlmVerdict =
  | {
      readonly accepted: true;
      readonly user: string;
      readonly domain: string;
      /** Absent if the client agreed to no extended session security (it can then send nothing sealed). */
      readonly seal: NtlmSeal | undefined;
    }
  | { readonly accepted: false; readonly reason: string };

/** The server half of one NTLM handshake (MS-NLMP 3.2); one instance serves one connection. */
export class NtlmAcceptor implements AcceptorHandshake {
  readonly #identity: NtlmServerIdentity;
  #negotiate: Uint8Array = new Uint8Array(0);
  #challenge: Buffer | undefined;

  constructor(identity: NtlmServerIdentity) {
    this.#identity = identity;
  }

  /** Takes the messages in the order in which they come. */
  step(token: Uint8Array): AcceptorStep {
    if (isNtlmMessage(token, 1)) return { kind: 'continue', token: this.challenge(token) };
    const verdict = this.accept(token);
    if (!verdict.accepted) return { kind: 'refused', token: undefined, reason: verdict.reason };
    const { user, domain, seal } = verdict;
    return { kind: 'accepted', token: undefined, identity: { provenBy: 'ntlm', user, domain }, seal };
  }

  /** Answers a NEGOTIATE message with a CHALLENGE. @throws Failure `protocol-error` */
  challenge(negotiate: Uint8Array): Buffer {
    const { flags } = decodeNegotiate(negotiate);
    const { computerName, domainName, nowMs, challenge } = this.#identity;
    const time = Buffer.alloc(8);
    time.writeBigUInt64LE(toFileTime(nowMs));
    this.#negotiate = negotiate;
    const answered =
      (flags & supported) | negotiateFlags.requestTarget | negotiateFlags.targetInfo | negotiateFlags.targetTypeServer;
    const text = hasFlag(flags, negotiateFlags.unicode) ? 0 : negotiateFlags.oem;
    this.#challenge = encodeChallenge({
      flags: (answered | text) >>> 0,
      serverChallenge: Buffer.from(challenge),
      targetName: domainName,
      targetInfo: encodeAvPairs([
        textPair(avIds.netbiosDomain, domainName),
        textPair(avIds.netbiosComputer, computerName),
        textPair(avIds.dnsDomain, domainName.toLowerCase()),
        textPair(avIds.dnsComputer, computerName.toLowerCase()),
        { id: avIds.timestamp, value: time },
      ]),
    });
    return this.#challenge;
  }

  /** Judges the AUTHENTICATE message. @throws Failure `protocol-error` if it is malformed or comes before the challenge */
  accept(authenticate: Uint8Array): NtlmVerdict {
    const challenge = this.#challenge;
    if (!challenge) return { accepted: false, reason: 'no challenge was given' };
    const message = decodeAuthenticate(authenticate);
    const ntHash = this.#identity.findNtHash(message.user, message.domain);
    if (!ntHash) return { accepted: false, reason: 'unknown account' };
    // An NTLMv1 response has exactly 24 bytes; like a host with LmCompatibilityLevel 5, we take version 2 only.
    if (message.ntResponse.length < 16 + 28 + 4) return { accepted: false, reason: 'no NTLMv2 response' };
    const key = deriveResponseKey(ntHash, message.user, message.domain);
    const proof = message.ntResponse.subarray(0, 16);
    const temp = message.ntResponse.subarray(16);
    if (!timingSafeEqual(proof, computeProof(key, challenge.subarray(24, 32), temp))) {
      return { accepted: false, reason: 'wrong password' };
    }
    const base = hmacMd5(key, proof);
    const exchange = hasFlag(message.flags, negotiateFlags.keyExchange) && message.encryptedSessionKey.length === 16;
    const sessionKey = exchange ? rc4(base, message.encryptedSessionKey) : base;
    const fault = this.#checkPairs(authenticate, challenge, temp, sessionKey);
    if (fault) return { accepted: false, reason: fault };
    const sealable = hasFlag(message.flags, negotiateFlags.extendedSessionSecurity);
    const seal = sealable ? new NtlmSeal('server', sessionKey, message.flags) : undefined;
    return { accepted: true, user: message.user, domain: message.domain, seal };
  }

  #checkPairs(authenticate: Uint8Array, challenge: Buffer, temp: Buffer, sessionKey: Buffer): string | undefined {
    const pairs = decodeAvPairs(targetInfoOf(temp));
    const withMic = (avFlags(pairs) & 2) !== 0;
    if (withMic) {
      const zeroed = Buffer.from(authenticate);
      const mic = Buffer.from(zeroed.subarray(micOffset, micOffset + 16));
      zeroed.fill(0, micOffset, micOffset + 16);
      const expected = hmacMd5(sessionKey, this.#negotiate, challenge, zeroed);
      if (mic.length !== 16 || !timingSafeEqual(mic, expected)) return 'the handshake was altered on its way';
    }
    const sent = findAvPair(pairs, avIds.channelBindings);
    const wanted = this.#identity.channelBindings;
    if (sent && wanted && sent.some((byte) => byte !== 0) && !sent.equals(wanted)) return 'other channel bindings';
    return undefined;
  }
}
