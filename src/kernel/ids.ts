/** Letters of ids: no vowels and no look-alikes, so that no word and no misreading arises. */
const letters = '23456789bcdfghjkmnpqrstvwxz';

/** A run's id, for instance `20261121-0138-k7xq2m`: UTC minute of the launch, then 6 random letters. `random` gives at least 6 bytes. */
export function newRunId(nowMs: number, random: Uint8Array): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}-${randomLetters(random, 6)}`;
}

/** `length` letters out of random bytes (one byte each). */
export function randomLetters(random: Uint8Array, length: number): string {
  if (random.length < length) throw new RangeError(`expected ${length} random bytes, got ${random.length}`);
  return Array.from(random.subarray(0, length), (byte) => letters[byte % letters.length]).join('');
}

/** `windows-update` → `windowsUpdate`: the name by which an id is reachable in conditions. */
export function camelCase(id: string): string {
  return id.replace(/[^A-Za-z0-9]+([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
}
