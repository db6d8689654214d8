import type { StreamPiece } from '../../remote/protocol/wsman/replies.ts';

/** Output of a command that waits to be taken, in the order in which it was written. */
export class PieceQueue {
  readonly #streams: readonly string[];
  readonly #commandId: string;
  readonly #waiting: { readonly stream: string; readonly bytes: Buffer }[] = [];

  constructor(streams: readonly string[], commandId: string) {
    this.#streams = streams;
    this.#commandId = commandId;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  push(stream: string, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#waiting.push({ stream, bytes: Buffer.from(bytes) });
  }

  /** At most so many bytes; what is longer is cut. */
  take(maxBytes: number): StreamPiece[] {
    const taken: StreamPiece[] = [];
    let room = maxBytes;
    for (let next = this.#waiting[0]; next && room > 0; next = this.#waiting[0]) {
      const payload = next.bytes.subarray(0, room);
      room -= payload.length;
      if (payload.length === next.bytes.length) this.#waiting.shift();
      else this.#waiting[0] = { ...next, bytes: next.bytes.subarray(payload.length) };
      taken.push({ commandId: this.#commandId, stream: next.stream, payload, end: false });
    }
    return taken;
  }

  /** The marks that nothing follows on any stream. */
  ends(): StreamPiece[] {
    return this.#streams.map((stream) => ({
      commandId: this.#commandId,
      stream,
      payload: Buffer.alloc(0),
      end: true,
    }));
  }
}
