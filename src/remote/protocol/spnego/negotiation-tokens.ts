import { Failure } from '../../../kernel/failure.ts';
import {
  type DerElement,
  readElement,
  readElements,
  readFields,
  readInteger,
  readObjectId,
  readOctets,
} from '../asn1/read-der.ts';
import { context, element, objectId, octetString, sequence, tags } from '../asn1/write-der.ts';
import { frameToken, mechanismIds, unframeToken } from '../security/gss-framing.ts';

/** The client's first token (RFC 4178 4.2.1). */
export type NegTokenInit = {
  /** Mechanisms in the client's order. */
  readonly mechanisms: readonly string[];
  /** The list as it was sent: what mechListMIC signs. */
  readonly listBytes: Buffer;
  /** First token of the first mechanism. */
  readonly token: Buffer | undefined;
};

/** State of a negotiation as the acceptor tells it (RFC 4178 4.2.2). */
export const negStates = { acceptCompleted: 0, acceptIncomplete: 1, reject: 2, requestMic: 3 } as const;

/** Every later token (RFC 4178 4.2.2). */
export type NegTokenResp = {
  readonly state?: number | undefined;
  readonly mechanism?: string | undefined;
  readonly token?: Buffer | undefined;
  readonly listMic?: Buffer | undefined;
};

/** MechTypeList in DER. */
export function encodeMechanismList(mechanisms: readonly string[]): Buffer {
  return sequence(...mechanisms.map(objectId));
}

/** Writes a NegTokenInit. */
export function encodeNegTokenInit(listBytes: Uint8Array, token: Uint8Array | undefined): Buffer {
  const body = sequence(context(0, listBytes), ...(token ? [context(2, octetString(token))] : []));
  return frameToken(mechanismIds.spnego, context(0, body));
}

/**
 * Reads a NegTokenInit. The hints that Microsoft's NegTokenInit2 (MS-SPNG 2.2.1) has in place of the signature are left out.
 * @throws Failure `protocol-error`
 */
export function decodeNegTokenInit(bytes: Uint8Array): NegTokenInit {
  const { mechanism, inner } = unframeToken(bytes);
  const choice = readElement(inner);
  if (mechanism !== mechanismIds.spnego || choice.tag !== 0xa0) {
    throw new Failure(
      'protocol-error',
      `Expected the begin of a SPNEGO negotiation, got a token of mechanism ${mechanism}.`,
    );
  }
  const fields = readFields(readElement(choice.content), 'a NegTokenInit');
  const list = fields.get(0);
  if (list?.tag !== tags.sequence) throw new Failure('protocol-error', 'Expected a list of mechanisms, got none.');
  const token = fields.get(2);
  return {
    mechanisms: readElements(list.content).map((item) => readObjectId(item, 'a mechanism')),
    listBytes: Buffer.from(list.whole),
    token: token && readOctets(token, "the mechanism's token"),
  };
}

/** Writes a NegTokenResp. */
export function encodeNegTokenResp({ state, mechanism, token, listMic }: NegTokenResp): Buffer {
  return context(
    1,
    sequence(
      ...(state === undefined ? [] : [context(0, element(tags.enumerated, Buffer.from([state])))]),
      ...(mechanism === undefined ? [] : [context(1, objectId(mechanism))]),
      ...(token ? [context(2, octetString(token))] : []),
      ...(listMic ? [context(3, octetString(listMic))] : []),
    ),
  );
}

/** Reads a NegTokenResp. @throws Failure `protocol-error` */
export function decodeNegTokenResp(bytes: Uint8Array): NegTokenResp {
  const choice = readElement(bytes);
  if (choice.tag !== 0xa1) {
    throw new Failure(
      'protocol-error',
      `Expected an answer within SPNEGO (tag 0xa1), got tag 0x${choice.tag.toString(16)}.`,
    );
  }
  const what = 'a NegTokenResp';
  const fields = readFields(readElement(choice.content), what);
  const optional = <T>(number: number, read: (found: DerElement) => T): T | undefined => {
    const found = fields.get(number);
    return found && read(found);
  };
  return {
    state: optional(0, (found) => readInteger(found, 'the state of a negotiation', tags.enumerated)),
    mechanism: optional(1, (found) => readObjectId(found, 'the chosen mechanism')),
    token: optional(2, (found) => readOctets(found, "the mechanism's token")),
    listMic: optional(3, (found) => readOctets(found, 'the signature of the list')),
  };
}
