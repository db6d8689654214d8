import { constants, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** How a certificate is signed. */
export type Signing = { readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'; readonly kind: 'rsa' | 'pss' | 'ec' };

const hashIds = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
const rsaIds = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
const ecIds = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

/** A fresh key and a self-signed certificate for `pc1.lab.test`, valid for two days: PEM, and the certificate's DER bytes. */
export function makeCertificate(signing: Signing = { hash: 'sha256', kind: 'ec' }): {
  key: string;
  cert: string;
  der: Buffer;
} {
  const { publicKey, privateKey } =
    signing.kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = sequence(element(0x31, sequence(objectId('2.5.4.3'), element(0x0c, Buffer.from('pc1.lab.test')))));
  const algorithm = algorithmOf(signing);
  const alternative = element(0x04, sequence(element(0x82, Buffer.from('pc1.lab.test'))));
  const authority = element(0x04, sequence(element(0x01, Buffer.from([0xff]))));
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(-1), time(2)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    element(0xa3, sequence(sequence(objectId('2.5.29.17'), alternative), sequence(objectId('2.5.29.19'), authority))),
  );
  const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const signature = sign(signing.hash, body, signing.kind === 'pss' ? pss : privateKey);
  const der = sequence(body, algorithm, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der
    .toString('base64')
    .match(/.{1,64}/gu)
    ?.join('\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    der,
  };
}

function algorithmOf({ hash, kind }: Signing): Buffer {
  if (kind === 'ec') return sequence(objectId(ecIds[hash]));
  if (kind === 'rsa') return sequence(objectId(rsaIds[hash]), nothing);
  const hashAlgorithm = sequence(objectId(hashIds[hash]), nothing);
  const parameters = sequence(
    element(0xa0, hashAlgorithm),
    element(0xa1, sequence(objectId('1.2.840.113549.1.1.8'), hashAlgorithm)),
    element(0xa2, integer(Buffer.from([32]))),
  );
  return sequence(objectId('1.2.840.113549.1.1.10'), parameters);
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => element(0x02, bytes);
const nothing = element(0x05, Buffer.alloc(0));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return element(0x06, Buffer.from(bytes));
}

function time(days: number): Buffer {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/gu, '').slice(2, 14);
  return element(0x17, Buffer.from(`${text}Z`));
}
