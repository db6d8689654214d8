import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson, sha256 } from '../kernel/canonical-json.ts';
import type { Plan, Signed } from './plan.ts';

/** An Ed25519 key pair of an installation. */
export type SigningKey = {
  readonly keyId: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** SPKI, PEM. */
  readonly publicKey: string;
};

/** A document whose kind is part of what is signed, so that a signed launch cannot pass for an order. */
type Signable = { readonly kintsugi: string };

/** What verifying a signed document gives. */
export type VerifiedDocument<T> =
  | { readonly ok: true; readonly document: T; readonly keyId: string }
  | { readonly ok: false; readonly reason: 'unknown-key' | 'bad-signature' | 'wrong-kind' };

/** The digest of a plan: SHA-256 (hex) over its canonical JSON (RFC 8785). */
export function planDigest(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

/** The key pair of a private key. @throws Error where the text is no Ed25519 private key in PEM */
export function readSigningKey(privateKeyPem: string): SigningKey {
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`expected an Ed25519 key, got ${key.asymmetricKeyType}`);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { keyId: keyIdOf(publicKey), privateKey: privateKeyPem, publicKey };
}

/** Id of a public key: the first 16 hex digits of the SHA-256 of its SPKI form (DER). @throws Error where the text is no Ed25519 public key */
export function keyIdOf(publicKeyPem: string): string {
  const key = createPublicKey(publicKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`expected an Ed25519 key, got ${key.asymmetricKeyType}`);
  return sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

/** Signs a document: Ed25519 (RFC 8032) over the SHA-256 of its canonical JSON. */
export function signDocument<T extends Signable>(document: T, key: SigningKey): Signed<T> {
  const signature = sign(null, digestBytes(document), key.privateKey).toString('base64');
  return { document, keyId: key.keyId, signature };
}

/**
 * Verifies a signed document of the kind `kind` (as `launch/v1`) against the trusted public keys (PEM).
 * `signed` may be anything that came out of a store; nothing is thrown.
 */
export function verifyDocument<T extends Signable>(
  signed: Signed<T>,
  trustedPublicKeys: readonly string[],
  kind: T['kintsugi'],
): VerifiedDocument<T> {
  const key = trustedPublicKeys.find((each) => keyIdOf(each) === signed?.keyId);
  if (key === undefined) return { ok: false, reason: 'unknown-key' };
  try {
    const signature = Buffer.from(signed.signature, 'base64');
    if (!verify(null, digestBytes(signed.document), key, signature)) return { ok: false, reason: 'bad-signature' };
  } catch {
    return { ok: false, reason: 'bad-signature' };
  }
  if (signed.document.kintsugi !== kind) return { ok: false, reason: 'wrong-kind' };
  return { ok: true, document: signed.document, keyId: signed.keyId };
}

function digestBytes(document: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(document)).digest();
}
