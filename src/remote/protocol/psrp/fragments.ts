import { Failure } from '../../../kernel/failure.ts';

/** Bytes of a fragment's header (MS-PSRP 2.2.4). */
export const fragmentHeaderBytes = 21;

/** A fragment of a message. */
export type Fragment = {
  readonly objectId: bigint;
  readonly fragmentId: bigint;
  readonly start: boolean;
  readonly end: boolean;
  readonly blob: Uint8Array;
};

/** Writes a fragment. */
export function encodeFragment(fragment: Fragment): Uint8Array {
  const bytes = new Uint8Array(fragmentHeaderBytes + fragment.blob.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, fragment.objectId);
  view.setBigUint64(8, fragment.fragmentId);
  view.setUint8(16, (fragment.start ? 1 : 0) | (fragment.end ? 2 : 0));
  view.setUint32(17, fragment.blob.length);
  bytes.set(fragment.blob, fragmentHeaderBytes);
  return bytes;
}

/** A message put together again. */
export type Reassembled = { readonly objectId: bigint; readonly bytes: Uint8Array };

/**
 * Puts the messages of one target together from its bytes, however they are cut: several fragments at once, half a header, one byte.
 * Work is linear in the bytes received, and memory is taken only for bytes that came.
 */
export class Reassembler {
  readonly #maxMessageBytes: number;
  readonly #header = new Uint8Array(fragmentHeaderBytes);
  #headerFilled = 0;
  /** Bytes of the current fragment's blob that are still to come. */
  #blobLeft = 0;
  #parts: Uint8Array[] = [];
  #messageBytes = 0;
  #open: { objectId: bigint; nextFragmentId: bigint } | null = null;
  #lastObjectId = 0n;
  /** What the next object must be called if nothing was lost before it; null if that is not in doubt. */
  #mustFollow: (() => bigint) | null = null;

  /** @param maxMessageBytes a larger message is refused; no limit by default */
  constructor(maxMessageBytes = Number.POSITIVE_INFINITY) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Whether nothing is half received. */
  get idle(): boolean {
    return this.#open === null && this.#headerFilled === 0;
  }

  /** The last object of which a fragment has begun; 0 if there is none. */
  get lastObjectId(): bigint {
    return this.#lastObjectId;
  }

  /**
   * Notes that bytes may have been lost here: the next fragment must go on where the last one ended, or begin the object after the last
   * one that came from the sender on any stream, since senders number their objects without gaps.
   * @param last gives the highest object id seen anywhere, when it is asked
   */
  mayLack(last: () => bigint): void {
    if (this.#headerFilled > 0) this.#throwLoss(`the rest of a fragment of object ${this.#lastObjectId}`);
    this.#mustFollow = last;
  }

  #throwLoss(expected: string): never {
    throw new Failure('dropped', `PSRP: a part of the host's answer was lost with a connection; expected ${expected}`);
  }

  /**
   * Takes bytes and gives the messages that they complete.
   * @throws Failure `protocol-error` for fragments out of order or a message over the limit, `dropped` if something before them was lost
   */
  push(bytes: Uint8Array): Reassembled[] {
    const done: Reassembled[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#headerFilled < fragmentHeaderBytes) {
        const taken = bytes.subarray(at, at + fragmentHeaderBytes - this.#headerFilled);
        this.#header.set(taken, this.#headerFilled);
        this.#headerFilled += taken.length;
        at += taken.length;
        if (this.#headerFilled === fragmentHeaderBytes) this.#begin();
      } else {
        const taken = bytes.slice(at, at + this.#blobLeft);
        this.#parts.push(taken);
        this.#blobLeft -= taken.length;
        at += taken.length;
      }
      if (this.#headerFilled === fragmentHeaderBytes && this.#blobLeft === 0) {
        const message = this.#finish();
        if (message !== undefined) done.push(message);
      }
    }
    return done;
  }

  #begin(): void {
    const view = new DataView(this.#header.buffer);
    const objectId = view.getBigUint64(0);
    const fragmentId = view.getBigUint64(8);
    const start = (view.getUint8(16) & 1) !== 0;
    const open = this.#open;
    if (this.#mustFollow) this.#checkContinuity(objectId, fragmentId, this.#mustFollow() + 1n);
    this.#mustFollow = null;
    const expected =
      open === null ? 'the start of a message' : `fragment ${open.nextFragmentId} of object ${open.objectId}`;
    const fits =
      open === null
        ? start && fragmentId === 0n
        : !start && objectId === open.objectId && fragmentId === open.nextFragmentId;
    if (!fits || objectId === 0n)
      throw new Failure(
        'protocol-error',
        `PSRP: expected ${expected}, got ${start ? 'starting ' : ''}fragment ${fragmentId} of object ${objectId}`,
      );
    this.#lastObjectId = objectId;
    this.#blobLeft = view.getUint32(17);
    this.#messageBytes += this.#blobLeft;
    if (this.#messageBytes > this.#maxMessageBytes)
      throw new Failure('protocol-error', `PSRP: a message of more than ${this.#maxMessageBytes} bytes is refused`);
    this.#open = { objectId, nextFragmentId: fragmentId + 1n };
  }

  #checkContinuity(objectId: bigint, fragmentId: bigint, next: bigint): void {
    const open = this.#open;
    const whole = open
      ? objectId === open.objectId && fragmentId === open.nextFragmentId
      : fragmentId === 0n && (objectId === next || objectId === this.#lastObjectId + 1n);
    const expected = open ? `fragment ${open.nextFragmentId} of object ${open.objectId}` : `object ${next}`;
    if (!whole) this.#throwLoss(`${expected}, got fragment ${fragmentId} of object ${objectId}`);
  }

  #finish(): Reassembled | undefined {
    const end = ((this.#header[16] ?? 0) & 2) !== 0;
    this.#headerFilled = 0;
    if (!end || this.#open === null) return undefined;
    const { objectId } = this.#open;
    const bytes =
      this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : new Uint8Array(Buffer.concat(this.#parts));
    this.#open = null;
    this.#parts = [];
    this.#messageBytes = 0;
    return { objectId, bytes };
  }
}

/** Cuts one message into fragments, each as large as the caller has room for. */
export class Fragmenter {
  readonly #objectId: bigint;
  readonly #message: Uint8Array;
  #at = 0;
  #fragmentId = 0n;

  constructor(objectId: bigint, message: Uint8Array) {
    this.#objectId = objectId;
    this.#message = message;
  }

  /** Whether the whole message has been given out. */
  get done(): boolean {
    return this.#at >= this.#message.length;
  }

  /** The next fragment, header included, of at most `roomBytes`; undefined if not even one byte of the message fits. */
  next(roomBytes: number): Uint8Array | undefined {
    const room = roomBytes - fragmentHeaderBytes;
    if (room < 1 || this.done) return undefined;
    const start = this.#at === 0;
    const blob = this.#message.subarray(this.#at, this.#at + room);
    this.#at += blob.length;
    return encodeFragment({ objectId: this.#objectId, fragmentId: this.#fragmentId++, start, end: this.done, blob });
  }
}
