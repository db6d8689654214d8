/** GUIDs as .NET lays them out: the first three fields little-endian (MS-DTYP 2.3.4.2). */

/** A GUID in lower case with hyphens. */
export type Guid = string;

/** The GUID of nothing: sixteen zero bytes. */
export const emptyGuid: Guid = '00000000-0000-0000-0000-000000000000';

// Where each of the sixteen bytes stands in the text's hexadecimal digits.
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** Reads sixteen bytes. */
export function readGuid(bytes: Uint8Array, offset: number): Guid {
  const hex = order.map((index) => (bytes[offset + index] ?? 0).toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Writes sixteen bytes; the text may be in either case. */
export function writeGuid(guid: Guid, bytes: Uint8Array, offset: number): void {
  const hex = guid.replaceAll('-', '');
  for (const [index, from] of order.entries())
    bytes[offset + from] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
}
