/** Tags of the universal types in use (X.680 8.6). */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  generalizedTime: 0x18,
  generalString: 0x1b,
} as const;

/** One element with its tag and length (X.690 8.1, the shortest form of the length). */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(length)]), ...contents]);
}

/** A SEQUENCE of ready elements. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => element(tags.sequence, ...items);

/** An explicit context tag `[n]`. */
export const context = (number: number, ...items: readonly Uint8Array[]): Buffer => element(0xa0 | number, ...items);

/** An explicit application tag, `[APPLICATION n]`. */
export const application = (number: number, ...items: readonly Uint8Array[]): Buffer =>
  element(0x60 | number, ...items);

/** An OCTET STRING. */
export const octetString = (bytes: Uint8Array): Buffer => element(tags.octetString, bytes);

/** An INTEGER; any safe integer. */
export function integer(value: number): Buffer {
  const bytes = [value & 0xff];
  let rest = Math.floor(value / 256);
  // Two's complement, until the rest is but the sign of what is written.
  while (!(rest === 0 && (bytes[0]! & 0x80) === 0) && !(rest === -1 && (bytes[0]! & 0x80) !== 0)) {
    bytes.unshift(rest & 0xff);
    rest = Math.floor(rest / 256);
  }
  return element(tags.integer, Buffer.from(bytes));
}

/** An OBJECT IDENTIFIER in dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return element(tags.objectId, Buffer.from(bytes));
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}
