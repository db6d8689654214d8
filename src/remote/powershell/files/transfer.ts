import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteShell } from '../remote-shell.ts';

/** A file to carry: a path of this machine, and a full path on the host. */
export type FilePair = { readonly local: string; readonly remote: string };

/** How a file is carried. */
export type TransferOptions = {
  /** Opens another session when one is lost: the transfer goes on where it stood. Without it the Failure says so, and a later call goes on. */
  readonly reopen?: () => Promise<RemoteShell>;
  /** Limit for each step, in ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told after each frame: bytes of the file that are over, and of all. */
  readonly onProgress?: (doneBytes: number, allBytes: number) => void;
};

/** Limits of each step. */
export const limitsOf = ({ timeoutMs, signal }: TransferOptions): InvokeOptions => ({
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
  ...(signal === undefined ? {} : { signal }),
});

/** What became of a transfer. */
export type Transferred = {
  /** `same`: the file was there already, byte for byte. */
  readonly kind: 'carried' | 'same';
  readonly bytes: number;
  readonly sha256: string;
  /** Bytes that travelled, packed; frames that carried them; and how much of the file was there from an earlier try. */
  readonly packedBytes: number;
  readonly frames: number;
  readonly resumedAt: number;
};

/** Counts of a transfer that goes on over several sessions. */
export type Tally = { packedBytes: number; frames: number; resumedAt: number };

/** A file that has not come whole bears this behind its name. */
export const partSuffix = '.kintsugi-part';
/** Sessions that may break one after another without a frame getting through. */
const mostBreaks = 5;

/**
 * Does the work in a session, and again in another one when that is lost.
 * @param frames how many frames have got through so far
 */
export async function acrossSessions<T>(
  first: RemoteShell,
  { reopen, signal }: TransferOptions,
  frames: () => number,
  work: (shell: RemoteShell) => Promise<T>,
): Promise<T> {
  let shell = first;
  let breaks = 0;
  let before = frames();
  try {
    for (;;) {
      try {
        return await work(shell);
      } catch (error) {
        const lost = error instanceof Failure && (error.code === 'dropped' || error.code === 'unreachable');
        breaks = frames() > before ? 1 : breaks + 1;
        before = frames();
        if (!lost || reopen === undefined || breaks > mostBreaks) throw error;
        signal?.throwIfAborted();
        if (shell !== first) await shell.close();
        shell = await reopen();
      }
    }
  } finally {
    if (shell !== first) await shell.close();
  }
}

/** A file of this machine: length, and SHA-256 of its first bytes, lower-case hex. Undefined if there is none. */
export async function lookHere(
  path: string,
  first?: number,
): Promise<{ readonly length: number; readonly sha256: string } | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const hash = createHash('sha256');
  const end = first === undefined ? found.size : Math.min(first, found.size);
  // `end` of a read stream is the last byte itself.
  if (end > 0) for await (const chunk of createReadStream(path, { end: end - 1 })) hash.update(chunk as Buffer);
  return { length: found.size, sha256: hash.digest('hex') };
}
