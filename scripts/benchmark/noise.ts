import { createHash } from 'node:crypto';

/** Bytes that do not pack, the same in every run. */
export function noise(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at += 32) createHash('sha256').update(String(at)).digest().copy(bytes, at);
  return bytes;
}
