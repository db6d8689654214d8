import { Failure } from '../../../kernel/failure.ts';
import { ByteReader } from './byte-reader.ts';
import type { KerberosKey } from './enctypes.ts';
import type { Principal } from './principal.ts';

/** A service's key. */
export type KeytabEntry = { readonly principal: Principal; readonly version: number; readonly key: KerberosKey };

const what = 'a Kerberos keytab';

/** Reads a keytab of version 2 (MIT: "Keytab file format"). @throws Failure `protocol-error` if it is none or damaged */
export function readKeytab(bytes: Uint8Array): KeytabEntry[] {
  const reader = new ByteReader(bytes, what);
  const version = reader.u16();
  if (version !== 0x0502) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} of version 2, got a file that begins with 0x${version.toString(16)}.`,
    );
  }
  const entries: KeytabEntry[] = [];
  while (reader.left >= 4) {
    const size = reader.i32();
    // A deleted entry leaves a hole of that size.
    if (size < 0) reader.take(-size);
    else if (size > 0) entries.push(readEntry(new ByteReader(reader.take(size), what)));
    else break;
  }
  return entries;
}

function readEntry(reader: ByteReader): KeytabEntry {
  const count = reader.u16();
  const text = () => reader.take(reader.u16()).toString('utf8');
  const realm = text();
  const components = reader.repeat(count, text);
  const nameType = reader.u32();
  reader.u32();
  const shortVersion = reader.u8();
  const enctype = reader.u16();
  const bytes = Buffer.from(reader.take(reader.u16()));
  const longVersion = reader.left >= 4 ? reader.u32() : 0;
  return { principal: { nameType, components, realm }, version: longVersion || shortVersion, key: { enctype, bytes } };
}
