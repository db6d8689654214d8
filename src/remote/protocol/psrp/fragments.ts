import { Failure } from '../../../kernel/failure.ts';

/** Bytes of a fragment's header (MS-PSRP 2.2.4). */
export const fragmentHeaderBytes = 21;

/** Pieces of a message below this are copied together: views of single bytes would take far more memory than the bytes. */
const smallBytes = 4096;

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

/** A message put together again; its bytes may be a view of those that were received. */
export type Reassembled = { readonly objectId: bigint; readonly bytes: Uint8Array };

type Header = {
  readonly objectId: bigint;
  readonly fragmentId: bigint;
  readonly start: boolean;
  readonly end: boolean;
  readonly blobBytes: number;
};

function readHeader(view: DataView, at: number): Header {
  const flags = view.getUint8(at + 16);
  return {
    objectId: view.getBigUint64(at),
    fragmentId: view.getBigUint64(at + 8),
    start: (flags & 1) !== 0,
    end: (flags & 2) !== 0,
    blobBytes: view.getUint32(at + 17),
  };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Puts the messages of one target together from its bytes, however they are cut: several fragments at once, half a header, one byte.
 * Work is linear in the bytes received, and memory is taken only for bytes that came. A message that lies whole in the bytes given is
 * not copied: they must not be changed as long as it is in use.
 */
export class Reassembler {
  readonly #maxMessageBytes: number;
  /** A header that came in pieces. */
  readonly #header = new Uint8Array(fragmentHeaderBytes);
  #headerFilled = 0;
  /** The fragment whose blob is awaited. */
  #fragment: Header | null = null;
  /** Bytes of its blob that are still to come. */
  #blobLeft = 0;
  /** The message so far: views of large pieces, and small ones copied together, the last of them in the first bytes of `#small`. */
  #parts: Uint8Array[] = [];
  #small = new Uint8Array();
  #smallFilled = 0;
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
    if (this.#headerFilled > 0 || this.#fragment !== null)
      this.#throwLoss(`the rest of a fragment of object ${this.#lastObjectId}`);
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
    const view = viewOf(bytes);
    let at = 0;
    // A fragment without content is complete as soon as its header is.
    while (at < bytes.length || (this.#fragment !== null && this.#blobLeft === 0)) {
      if (this.#fragment === null) {
        at = this.#takeHeader(bytes, view, at);
        continue;
      }
      const blob = bytes.subarray(at, at + this.#blobLeft);
      at += blob.length;
      const message = this.#take(this.#fragment, blob);
      if (message !== undefined) done.push(message);
    }
    return done;
  }

  /** Takes what there is of a header; gives where the bytes go on. */
  #takeHeader(bytes: Uint8Array, view: DataView, at: number): number {
    if (this.#headerFilled === 0 && bytes.length - at >= fragmentHeaderBytes) {
      this.#begin(readHeader(view, at));
      return at + fragmentHeaderBytes;
    }
    const taken = bytes.subarray(at, at + fragmentHeaderBytes - this.#headerFilled);
    this.#header.set(taken, this.#headerFilled);
    this.#headerFilled += taken.length;
    if (this.#headerFilled === fragmentHeaderBytes) {
      this.#headerFilled = 0;
      this.#begin(readHeader(viewOf(this.#header), 0));
    }
    return at + taken.length;
  }

  #begin(fragment: Header): void {
    const { objectId, fragmentId, start, blobBytes } = fragment;
    const open = this.#open;
    if (this.#mustFollow) this.#checkContinuity(objectId, fragmentId, this.#mustFollow() + 1n);
    this.#mustFollow = null;
    const fits =
      open === null
        ? start && fragmentId === 0n
        : !start && objectId === open.objectId && fragmentId === open.nextFragmentId;
    if (!fits || objectId === 0n) {
      const expected =
        open === null ? 'the start of a message' : `fragment ${open.nextFragmentId} of object ${open.objectId}`;
      throw new Failure(
        'protocol-error',
        `PSRP: expected ${expected}, got ${start ? 'starting ' : ''}fragment ${fragmentId} of object ${objectId}`,
      );
    }
    this.#lastObjectId = objectId;
    if (this.#messageBytes + blobBytes > this.#maxMessageBytes)
      throw new Failure('protocol-error', `PSRP: a message of more than ${this.#maxMessageBytes} bytes is refused`);
    this.#blobLeft = blobBytes;
    this.#fragment = fragment;
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

  /** Takes bytes of a fragment's blob; gives the message if they complete it. */
  #take(fragment: Header, blob: Uint8Array): Reassembled | undefined {
    this.#blobLeft -= blob.length;
    const ends = this.#blobLeft === 0;
    if (ends) this.#fragment = null;
    const whole = ends && fragment.end;
    if (whole) this.#open = null;
    if (whole && this.#messageBytes === 0) return { objectId: fragment.objectId, bytes: blob };
    this.#append(blob);
    return whole ? { objectId: fragment.objectId, bytes: this.#collect() } : undefined;
  }

  #append(blob: Uint8Array): void {
    this.#messageBytes += blob.length;
    if (blob.length >= smallBytes) {
      this.#keepSmall();
      this.#parts.push(blob);
      return;
    }
    if (this.#smallFilled + blob.length > this.#small.length) {
      this.#keepSmall();
      this.#small = new Uint8Array(smallBytes);
    }
    this.#small.set(blob, this.#smallFilled);
    this.#smallFilled += blob.length;
  }

  #keepSmall(): void {
    if (this.#smallFilled === 0) return;
    this.#parts.push(this.#small.subarray(0, this.#smallFilled));
    this.#small = this.#small.subarray(this.#smallFilled);
    this.#smallFilled = 0;
  }

  /** The whole message in one piece. */
  #collect(): Uint8Array {
    this.#keepSmall();
    const bytes = Buffer.concat(this.#parts, this.#messageBytes);
    this.#parts = [];
    this.#small = new Uint8Array();
    this.#messageBytes = 0;
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
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
