import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openInstallationKey, readTrustedKeys } from '../../../src/operations/installation-key.ts';
import { signDocument, verifyDocument } from '../../../src/planning/signature.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kintsugi-keys-')), 'keys');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('the key is made on first use, kept, and readable by its owner alone', () => {
  const key = openInstallationKey(folder);
  expect(openInstallationKey(folder)).toEqual(key);
  expect(statSync(join(folder, 'installation.key')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).toSorted()).toEqual(['installation.key', 'installation.pub']);
  expect(readFileSync(join(folder, 'installation.pub'), 'utf8')).not.toContain('PRIVATE');
});

test('workers trust the installation and every further public key in the folder', () => {
  const key = openInstallationKey(folder);
  const other = openInstallationKey(join(folder, 'other'));
  expect(readTrustedKeys(folder)).toEqual([key.publicKey]);
  writeFileSync(join(folder, 'second.pub'), other.publicKey);
  const signed = signDocument({ kintsugi: 'test/v1' }, other);
  expect(verifyDocument(signed, readTrustedKeys(folder), 'test/v1').ok).toBe(true);
});

test('a lost public key is written again', () => {
  const key = openInstallationKey(folder);
  unlinkSync(join(folder, 'installation.pub'));
  openInstallationKey(folder);
  expect(readTrustedKeys(folder)).toEqual([key.publicKey]);
});

test('a key that others can read, and a file that is no key, are refused', () => {
  openInstallationKey(folder);
  chmodSync(join(folder, 'installation.key'), 0o644);
  expect(() => openInstallationKey(folder)).toThrow('chmod 600');
  chmodSync(join(folder, 'installation.key'), 0o600);
  writeFileSync(join(folder, 'installation.key'), 'no key');
  expect(() => openInstallationKey(folder)).toThrow('expected an Ed25519 private key');
  writeFileSync(join(folder, 'x.pub'), 'no key');
  expect(() => readTrustedKeys(folder)).toThrow('expected an Ed25519 public key');
});

test('a folder that does not exist holds no trusted keys', () =>
  expect(readTrustedKeys(join(folder, 'none'))).toEqual([]));
