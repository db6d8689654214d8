import { Failure } from '../../../kernel/failure.ts';
import { tags } from './write-der.ts';

/** An element as it was read. */
export type DerElement = {
  readonly tag: number;
  readonly content: Buffer;
  /** The element with its tag and length. */
  readonly whole: Buffer;
};

/**
 * Reads the element at `at`; bytes behind it are left alone.
 * @throws Failure `protocol-error` if it is cut off or has a form that DER does not allow (X.690 10.1)
 */
export function readElement(bytes: Uint8Array, at = 0): DerElement {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const tag = data[at];
  const first = data[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed(at, data.length);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4 || at + 2 + lengthBytes > data.length) throw malformed(at, data.length);
  const start = at + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : data.readUIntBE(at + 2, lengthBytes);
  if (start + length > data.length) throw malformed(at, data.length);
  return { tag, content: data.subarray(start, start + length), whole: data.subarray(at, start + length) };
}

/** Reads elements one after another to the end of the bytes. @throws Failure `protocol-error` */
export function readElements(bytes: Uint8Array): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = readElement(bytes, at);
    found.push(next);
    at += next.whole.length;
  }
  return found;
}

/**
 * The element at the beginning, which must have this tag.
 * @param what name for the message
 * @throws Failure `protocol-error`
 */
export function expectElement(bytes: Uint8Array, tag: number, what: string): DerElement {
  const found = readElement(bytes);
  if (found.tag !== tag) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} (tag ${hexOf(tag)}), got an element with tag ${hexOf(found.tag)}.`,
    );
  }
  return found;
}

/** Members of a SEQUENCE by their explicit context tags: `[n]` → what it holds. @throws Failure `protocol-error` */
export function readFields(sequence: DerElement, what: string): ReadonlyMap<number, DerElement> {
  if (sequence.tag !== tags.sequence) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} as a sequence, got an element with tag ${hexOf(sequence.tag)}.`,
    );
  }
  const fields = new Map<number, DerElement>();
  for (const member of readElements(sequence.content)) {
    if ((member.tag & 0xe0) === 0xa0) fields.set(member.tag & 0x1f, readElement(member.content));
  }
  return fields;
}

/** A member that must be there. @throws Failure `protocol-error` */
export function requireField(fields: ReadonlyMap<number, DerElement>, number: number, what: string): DerElement {
  const found = fields.get(number);
  if (!found) throw new Failure('protocol-error', `Expected ${what} to have a member [${number}]; there is none.`);
  return found;
}

/** The value of an INTEGER, or of another type with its form, of at most six bytes. @throws Failure `protocol-error` */
export function readInteger(found: DerElement, what: string, wanted: number = tags.integer): number {
  const { tag, content } = found;
  if (tag !== wanted || content.length === 0 || content.length > 6) {
    throw new Failure(
      'protocol-error',
      `Expected ${what} as a small integer, got tag ${hexOf(tag)} with ${content.length} bytes.`,
    );
  }
  return content.readIntBE(0, content.length);
}

/** The bytes of an OCTET STRING. @throws Failure `protocol-error` */
export function readOctets(found: DerElement, what: string): Buffer {
  if (found.tag !== tags.octetString) {
    throw new Failure('protocol-error', `Expected ${what} as an octet string, got tag ${hexOf(found.tag)}.`);
  }
  return found.content;
}

/** An OBJECT IDENTIFIER in dotted form. @throws Failure `protocol-error` */
export function readObjectId(found: DerElement, what: string): string {
  const { tag, content } = found;
  if (tag !== tags.objectId || content.length === 0 || (content[content.length - 1]! & 0x80) !== 0) {
    throw new Failure('protocol-error', `Expected ${what} as an object identifier, got tag ${hexOf(tag)}.`);
  }
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new Failure('protocol-error', `Expected ${what} with small arcs.`);
    if ((byte & 0x80) === 0) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [head = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(head / 40), 2);
  return [root, head - root * 40, ...rest].join('.');
}

function hexOf(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}

function malformed(at: number, length: number): Failure {
  return new Failure('protocol-error', `A DER element at byte ${at} of ${length} is cut off or malformed.`);
}
