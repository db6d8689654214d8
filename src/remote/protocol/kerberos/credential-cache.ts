import { Failure } from '../../../kernel/failure.ts';
import { ByteReader } from './byte-reader.ts';
import type { KerberosKey } from './enctypes.ts';
import type { Principal } from './principal.ts';

/** A ticket with its session key. Times in ms since 1970-01-01 UTC. */
export type Credential = {
  readonly client: Principal;
  readonly server: Principal;
  readonly key: KerberosKey;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** The Ticket as it goes into an AP-REQ. */
  readonly ticket: Buffer;
};

/** A credential cache. */
export type CredentialCache = {
  readonly client: Principal;
  /** How far the KDC's clock was ahead of ours when the tickets were taken, milliseconds. */
  readonly clockOffsetMs: number;
  readonly credentials: readonly Credential[];
};

const what = 'a Kerberos credential cache';

/**
 * Reads a credential cache of type FILE, version 3 or 4 (MIT: "Credential cache file format").
 * Entries by which libraries keep settings are left out.
 * @throws Failure `protocol-error` if it is none, of another version, or damaged
 */
export function readCredentialCache(bytes: Uint8Array): CredentialCache {
  const { client, clockOffsetMs, entries } = readEntries(bytes);
  return { client, clockOffsetMs, credentials: entries.map(({ credential }) => credential) };
}

/** A cache without some of its tickets: whoever needs one of these must take it anew. @throws Failure as `readCredentialCache` */
export function withoutCredentials(bytes: Uint8Array, isUnwanted: (credential: Credential) => boolean): Buffer {
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const { credential, from, to } of readEntries(bytes).entries) {
    if (!isUnwanted(credential)) continue;
    kept.push(bytes.subarray(at, from));
    at = to;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
}

/** A ticket, and where it stands in the file. */
type Entry = { readonly credential: Credential; readonly from: number; readonly to: number };

function readEntries(bytes: Uint8Array): Omit<CredentialCache, 'credentials'> & { readonly entries: readonly Entry[] } {
  const reader = new ByteReader(bytes, what);
  const version = reader.u16();
  if (version !== 0x0503 && version !== 0x0504) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} of version 3 or 4, got a file that begins with 0x${version.toString(16)}.`,
    );
  }
  const clockOffsetMs = version === 0x0504 ? readHeader(new ByteReader(reader.take(reader.u16()), what)) : 0;
  const client = readPrincipal(reader);
  const entries: Entry[] = [];
  while (reader.left > 0) {
    const from = bytes.length - reader.left;
    const credential = readCredential(reader, version);
    const to = bytes.length - reader.left;
    if (credential.server.realm !== 'X-CACHECONF:') entries.push({ credential, from, to });
  }
  return { client, clockOffsetMs, entries };
}

function readHeader(header: ByteReader): number {
  let offsetMs = 0;
  while (header.left > 0) {
    const tag = header.u16();
    const field = new ByteReader(header.take(header.u16()), what);
    if (tag === 1) offsetMs = field.i32() * 1000 + Math.round(field.i32() / 1000);
  }
  return offsetMs;
}

function readCredential(reader: ByteReader, version: number): Credential {
  const client = readPrincipal(reader);
  const server = readPrincipal(reader);
  const enctype = reader.u16();
  // Version 3 writes the encryption type twice.
  if (version === 0x0503) reader.u16();
  const key = { enctype, bytes: Buffer.from(reader.take(reader.u32())) };
  const [authenticated, starts, ends] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()] as const;
  reader.take(1 + 4);
  const skipCounted = () => {
    reader.u16();
    reader.take(reader.u32());
  };
  reader.repeat(reader.u32(), skipCounted);
  reader.repeat(reader.u32(), skipCounted);
  const ticket = Buffer.from(reader.take(reader.u32()));
  reader.take(reader.u32());
  return { client, server, key, startsAtMs: (starts || authenticated) * 1000, endsAtMs: ends * 1000, ticket };
}

function readPrincipal(reader: ByteReader): Principal {
  const nameType = reader.u32();
  const count = reader.u32();
  const text = () => reader.take(reader.u32()).toString('utf8');
  const realm = text();
  return { nameType, realm, components: reader.repeat(count, text) };
}
