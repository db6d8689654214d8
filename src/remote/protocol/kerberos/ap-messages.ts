import { Failure } from '../../../kernel/failure.ts';
import {
  type DerElement,
  expectElement,
  readElement,
  readFields,
  readInteger,
  requireField,
} from '../asn1/read-der.ts';
import { application, context, element, integer, sequence, tags } from '../asn1/write-der.ts';
import {
  type Encrypted,
  encodeEncrypted,
  encodeKey,
  kerberosTime,
  readEncrypted,
  readKerberosTime,
  readKey,
  readUint32,
} from './der-values.ts';
import type { KerberosKey } from './enctypes.ts';
import { encodeName, generalString, type Principal, readGeneralString, readName } from './principal.ts';

/** AP-REQ with mutual authentication asked for (RFC 4120 5.5.1). @param ticket the Ticket as the KDC gave it */
export function encodeApReq(ticket: Uint8Array, authenticator: { enctype: number; cipherText: Uint8Array }): Buffer {
  const mutualRequired = Buffer.from([0, 0x20, 0, 0, 0]);
  return application(
    14,
    sequence(
      context(0, integer(5)),
      context(1, integer(14)),
      context(2, element(tags.bitString, mutualRequired)),
      context(3, ticket),
      context(4, encodeEncrypted(authenticator.enctype, authenticator.cipherText)),
    ),
  );
}

/** A decoded AP-REQ. */
export type ApReq = {
  readonly mutual: boolean;
  readonly server: Principal;
  readonly ticket: Encrypted;
  readonly authenticator: Encrypted;
};

/** Reads an AP-REQ. @throws Failure `protocol-error` */
export function decodeApReq(bytes: Uint8Array): ApReq {
  const fields = openMessage(bytes, 0x6e, 14, 'an AP-REQ');
  const options = expectElement(requireField(fields, 2, 'an AP-REQ').whole, tags.bitString, 'the options of an AP-REQ');
  const ticketElement = expectElement(requireField(fields, 3, 'an AP-REQ').whole, 0x61, 'a ticket');
  const ticket = readFields(readElement(ticketElement.content), 'a ticket');
  const realm = readGeneralString(requireField(ticket, 1, 'a ticket'), 'the realm of a ticket');
  return {
    mutual: ((options.content[1] ?? 0) & 0x20) !== 0,
    server: readName(requireField(ticket, 2, 'a ticket'), realm),
    ticket: readEncrypted(requireField(ticket, 3, 'a ticket'), 'the secret part of a ticket'),
    authenticator: readEncrypted(requireField(fields, 4, 'an AP-REQ'), 'an authenticator'),
  };
}

/** What a ticket says to the service (RFC 4120 5.3 EncTicketPart). */
export type TicketSecret = {
  readonly key: KerberosKey;
  readonly client: Principal;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
};

/** Reads the decrypted part of a ticket. @throws Failure `protocol-error` */
export function decodeTicketSecret(bytes: Uint8Array): TicketSecret {
  const what = 'the secret part of a ticket';
  const fields = readFields(readElement(expectElement(bytes, 0x63, what).content), what);
  const starts = fields.get(6) ?? requireField(fields, 5, what);
  return {
    key: readKey(requireField(fields, 1, what), 'a session key'),
    client: readName(requireField(fields, 3, what), readGeneralString(requireField(fields, 2, what), 'a realm')),
    startsAtMs: readKerberosTime(starts, 'the begin of a ticket'),
    endsAtMs: readKerberosTime(requireField(fields, 7, what), 'the end of a ticket'),
  };
}

/** AP-REP (RFC 4120 5.5.2). */
export function encodeApRep(enctype: number, cipherText: Uint8Array): Buffer {
  return application(
    15,
    sequence(context(0, integer(5)), context(1, integer(15)), context(2, encodeEncrypted(enctype, cipherText))),
  );
}

/** The encrypted part of an AP-REP. @throws Failure `protocol-error` */
export function decodeApRep(bytes: Uint8Array): Encrypted {
  return readEncrypted(requireField(openMessage(bytes, 0x6f, 15, 'an AP-REP'), 2, 'an AP-REP'), 'an AP-REP');
}

/** What a service proves itself with (RFC 4120 5.5.2 EncAPRepPart). */
export type ApRepSecret = {
  readonly timeMs: number;
  readonly microseconds: number;
  readonly subkey: KerberosKey | undefined;
  readonly sequence: number | undefined;
};

/** Writes the secret part of an AP-REP. */
export function encodeApRepSecret({ timeMs, microseconds, subkey, sequence: number }: ApRepSecret): Buffer {
  return application(
    27,
    sequence(
      context(0, kerberosTime(timeMs)),
      context(1, integer(microseconds)),
      ...(subkey ? [context(2, encodeKey(subkey))] : []),
      ...(number === undefined ? [] : [context(3, integer(number))]),
    ),
  );
}

/** Reads the decrypted part of an AP-REP. @throws Failure `protocol-error` */
export function decodeApRepSecret(bytes: Uint8Array): ApRepSecret {
  const what = 'the secret part of an AP-REP';
  const fields = readFields(readElement(expectElement(bytes, 0x7b, what).content), what);
  const subkey = fields.get(2);
  const number = fields.get(3);
  return {
    timeMs: readKerberosTime(requireField(fields, 0, what), 'the time of an AP-REP'),
    microseconds: readInteger(requireField(fields, 1, what), 'the microseconds of an AP-REP'),
    subkey: subkey && readKey(subkey, 'a subkey'),
    sequence: number && readUint32(number, 'a sequence number'),
  };
}

/** An error message of Kerberos (RFC 4120 5.9.1). */
export type KrbError = { readonly code: number; readonly serverTimeMs: number; readonly text: string };

/** Writes a KRB-ERROR of a service. */
export function encodeKrbError({ code, serverTimeMs, text }: KrbError, server: Principal): Buffer {
  return application(
    30,
    sequence(
      context(0, integer(5)),
      context(1, integer(30)),
      context(4, kerberosTime(serverTimeMs)),
      context(5, integer(0)),
      context(6, integer(code)),
      context(9, generalString(server.realm)),
      context(10, encodeName(server)),
      ...(text === '' ? [] : [context(11, generalString(text))]),
    ),
  );
}

/** Reads a KRB-ERROR. @throws Failure `protocol-error` */
export function decodeKrbError(bytes: Uint8Array): KrbError {
  const fields = openMessage(bytes, 0x7e, 30, 'a KRB-ERROR');
  const text = fields.get(11);
  return {
    code: readInteger(requireField(fields, 6, 'a KRB-ERROR'), 'the code of a KRB-ERROR'),
    serverTimeMs: readKerberosTime(requireField(fields, 4, 'a KRB-ERROR'), 'the time of a KRB-ERROR'),
    text: text ? readGeneralString(text, 'the text of a KRB-ERROR') : '',
  };
}

function openMessage(bytes: Uint8Array, tag: number, type: number, what: string): ReadonlyMap<number, DerElement> {
  const fields = readFields(readElement(expectElement(bytes, tag, what).content), what);
  const version = readInteger(requireField(fields, 0, what), `the version of ${what}`);
  const said = readInteger(requireField(fields, 1, what), `the type of ${what}`);
  if (version !== 5 || said !== type) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} of Kerberos 5 (type ${type}), got version ${version}, type ${said}.`,
    );
  }
  return fields;
}
