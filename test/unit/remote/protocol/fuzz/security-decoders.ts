import { readElements } from '../../../../../src/remote/protocol/asn1/read-der.ts';
import {
  decodeApRep,
  decodeApRepSecret,
  decodeApReq,
  decodeKrbError,
  encodeApRep,
  encodeApRepSecret,
  encodeApReq,
  encodeKrbError,
} from '../../../../../src/remote/protocol/kerberos/ap-messages.ts';
import {
  decodeAuthenticator,
  decodeGssChecksum,
  encodeAuthenticator,
  encodeGssChecksum,
  gssChecksumType,
} from '../../../../../src/remote/protocol/kerberos/authenticator.ts';
import { readCredentialCache } from '../../../../../src/remote/protocol/kerberos/credential-cache.ts';
import { KerberosAcceptor } from '../../../../../src/remote/protocol/kerberos/kerberos-acceptor.ts';
import { KerberosClient } from '../../../../../src/remote/protocol/kerberos/kerberos-client.ts';
import { readKeytab } from '../../../../../src/remote/protocol/kerberos/keytab.ts';
import {
  frameKerberos,
  mechanismIds,
  tokenKinds,
  unframeKerberos,
  unframeToken,
} from '../../../../../src/remote/protocol/security/gss-framing.ts';
import {
  decodeNegTokenInit,
  decodeNegTokenResp,
  encodeMechanismList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  negStates,
} from '../../../../../src/remote/protocol/spnego/negotiation-tokens.ts';
import { readFixture, services } from '../kerberos/fixtures.ts';
import type { Decoder } from './decoder.ts';

const token = Buffer.from('a token of a mechanism');
const init = encodeNegTokenInit(encodeMechanismList([mechanismIds.kerberos, mechanismIds.ntlm]), token);
const resp = encodeNegTokenResp({
  state: negStates.acceptIncomplete,
  mechanism: mechanismIds.ntlm,
  token,
  listMic: Buffer.alloc(16),
});

const cache = readFixture('cache-v4');
const keytab = readFixture('services.keytab');
const [[service]] = services;
const { client, credentials } = readCredentialCache(cache);
const credential = credentials.find(({ server }) => server.components.join('/') === service)!;
const nowMs = credential.startsAtMs + 60_000;
const randomBytes = (length: number): Buffer => Buffer.alloc(length, 5);
const keys = readKeytab(keytab);
/** A login up to its first token. */
const started = (): { client: KerberosClient; token: Uint8Array } => {
  const half = new KerberosClient({ ...credential, clockOffsetMs: 0 }, { nowMs, randomBytes });
  return { client: half, token: half.start().token! };
};
const acceptor = (): KerberosAcceptor => new KerberosAcceptor({ keys, nowMs, randomBytes });
const first = started().token;
const answer = acceptor().step(Buffer.from(first));
const second = answer.kind === 'accepted' && answer.token !== undefined ? [answer.token] : [];
const apRep = encodeApRep(18, Buffer.alloc(60, 1));

/** Decoders of SPNEGO and Kerberos. */
export const securityDecoders: readonly Decoder[] = [
  { name: 'DER', kind: 'bytes', seeds: [init, resp], decode: readElements },
  { name: 'the begin of a SPNEGO negotiation', kind: 'bytes', seeds: [init], decode: decodeNegTokenInit },
  { name: 'an answer in a SPNEGO negotiation', kind: 'bytes', seeds: [resp], decode: decodeNegTokenResp },
  { name: 'GSS tokens', kind: 'bytes', seeds: [init, first], decode: unframeToken },
  {
    name: 'Kerberos in GSS tokens',
    kind: 'bytes',
    seeds: [frameKerberos(tokenKinds.apRep, apRep)],
    decode: unframeKerberos,
  },
  { name: 'credential caches', kind: 'bytes', seeds: [cache, readFixture('cache-v3')], decode: readCredentialCache },
  { name: 'keytabs', kind: 'bytes', seeds: [keytab], decode: readKeytab },
  {
    name: 'AP-REQ',
    kind: 'bytes',
    seeds: [encodeApReq(credential.ticket, { enctype: 18, cipherText: Buffer.alloc(60) })],
    decode: decodeApReq,
  },
  { name: 'AP-REP', kind: 'bytes', seeds: [apRep], decode: decodeApRep },
  {
    name: 'the secret part of AP-REP',
    kind: 'bytes',
    seeds: [encodeApRepSecret({ timeMs: nowMs, microseconds: 5, subkey: credential.key, sequence: 7 })],
    decode: decodeApRepSecret,
  },
  {
    name: 'KRB-ERROR',
    kind: 'bytes',
    seeds: [encodeKrbError({ code: 37, serverTimeMs: nowMs, text: 'skew' }, credential.server)],
    decode: decodeKrbError,
  },
  {
    name: 'authenticators',
    kind: 'bytes',
    seeds: [
      encodeAuthenticator({
        client,
        timeMs: nowMs,
        microseconds: 5,
        subkey: credential.key,
        sequence: 7,
        checksum: { type: gssChecksumType, bytes: encodeGssChecksum(2, undefined) },
      }),
    ],
    decode: decodeAuthenticator,
  },
  {
    name: 'GSS checksums',
    kind: 'bytes',
    seeds: [encodeGssChecksum(2, Buffer.alloc(16))],
    decode: (bytes) => decodeGssChecksum({ type: gssChecksumType, bytes: Buffer.from(bytes) }),
  },
  {
    name: "the acceptor's half of a Kerberos login",
    kind: 'bytes',
    seeds: [first],
    decode: (bytes) => acceptor().step(Buffer.from(bytes)),
  },
  {
    name: "the client's half of a Kerberos login",
    kind: 'bytes',
    seeds: second,
    decode: (bytes) => started().client.proceed(Buffer.from(bytes)),
  },
];
