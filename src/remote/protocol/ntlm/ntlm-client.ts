import { Failure } from '../../../kernel/failure.ts';
import type { ClientHandshake, ClientStep } from '../security/handshake.ts';
import { type AvPair, avFlags, avIds, avTimestamp, decodeAvPairs, encodeAvPairs, textPair } from './av-pairs.ts';
import { decodeChallenge, encodeAuthenticate, encodeNegotiate, micOffset } from './messages.ts';
import { clientFlags, hasFlag, negotiateFlags } from './negotiate-flags.ts';
import { NtlmSeal } from './ntlm-seal.ts';
import { computeProof, deriveResponseKey, encodeClientChallenge, hmacMd5, toFileTime } from './ntlmv2.ts';
import { rc4 } from './rc4.ts';

/** Who logs in, and to what. */
export type NtlmCredentials = {
  readonly user: string;
  readonly domain: string;
  /** 16 bytes, see `hashPassword`. */
  readonly ntHash: Uint8Array;
};

/** What the handshake needs from outside, so that it replays exactly. */
export type NtlmSurroundings = {
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Service principal name, e.g. `HTTP/host`. */
  readonly targetName: string;
  /** Over TLS: the 16-byte hash of the channel bindings. */
  readonly channelBindings?: Uint8Array | undefined;
  readonly workstation?: string;
};

/** The third message and the seal of the connection that it logs in. */
type NtlmAuthentication = {
  readonly message: Buffer;
  readonly seal: NtlmSeal;
  /** Whether the three messages are signed. */
  readonly signed: boolean;
};

/** The client's side of an NTLM login (MS-NLMP 3.1). */
export class NtlmClient implements ClientHandshake {
  readonly provenBy = 'ntlm';
  readonly #credentials: NtlmCredentials;
  readonly #surroundings: NtlmSurroundings;
  #negotiate: Buffer = Buffer.alloc(0);
  #signed = false;

  constructor(credentials: NtlmCredentials, surroundings: NtlmSurroundings) {
    this.#credentials = credentials;
    this.#surroundings = surroundings;
  }

  /** Windows signs the list where it signs the messages (MS-SPNG 3.3.5.1). */
  get signsList(): boolean {
    return this.#signed;
  }

  start(): ClientStep {
    this.#negotiate = startNtlm();
    return { token: this.#negotiate, seal: undefined, answer: 'needed' };
  }

  proceed(token: Uint8Array): ClientStep {
    const { message, seal, signed } = answerChallenge(this.#negotiate, token, this.#credentials, this.#surroundings);
    this.#signed = signed;
    return { token: message, seal, answer: 'none' };
  }
}

/** The first message (MS-NLMP 2.2.1.1). */
export function startNtlm(): Buffer {
  return encodeNegotiate(clientFlags);
}

/** What a host must agree to. Whoever stands on the way could clear the others and break a key of 40 bits. */
const needed =
  (negotiateFlags.unicode |
    negotiateFlags.extendedSessionSecurity |
    negotiateFlags.targetInfo |
    negotiateFlags.sign |
    negotiateFlags.seal |
    negotiateFlags.key128 |
    negotiateFlags.keyExchange) >>>
  0;

/**
 * Answers a server's CHALLENGE with NTLMv2, a MIC where the server gave its time, and a fresh exported session key (MS-NLMP 3.1.5.1.2).
 * @param negotiate the first message exactly as sent
 * @param challengeBytes the second message exactly as received
 * @throws Failure `protocol-error` for a malformed challenge or one that allows no sealing
 */
export function answerChallenge(
  negotiate: Uint8Array,
  challengeBytes: Uint8Array,
  credentials: NtlmCredentials,
  surroundings: NtlmSurroundings,
): NtlmAuthentication {
  const challenge = decodeChallenge(challengeBytes);
  if (!hasFlag(challenge.flags, needed)) {
    throw new Failure(
      'protocol-error',
      'The host offers only NTLMv1, or no sealing with 128-bit keys of its own; NTLMv2 with both is needed. If it is a current Windows, somebody on the way has changed its answer.',
    );
  }
  const serverPairs = decodeAvPairs(challenge.targetInfo);
  const serverTime = avTimestamp(serverPairs);
  const key = deriveResponseKey(credentials.ntHash, credentials.user, credentials.domain);
  const nonce = surroundings.randomBytes(8);
  const temp = encodeClientChallenge({
    time: serverTime ?? toFileTime(surroundings.nowMs),
    nonce,
    targetInfo: encodeAvPairs(clientPairs(serverPairs, surroundings, serverTime !== undefined)),
  });
  const proof = computeProof(key, challenge.serverChallenge, temp);
  const lmResponse =
    serverTime !== undefined
      ? Buffer.alloc(24)
      : Buffer.concat([hmacMd5(key, challenge.serverChallenge, nonce), nonce]);
  const base = hmacMd5(key, proof);
  const exchange = hasFlag(challenge.flags, negotiateFlags.keyExchange);
  const sessionKey = exchange ? Buffer.from(surroundings.randomBytes(16)) : base;
  const message = encodeAuthenticate({
    flags: challenge.flags,
    lmResponse,
    ntResponse: Buffer.concat([proof, temp]),
    domain: credentials.domain,
    user: credentials.user,
    workstation: surroundings.workstation ?? '',
    encryptedSessionKey: exchange ? rc4(base, sessionKey) : Buffer.alloc(0),
  });
  if (serverTime !== undefined) hmacMd5(sessionKey, negotiate, challengeBytes, message).copy(message, micOffset);
  return {
    message,
    seal: new NtlmSeal('client', sessionKey, challenge.flags),
    signed: serverTime !== undefined,
  };
}

/** Splits `DOMAIN\user`; a UPN (`user@domain`) and a bare name go whole, with an empty domain. */
export function splitUserName(name: string): { user: string; domain: string } {
  const at = name.indexOf('\\');
  return at < 0 ? { user: name, domain: '' } : { user: name.slice(at + 1), domain: name.slice(0, at) };
}

function clientPairs(serverPairs: readonly AvPair[], surroundings: NtlmSurroundings, withMic: boolean): AvPair[] {
  const pairs = serverPairs.filter((pair) => pair.id !== avIds.flags);
  if (withMic) {
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE((avFlags(serverPairs) | 2) >>> 0);
    pairs.push({ id: avIds.flags, value: flags });
  }
  pairs.push(textPair(avIds.targetName, surroundings.targetName));
  // A zeroed pair is no "don't care" for real servers: without TLS it is left out.
  if (surroundings.channelBindings) pairs.push({ id: avIds.channelBindings, value: surroundings.channelBindings });
  return pairs;
}
