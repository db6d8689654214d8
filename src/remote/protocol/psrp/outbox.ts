import { Failure } from '../../../kernel/failure.ts';
import { Fragmenter, fragmentHeaderBytes } from './fragments.ts';
import type { Guid } from './guid.ts';

/** Where bytes go to or come from: `pool`, or one pipeline by its id. */
export type Target = Guid;

/** The target that stands for the pool itself. */
export const poolTarget: Target = 'pool';

/** The stream that bytes travel on: answers to host calls have their own. */
export type StreamName = 'default' | 'promptResponse';

/** Fragments ready to be sent. Several messages may be in one chunk, and a message may go on in the next. */
export type Chunk = { readonly target: Target; readonly stream: StreamName; readonly bytes: Uint8Array };

/** A message that waits; it is encoded when its turn comes, since keys and versions may be known only then. */
export type Waiting = {
  readonly encode: () => Uint8Array;
  readonly ready: () => boolean;
  /** Whether other targets must wait until this message has been given out whole: the pool must exist before its pipelines. */
  readonly first?: boolean;
  /** Whether its chunk ends with it: PowerShell loses input that comes in one chunk with the pipeline's creation. */
  readonly endsChunk?: boolean;
};

type Lane = {
  readonly target: Target;
  readonly stream: StreamName;
  readonly waiting: Waiting[];
  current: Fragmenter | null;
};

/** Messages that wait to be sent: one lane per target and stream, each strictly in order. */
export class Outbox {
  readonly #lanes = new Map<string, Lane>();
  #nextObjectId = 1n;
  /** Messages marked `first` that have not been given out whole. */
  #firstLeft = 0;
  #firstTarget: Target = poolTarget;

  /** Adds a message at the end of its lane. */
  push(target: Target, stream: StreamName, message: Waiting): void {
    const key = `${stream} ${target}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { target, stream, waiting: [], current: null };
      this.#lanes.set(key, lane);
    }
    lane.waiting.push(message);
    if (message.first !== true) return;
    this.#firstLeft++;
    this.#firstTarget = target;
  }

  /** Targets with something that can be sent now. */
  targets(): Target[] {
    return [
      ...new Set(
        Array.from(this.#lanes.values())
          .filter((lane) => this.#canSend(lane))
          .map((lane) => lane.target),
      ),
    ];
  }

  /**
   * The next bytes for a target, at most `maxBytes`, answers to host calls first; undefined if nothing can be sent now.
   * @throws Failure `protocol-error` if `maxBytes` has no room for a fragment
   */
  take(target: Target, maxBytes: number): Chunk | undefined {
    if (maxBytes <= fragmentHeaderBytes)
      throw new Failure(
        'protocol-error',
        `PSRP: ${maxBytes} bytes are too few for a fragment of ${fragmentHeaderBytes + 1}`,
      );
    for (const stream of ['promptResponse', 'default'] as const) {
      const lane = this.#lanes.get(`${stream} ${target}`);
      if (lane !== undefined && this.#canSend(lane)) return { target, stream, bytes: this.#fill(lane, maxBytes) };
    }
    return undefined;
  }

  /** Drops whatever waits for a target. */
  discard(target: Target): void {
    for (const [key, lane] of this.#lanes) {
      if (lane.target !== target) continue;
      this.#firstLeft -= lane.waiting.filter((message) => message.first === true).length;
      this.#lanes.delete(key);
    }
  }

  #canSend(lane: Lane): boolean {
    if (this.#firstLeft > 0 && lane.target !== this.#firstTarget) return false;
    return lane.current !== null || (lane.waiting[0]?.ready() ?? false);
  }

  #begin(lane: Lane): Fragmenter {
    const message = lane.waiting[0]?.encode() ?? new Uint8Array();
    return new Fragmenter(this.#nextObjectId++, message);
  }

  #fill(lane: Lane, maxBytes: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let room = maxBytes;
    while (this.#canSend(lane)) {
      // Encoding may fail; the message then stays where it is.
      lane.current ??= this.#begin(lane);
      const fragment = lane.current.next(room);
      if (fragment === undefined) break;
      parts.push(fragment);
      room -= fragment.length;
      if (lane.current.done) {
        lane.current = null;
        const sent = lane.waiting.shift();
        if (sent?.first === true) this.#firstLeft--;
        if (sent?.endsChunk === true) break;
      }
    }
    if (lane.waiting.length === 0) this.#lanes.delete(`${lane.stream} ${lane.target}`);
    return parts.length === 1 && parts[0] ? parts[0] : new Uint8Array(Buffer.concat(parts));
  }
}
