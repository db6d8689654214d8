import { Failure } from '../../../kernel/failure.ts';

/** Reads big-endian numbers and counted bytes one after another. @throws Failure `protocol-error` at the end of the bytes */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  /** @param what name of the file's form, for messages */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#what = what;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16BE();
  }

  u32(): number {
    return this.take(4).readUInt32BE();
  }

  i32(): number {
    return this.take(4).readInt32BE();
  }

  /** The next `length` bytes. */
  take(length: number): Buffer {
    if (length > this.left) {
      throw new Failure(
        'protocol-error',
        `Expected ${length} more bytes of ${this.#what}, got ${this.left}: it is cut off or damaged.`,
      );
    }
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** What is said `count` times; refused before anything is kept if it cannot fit. */
  repeat<T>(count: number, read: () => T): T[] {
    if (count > this.left) throw new Failure('protocol-error', `${count} entries do not fit into ${this.#what}.`);
    return Array.from({ length: count }, read);
  }
}
