/** The n-fold of RFC 3961 5.1: stretches or shrinks `input` to `bytes` so that every bit of it counts. */
export function nFold(input: Uint8Array, bytes: number): Buffer {
  const size = input.length;
  const total = leastCommonMultiple(size, bytes);
  const out = Buffer.alloc(bytes);
  let carry = 0;
  // The copies of the input, each turned right by 13 bits more, are added in ones' complement, last byte first.
  for (let n = total - 1; n >= 0; n--) {
    const sum = carry + out[n % bytes]! + turnedByte(input, n);
    out[n % bytes] = sum & 0xff;
    carry = sum >>> 8;
  }
  for (let n = bytes - 1; carry !== 0 && n >= 0; n--) {
    const sum = carry + out[n]!;
    out[n] = sum & 0xff;
    carry = sum >>> 8;
  }
  return out;
}

/** Byte `n` of the endless row of copies. */
function turnedByte(input: Uint8Array, n: number): number {
  const size = input.length;
  const bits = size * 8;
  const copy = Math.floor(n / size);
  const firstBit = (((n % size) * 8 - 13 * copy) % bits) + bits;
  const at = Math.floor((firstBit % bits) / 8);
  const shift = firstBit % 8;
  const pair = (input[at]! << 8) | input[(at + 1) % size]!;
  return (pair >>> (8 - shift)) & 0xff;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
