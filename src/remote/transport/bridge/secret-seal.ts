import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';

/** The head of every text that ConvertFrom-SecureString makes with a key; the same in all versions. */
const head = '76492d1116743f0423413b16050a5345';

/**
 * Seals secrets on their way into one PowerShell process, with a key that only this process and that one know. What is sealed stands in no
 * command line, and a log of script blocks or a transcript shows it only as it is sealed.
 */
export class SecretSeal {
  readonly #key = randomBytes(32);
  /** Whether anything was sealed, so that the other side needs the key. */
  #used = false;

  get used(): boolean {
    return this.#used;
  }

  /** A text as `ConvertTo-SecureString -Key` takes it: AES-256-CBC of its UTF-16LE, in the form of ConvertFrom-SecureString. */
  seal(clear: string): string {
    this.#used = true;
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', this.#key, iv);
    const sealed = Buffer.concat([cipher.update(Buffer.from(clear, 'utf16le')), cipher.final()]).toString('hex');
    return head + Buffer.from(`2|${iv.toString('base64')}|${sealed}`, 'utf16le').toString('base64');
  }

  /** The key for the owner of an RSA key, encrypted with OAEP and SHA-1 (what .NET's RSACryptoServiceProvider opens everywhere). */
  keyFor(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
    const n = Buffer.from(modulus).toString('base64url');
    const e = Buffer.from(exponent).toString('base64url');
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, this.#key);
  }
}
