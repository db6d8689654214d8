import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * One text for one value: JSON with sorted keys and shortest numbers (RFC 8785).
 * @throws TypeError for what JSON cannot hold (undefined at the top, NaN, Infinity, functions, cycles)
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('expected a JSON value, got undefined or a function');
  return text;
}

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 lower-case hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 (hex) over the canonical JSON of a value; independent of key order. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
