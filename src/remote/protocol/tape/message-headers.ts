import { emptyGuid, type Guid, readGuid, writeGuid } from '../psrp/guid.ts';
import { messageTypes } from '../psrp/message-types.ts';

const fragmentHeader = 21;
const messageHeader = 40;
const poolAt = 8;
const pipelineAt = 24;

/** Ids in the header of a message. */
export type HeaderIds = { readonly poolId: Guid; readonly pipelineId: Guid };

/** The ids of the first message in a block of fragments; undefined if its header is cut. */
export function readHeaderIds(block: Uint8Array): HeaderIds | undefined {
  const at = fragmentHeader;
  if (block.length < at + messageHeader) return undefined;
  return { poolId: readGuid(block, at + poolAt), pipelineId: readGuid(block, at + pipelineAt) };
}

/** What is put into the headers of messages. */
export type NewIds = {
  /** Gives the new id of a pool; the same one to keep it. */
  readonly poolOf: (poolId: Guid) => Guid;
  /** New id of the pipeline; undefined keeps it, as in messages of the pool. */
  readonly pipelineId: Guid | undefined;
  /** Gives the text of a session key that the listener can open; undefined keeps the recorded one. */
  readonly sessionKey: () => string | undefined;
};

/**
 * Changes the ids in the headers of the messages of one lane, in place, whatever the messages are cut to. Fragments keep their sizes, since
 * ids and session keys are as long as those before.
 */
export class HeaderWriter {
  #headerSeen = 0;
  #blobLeft = 0;
  #ends = false;
  /** Bytes of the current message that have passed. */
  #messageAt = 0;
  readonly #fragment = Buffer.alloc(fragmentHeader);
  readonly #message = Buffer.alloc(messageHeader);

  /** Changes the headers in a block of fragments. */
  write(block: Uint8Array, ids: NewIds): void {
    for (let at = 0; at < block.length; ) {
      if (this.#headerSeen < fragmentHeader) {
        this.#fragment[this.#headerSeen++] = block[at++]!;
        if (this.#headerSeen < fragmentHeader) continue;
        this.#ends = (this.#fragment[16]! & 2) !== 0;
        this.#blobLeft = this.#fragment.readUInt32BE(17);
      } else {
        const end = Math.min(block.length, at + this.#blobLeft);
        this.#pass(block.subarray(at, end), ids);
        this.#blobLeft -= end - at;
        at = end;
      }
      if (this.#blobLeft > 0) continue;
      this.#headerSeen = 0;
      if (this.#ends) this.#messageAt = 0;
    }
  }

  /** A part of a message. */
  #pass(part: Uint8Array, ids: NewIds): void {
    const start = this.#messageAt;
    this.#messageAt += part.length;
    if (start >= messageHeader) return;
    const head = part.subarray(0, messageHeader - start);
    this.#message.set(head, start);
    const seen = start + head.length;
    if (seen < poolAt) return;
    const type = this.#message.readUInt32LE(4);
    const changed = Buffer.from(this.#message);
    if (ids.pipelineId !== undefined && isOfPipeline(type)) writeGuid(ids.pipelineId, changed, pipelineAt);
    // The pool's id must be seen whole before it can be changed; clients don't look at it.
    const poolId = start <= poolAt && seen >= pipelineAt ? readGuid(changed, poolAt) : emptyGuid;
    if (poolId !== emptyGuid) writeGuid(ids.poolOf(poolId), changed, poolAt);
    part.set(changed.subarray(start, seen), 0);
    if (type === messageTypes.encryptedSessionKey) writeKey(part, ids.sessionKey());
  }
}

const isOfPipeline = (type: number): boolean =>
  type >= messageTypes.pipelineInput ||
  type === messageTypes.createPipeline ||
  type === messageTypes.getCommandMetadata;

const keyElement = Buffer.from('N="EncryptedSessionKey">', 'latin1');

function writeKey(part: Uint8Array, text: string | undefined): void {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.length);
  const start = bytes.indexOf(keyElement);
  const end = bytes.indexOf('<', start);
  if (text === undefined || start < 0 || end - start - keyElement.length !== text.length) return;
  bytes.write(text, start + keyElement.length, 'latin1');
}
