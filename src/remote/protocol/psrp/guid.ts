/** GUIDs as .NET lays them out: the first three fields little-endian (MS-DTYP 2.3.4.2). */

/** A GUID in lower case with hyphens. */
export type Guid = string;

/** The GUID of nothing: sixteen zero bytes. */
export const emptyGuid: Guid = '00000000-0000-0000-0000-000000000000';

// Where each of the sixteen bytes stands in the text's hexadecimal digits.
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
// Which of the sixteen bytes the text shows, in its five groups.
const groups = [order.slice(0, 4), order.slice(4, 6), order.slice(6, 8), order.slice(8, 10), order.slice(10)] as const;

/** Reads sixteen bytes. */
export function readGuid(bytes: Uint8Array, offset: number): Guid {
  let text = '';
  for (const group of groups) {
    if (text !== '') text += '-';
    for (const index of group) text += hexOfByte[bytes[offset + index] ?? 0];
  }
  return text;
}

/**
 * Makes a reader of GUIDs for messages of one sender: their ids repeat, and where the bytes are those read last at this offset, the text is
 * the same string again.
 */
export function rememberGuids(): typeof readGuid {
  const last = new Map<number, { readonly bytes: Uint8Array; readonly text: Guid }>();
  return (bytes, offset) => {
    const known = last.get(offset);
    if (known !== undefined && isSame(known.bytes, bytes, offset)) return known.text;
    const text = readGuid(bytes, offset);
    last.set(offset, { bytes: bytes.slice(offset, offset + 16), text });
    return text;
  };
}

function isSame(guid: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  for (let index = 0; index < 16; index++) if (guid[index] !== bytes[offset + index]) return false;
  return true;
}

/** The value of the hexadecimal digit at a place. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  // `0` to `9` by their last bits, letters of either case by theirs.
  return code <= 0x39 ? code & 15 : (code & 7) + 9;
}

/** Writes sixteen bytes; the text may be in either case. */
export function writeGuid(guid: Guid, bytes: Uint8Array, offset: number): void {
  let at = 0;
  for (const group of groups) {
    for (const index of group) {
      bytes[offset + index] = (digitAt(guid, at) << 4) | digitAt(guid, at + 1);
      at += 2;
    }
    at++;
  }
}
