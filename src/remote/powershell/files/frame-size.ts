import type { ShellInfo } from '../remote-shell.ts';

/** Bytes of an envelope besides the payload: SOAP, and the script that goes with each frame, which is in it as base64 of UTF-8. */
const reserveBytes = 12_000;
/** A frame where the way has no envelopes. */
const frameWithoutEnvelope = 384 * 1024;
/** Most of a file's bytes in one frame, however well they pack: so much is held in memory on both sides. */
const mostOfAFile = 8 * 1024 * 1024;
const leastOfAFile = 16 * 1024;

/** How many bytes of a file go into a frame: as many as fill an envelope once they are packed, judged by the frame before. */
export class FrameSize {
  /** Packed bytes that one envelope takes. */
  readonly mostPacked: number;
  #next: number;

  constructor({ envelopeBytes }: ShellInfo) {
    // Base64 twice: within the message, and the message within the envelope.
    this.mostPacked =
      envelopeBytes === undefined ? frameWithoutEnvelope : Math.floor(((envelopeBytes - reserveBytes) * 9) / 16);
    this.#next = this.mostPacked;
  }

  /** Bytes of the file that the next frame takes. */
  get next(): number {
    return this.#next;
  }

  /** A frame has taken so many bytes of the file, and became so many. */
  learn(fileBytes: number, packedBytes: number): void {
    const fitting = (this.mostPacked * fileBytes) / Math.max(1, packedBytes);
    // A little less than what would have fitted, for the next bytes are others.
    this.#next = Math.max(leastOfAFile, Math.min(mostOfAFile, Math.floor(fitting * 0.9)));
  }
}
