import { Failure } from '../../../kernel/failure.ts';
import { frameKerberos, tokenKinds, unframeKerberos } from '../security/gss-framing.ts';
import type { ClientHandshake, ClientStep } from '../security/handshake.ts';
import { decodeApRep, decodeApRepSecret, decodeKrbError, encodeApReq, type KrbError } from './ap-messages.ts';
import { encodeAuthenticator, encodeGssChecksum, gssChecksumType, gssFlags } from './authenticator.ts';
import {
  confounderBytes,
  decryptMessage,
  deriveMessageKeys,
  encryptMessage,
  enctypeOf,
  type KerberosKey,
} from './enctypes.ts';
import { KerberosSeal } from './kerberos-seal.ts';
import { type Principal, principalText } from './principal.ts';

/** Key usages of the AP exchange (RFC 4120 7.5.1). */
export const apUsages = { ticket: 2, authenticator: 11, reply: 12 } as const;
/** Code of KRB-ERROR for clocks that differ too much (RFC 4120 7.5.9). */
export const skewCode = 37;

/** A ticket for the host's service, as a credential cache holds it. */
export type ServiceTicket = {
  readonly client: Principal;
  readonly server: Principal;
  readonly key: KerberosKey;
  readonly ticket: Uint8Array;
  /** How far the KDC's clock is ahead of ours, milliseconds. */
  readonly clockOffsetMs: number;
};

/** What the login needs from outside, so that it replays exactly. */
export type KerberosSurroundings = {
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Over TLS: the 16-byte hash of the channel bindings. */
  readonly channelBindings?: Uint8Array | undefined;
};

/**
 * The client's side of a Kerberos login with mutual authentication (RFC 4121 4.1): an AP-REQ out, an AP-REP in. The ticket is never
 * delegated: the host can do nothing elsewhere in the user's name.
 */
export class KerberosClient implements ClientHandshake {
  readonly provenBy = 'kerberos';
  readonly signsList = false;
  readonly #ticket: ServiceTicket;
  readonly #surroundings: KerberosSurroundings;
  readonly #subkey: KerberosKey;
  readonly #sequence: number;
  readonly #timeMs: number;
  readonly #microseconds: number;

  /** @throws Failure `unauthenticated` if the ticket's key is of no type that we have */
  constructor(ticket: ServiceTicket, surroundings: KerberosSurroundings) {
    const { nowMs, randomBytes } = surroundings;
    const enctype = enctypeOf(ticket.key);
    const sentMs = Math.trunc(nowMs + ticket.clockOffsetMs);
    this.#ticket = ticket;
    this.#surroundings = surroundings;
    this.#subkey = { enctype: enctype.id, bytes: Buffer.from(randomBytes(enctype.keyBytes)) };
    // 30 bits: some libraries take larger numbers for negative ones.
    this.#sequence = Buffer.from(randomBytes(4)).readUInt32BE() & 0x3fffffff;
    this.#timeMs = sentMs - (sentMs % 1000);
    // Random microseconds keep authenticators of one millisecond apart: hosts refuse what looks like a repetition.
    this.#microseconds = (sentMs % 1000) * 1000 + (Buffer.from(randomBytes(2)).readUInt16BE() % 1000);
  }

  start(): ClientStep {
    const { client, key, ticket } = this.#ticket;
    const { randomBytes, channelBindings } = this.#surroundings;
    const { mutual, replay, sequence, confidentiality, integrity } = gssFlags;
    const flags = mutual | replay | sequence | confidentiality | integrity;
    const authenticator = encodeAuthenticator({
      client,
      checksum: { type: gssChecksumType, bytes: encodeGssChecksum(flags, channelBindings) },
      timeMs: this.#timeMs,
      microseconds: this.#microseconds,
      subkey: this.#subkey,
      sequence: this.#sequence,
    });
    const keys = deriveMessageKeys(key, apUsages.authenticator);
    const cipherText = encryptMessage(keys, authenticator, randomBytes(confounderBytes));
    const message = encodeApReq(ticket, { enctype: key.enctype, cipherText });
    return { token: frameKerberos(tokenKinds.apReq, message), seal: undefined, answer: 'needed' };
  }

  /**
   * Proves that the host holds the service's key.
   * @throws Failure `protocol-error`; for the host's own error `clock-skew` or `unauthenticated`
   */
  proceed(token: Uint8Array): ClientStep {
    const { kind, message } = unframeKerberos(token);
    if (kind === tokenKinds.error) throw this.#failureOf(decodeKrbError(message));
    if (kind !== tokenKinds.apRep) {
      throw new Failure(
        'protocol-error',
        `Expected an AP-REP (0x0200), got a Kerberos token of kind 0x${kind.toString(16)}.`,
      );
    }
    const { enctype, cipherText } = decodeApRep(message);
    const { key } = this.#ticket;
    if (enctype !== key.enctype) {
      throw new Failure('protocol-error', `Expected an AP-REP of encryption type ${key.enctype}, got ${enctype}.`);
    }
    const secret = decodeApRepSecret(decryptMessage(deriveMessageKeys(key, apUsages.reply), cipherText));
    if (secret.timeMs !== this.#timeMs || secret.microseconds !== this.#microseconds) {
      throw new Failure(
        'protocol-error',
        'The host answered the Kerberos login of somebody else: it did not prove itself.',
      );
    }
    const seal = new KerberosSeal({
      role: 'initiator',
      key: secret.subkey ?? this.#subkey,
      acceptorSubkey: secret.subkey !== undefined,
      sendSequence: this.#sequence,
      receiveSequence: secret.sequence ?? 0,
      randomBytes: this.#surroundings.randomBytes,
    });
    return { token: undefined, seal, answer: 'none' };
  }

  #failureOf(error: KrbError): Failure {
    const server = principalText(this.#ticket.server);
    const facts = { kerberosError: error.code };
    if (error.code === skewCode) {
      const aheadMs = error.serverTimeMs - this.#timeMs;
      const seconds = Math.round(Math.abs(aheadMs) / 1000);
      return new Failure(
        'clock-skew',
        `${server} refused the Kerberos login because the clocks differ too much: the host's is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine's; 300 s are allowed. Set both by the same time source (w32tm /resync on the host, NTP here).`,
        { facts: { ...facts, aheadMs } },
      );
    }
    const said = errorMeanings[error.code] ?? (error.text || 'no reason given');
    return new Failure('unauthenticated', `${server} refused the Kerberos login with error ${error.code}: ${said}`, {
      facts,
    });
  }
}

/** What the errors of an AP exchange mean, and what to do (RFC 4120 7.5.9). */
const errorMeanings: Readonly<Record<number, string>> = {
  31: 'the ticket cannot be decrypted. The name belongs to another account than the one the service runs under: look for the SPN with setspn -Q.',
  32: 'the ticket has expired. Take a new one.',
  33: 'the ticket is not valid yet. Compare the clocks of host, KDC and this machine.',
  34: 'the login looks like a repetition of an earlier one.',
  35: 'the ticket is for another service. Check the name of the host and kerberos.spn.',
  41: 'the login was altered on its way.',
  44: "the host has not the ticket's key: its password in the domain was changed. Purge the tickets, then try again.",
  45: 'the host has no key for this service.',
};
