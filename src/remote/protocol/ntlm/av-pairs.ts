import { Failure } from '../../../kernel/failure.ts';

/** Ids of AV pairs (MS-NLMP 2.2.2.1). */
export const avIds = {
  end: 0,
  netbiosComputer: 1,
  netbiosDomain: 2,
  dnsComputer: 3,
  dnsDomain: 4,
  dnsTree: 5,
  flags: 6,
  timestamp: 7,
  singleHost: 8,
  targetName: 9,
  channelBindings: 10,
} as const;

/** One attribute of the target information. */
export type AvPair = { readonly id: number; readonly value: Uint8Array };

/** An AV pair whose value is UTF-16LE text. */
export function textPair(id: number, text: string): AvPair {
  return { id, value: Buffer.from(text, 'utf16le') };
}

/** Writes pairs in order, with the closing pair. */
export function encodeAvPairs(pairs: readonly AvPair[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const pair of [...pairs, { id: avIds.end, value: new Uint8Array(0) }]) {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(pair.id, 0);
    head.writeUInt16LE(pair.value.length, 2);
    parts.push(head, pair.value);
  }
  return Buffer.concat(parts);
}

/**
 * Reads pairs up to the closing one; bytes after it are ignored.
 * @throws Failure `protocol-error` if a pair is cut off
 */
export function decodeAvPairs(bytes: Uint8Array): AvPair[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const pairs: AvPair[] = [];
  let at = 0;
  while (at + 4 <= data.length) {
    const id = data.readUInt16LE(at);
    const length = data.readUInt16LE(at + 2);
    if (id === avIds.end) return pairs;
    if (at + 4 + length > data.length) break;
    pairs.push({ id, value: data.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  throw new Failure('protocol-error', `NTLM target information of ${data.length} bytes is cut off at byte ${at}.`);
}

/** The flags pair; 0 if there is none or it is malformed. */
export function avFlags(pairs: readonly AvPair[]): number {
  const value = findAvPair(pairs, avIds.flags);
  return value?.length === 4 ? value.readUInt32LE(0) : 0;
}

/** The timestamp pair as FILETIME; undefined if there is none or it is malformed. */
export function avTimestamp(pairs: readonly AvPair[]): bigint | undefined {
  const value = findAvPair(pairs, avIds.timestamp);
  return value?.length === 8 ? value.readBigUInt64LE(0) : undefined;
}

/** The value of the first pair with this id. */
export function findAvPair(pairs: readonly AvPair[], id: number): Buffer | undefined {
  const found = pairs.find((pair) => pair.id === id);
  return found && Buffer.from(found.value);
}
