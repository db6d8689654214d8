import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { context, element, integer, objectId, octetString, sequence } from '../../remote/protocol/asn1/write-der.ts';

/** Key and certificate in PEM. */
export type KeyedCertificate = { readonly key: string; readonly cert: string };

/** Who signs: its name and private key. */
export type Issuer = KeyedCertificate & { readonly name: string; readonly privateKey: KeyObject };

/** What a certificate is made of. `issuer` absent: it signs itself. */
type Wanted = {
  readonly name: string;
  readonly isAuthority?: boolean;
  readonly issuer?: Issuer;
  /** From when and until when it holds, in days from now. */
  readonly days?: readonly [from: number, until: number];
};

const dayMs = 86_400_000;
const localAddress = Buffer.from([127, 0, 0, 1]);

const nameOf = (text: string): Buffer =>
  sequence(element(0x31, sequence(objectId('2.5.4.3'), element(0x0c, Buffer.from(text)))));

/** A UTCTime (X.690 11.8). */
const time = (days: number): Buffer => {
  const text = new Date(Date.now() + days * dayMs).toISOString().replace(/[-:T]/gu, '').slice(2, 14);
  return element(0x17, Buffer.from(`${text}Z`));
};

const extension = (id: string, ...content: readonly Buffer[]): Buffer =>
  sequence(objectId(id), octetString(Buffer.concat(content)));

/**
 * Makes a key (P-256) and its certificate (RFC 5280), which names its own name and 127.0.0.1. Kept small: what TLS clients look at.
 */
export const issueCertificate = ({ name, isAuthority = false, issuer, days = [-1, 30] }: Wanted): Issuer => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
  const alternatives = sequence(element(0x82, Buffer.from(name)), element(0x87, localAddress));
  const constraints = isAuthority ? sequence(element(0x01, Buffer.from([0xff]))) : sequence();
  const body = sequence(
    context(0, integer(2)),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? name),
    sequence(time(days[0]), time(days[1])),
    nameOf(name),
    publicKey.export({ format: 'der', type: 'spki' }),
    context(3, sequence(extension('2.5.29.17', alternatives), extension('2.5.29.19', constraints))),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  const der = sequence(body, ecdsaWithSha256, element(0x03, Buffer.from([0]), signature));
  const lines = (der.toString('base64').match(/.{1,64}/gu) ?? []).join('\n');
  return {
    name,
    privateKey,
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
};
