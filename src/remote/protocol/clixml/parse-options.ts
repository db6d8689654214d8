import type { KnownNames } from './known-names.ts';
import type { SecureText } from './secure-text.ts';
import type { PsValue } from './values.ts';

/** One value at the top of a CLIXML document and the stream it names (`Error`, `Verbose`, …), if any. */
export type ClixmlEntry = { readonly stream: string | null; readonly value: PsValue };

/** How to read. */
export type ParseOptions = {
  /** Opens a secure string; undefined (or no such function) leaves it encrypted. */
  readonly decrypt?: (encrypted: string) => SecureText | undefined;
  /** Names kept from one text of a sender to the next, for speed. */
  readonly names?: KnownNames;
};
