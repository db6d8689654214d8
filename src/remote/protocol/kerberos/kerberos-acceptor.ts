import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../kernel/failure.ts';
import { frameKerberos, tokenKinds, unframeKerberos } from '../security/gss-framing.ts';
import type { AcceptorHandshake, AcceptorStep } from '../security/handshake.ts';
import {
  type ApReq,
  decodeApReq,
  decodeTicketSecret,
  encodeApRep,
  encodeApRepSecret,
  encodeKrbError,
  type TicketSecret,
} from './ap-messages.ts';
import { type Authenticator, decodeAuthenticator, decodeGssChecksum } from './authenticator.ts';
import {
  confounderBytes,
  decryptMessage,
  deriveMessageKeys,
  encryptMessage,
  enctypeOf,
  enctypes,
  type KerberosKey,
} from './enctypes.ts';
import { apUsages, skewCode } from './kerberos-client.ts';
import { KerberosSeal } from './kerberos-seal.ts';
import type { KeytabEntry } from './keytab.ts';
import { principalText } from './principal.ts';

/** How far clocks may differ. */
const longestSkewMs = 300_000;
const errors = { badIntegrity: 31, expired: 32, notYetValid: 33, badMatch: 36, skew: skewCode, noKey: 45 } as const;

/** The accepting service. */
export type KerberosService = {
  readonly keys: readonly KeytabEntry[];
  readonly nowMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Over TLS: the hash that a client's channel bindings must equal if it sends any. */
  readonly channelBindings?: Uint8Array | undefined;
};

/** The server's side of a Kerberos login (RFC 4121 4.1): an AP-REQ in, an AP-REP or a KRB-ERROR out. It keeps no cache of repetitions. */
export class KerberosAcceptor implements AcceptorHandshake {
  readonly #service: KerberosService;

  constructor(service: KerberosService) {
    this.#service = service;
  }

  step(token: Uint8Array): AcceptorStep {
    const { kind, message } = unframeKerberos(token);
    if (kind !== tokenKinds.apReq) {
      throw new Failure(
        'protocol-error',
        `Expected an AP-REQ (0x0100), got a Kerberos token of kind 0x${kind.toString(16)}.`,
      );
    }
    const request = decodeApReq(message);
    const refuse = (code: number, reason: string): AcceptorStep => {
      const error = encodeKrbError({ code, serverTimeMs: this.#service.nowMs, text: '' }, request.server);
      return { kind: 'refused', token: frameKerberos(tokenKinds.error, error), reason };
    };
    const ticket = this.#openTicket(request);
    if (ticket === undefined) return refuse(errors.noKey, `no key for ${principalText(request.server)}`);
    if (ticket === 'altered') return refuse(errors.badIntegrity, 'the ticket does not match the key');
    const authenticator = tryOpen(ticket.key, request.authenticator.cipherText);
    if (!authenticator) return refuse(errors.badIntegrity, 'the authenticator does not match the ticket');
    if (principalText(authenticator.client) !== principalText(ticket.client))
      return refuse(errors.badMatch, 'another client than the ticket names');
    const { nowMs, channelBindings } = this.#service;
    if (Math.abs(authenticator.timeMs - nowMs) > longestSkewMs)
      return refuse(errors.skew, 'the clocks differ too much');
    if (nowMs > ticket.endsAtMs + longestSkewMs) return refuse(errors.expired, 'the ticket has expired');
    if (nowMs < ticket.startsAtMs - longestSkewMs) return refuse(errors.notYetValid, 'the ticket is not valid yet');
    const sent = decodeGssChecksum(authenticator.checksum)?.bindings;
    if (sent && channelBindings && sent.some((byte) => byte !== 0) && !timingSafeEqual(sent, channelBindings)) {
      return { kind: 'refused', token: undefined, reason: 'other channel bindings' };
    }
    return this.#accept(request, ticket, authenticator);
  }

  #accept(request: ApReq, ticket: TicketSecret, authenticator: Authenticator): AcceptorStep {
    const { randomBytes } = this.#service;
    const enctype = enctypeOf(authenticator.subkey ?? ticket.key);
    const subkey: KerberosKey = { enctype: enctype.id, bytes: Buffer.from(randomBytes(enctype.keyBytes)) };
    const sequence = Buffer.from(randomBytes(4)).readUInt32BE() & 0x3fffffff;
    const secret = encodeApRepSecret({ ...authenticator, subkey, sequence });
    const keys = deriveMessageKeys(ticket.key, apUsages.reply);
    const reply = encodeApRep(ticket.key.enctype, encryptMessage(keys, secret, randomBytes(confounderBytes)));
    const { client } = ticket;
    return {
      kind: 'accepted',
      token: request.mutual ? frameKerberos(tokenKinds.apRep, reply) : undefined,
      identity: { provenBy: 'kerberos', user: client.components.join('/'), domain: client.realm },
      // Without a reply the client knows no subkey of ours: nothing of ours could be sealed for it.
      seal: request.mutual
        ? new KerberosSeal({
            role: 'acceptor',
            key: subkey,
            acceptorSubkey: true,
            sendSequence: sequence,
            receiveSequence: authenticator.sequence ?? 0,
            randomBytes,
          })
        : undefined,
    };
  }

  #openTicket({ server, ticket }: ApReq): TicketSecret | 'altered' | undefined {
    const known = enctypes.some(({ id }) => id === ticket.enctype);
    const keys = this.#service.keys.filter(
      ({ principal, version, key }) =>
        key.enctype === ticket.enctype &&
        principalText(principal).toLowerCase() === principalText(server).toLowerCase() &&
        (ticket.keyVersion === undefined || version === ticket.keyVersion),
    );
    if (!known || keys.length === 0) return undefined;
    for (const { key } of keys) {
      const plain = tryDecrypt(key, apUsages.ticket, ticket.cipherText);
      if (plain) return decodeTicketSecret(plain);
    }
    return 'altered';
  }
}

function tryOpen(key: KerberosKey, cipherText: Buffer): Authenticator | undefined {
  const plain = tryDecrypt(key, apUsages.authenticator, cipherText);
  return plain && decodeAuthenticator(plain);
}

function tryDecrypt(key: KerberosKey, usage: number, cipherText: Buffer): Buffer | undefined {
  try {
    return decryptMessage(deriveMessageKeys(key, usage), cipherText);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
