import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import { keyIdOf, readSigningKey, type SigningKey } from '../planning/signature.ts';

const privateName = 'installation.key';
const publicName = 'installation.pub';

/**
 * The installation's Ed25519 key; made on first use, its file readable by the owner alone (0600 in a folder of 0700).
 * Safe against two processes that begin at the same time: the first file wins.
 * @throws Failure `key-unusable` where the file is no key or others can read it
 */
export function openInstallationKey(keyFolder: string): SigningKey {
  mkdirSync(keyFolder, { recursive: true, mode: 0o700 });
  const file = join(keyFolder, privateName);
  if (!existsSync(file)) makeKey(keyFolder, file);
  const publicFile = join(keyFolder, publicName);
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Failure(
      'key-unusable',
      `the installation key ${file} can be read by others; expected mode 0600. Run: chmod 600 ${file}`,
    );
  }
  try {
    const key = readSigningKey(readFileSync(file, 'utf8'));
    if (!existsSync(publicFile)) writeFileSync(publicFile, key.publicKey, { mode: 0o644 });
    return key;
  } catch (error) {
    throw new Failure(
      'key-unusable',
      `expected an Ed25519 private key in ${file}; move the file away and a new one is made`,
      { cause: error },
    );
  }
}

/** The installation's key where this machine holds it, else null; none is made. @throws Failure `key-unusable` as `openInstallationKey` */
export function existingInstallationKey(keyFolder: string): SigningKey | null {
  return existsSync(join(keyFolder, privateName)) ? openInstallationKey(keyFolder) : null;
}

/**
 * The public keys (PEM) that a worker trusts: the installation's own and every other `*.pub` in the key folder.
 * @throws Failure `key-unusable` where a file is no public key
 */
export function readTrustedKeys(keyFolder: string): readonly string[] {
  if (!existsSync(keyFolder)) return [];
  return readdirSync(keyFolder)
    .filter((name) => name.endsWith('.pub'))
    .toSorted()
    .map((name) => {
      const text = readFileSync(join(keyFolder, name), 'utf8');
      try {
        keyIdOf(text);
        return text;
      } catch (error) {
        throw new Failure('key-unusable', `expected an Ed25519 public key (PEM) in ${join(keyFolder, name)}`, {
          cause: error,
        });
      }
    });
}

function makeKey(keyFolder: string, file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = join(keyFolder, `.${privateName}.${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  chmodSync(draft, 0o600);
  try {
    // A link appears whole or not at all and never replaces a key that another process made meanwhile.
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
