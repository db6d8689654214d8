import { readFileSync } from 'node:fs';

/**
 * Two credential caches and a keytab that MIT Kerberos 1.20 wrote in a realm of `helpers/mit-realm.ts`, which is no more: tickets of `op` for
 * one service of each encryption type.
 */
export function readFixture(name: 'cache-v3' | 'cache-v4' | 'services.keytab'): Buffer {
  return readFileSync(new URL(`../../../../fixtures/kerberos/${name}`, import.meta.url));
}

/** The services, with the encryption types of their tickets. */
export const services = [
  ['HTTP/sha1-256.lab.test', 18],
  ['HTTP/sha1-128.lab.test', 17],
  ['HTTP/sha2-384.lab.test', 20],
  ['HTTP/sha2-256.lab.test', 19],
] as const;
