import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { Failure } from '../../../kernel/failure.ts';
import type { InvokeOptions, RemoteShell } from '../remote-shell.ts';
import { lookAtFile, placeFile, writeFrame } from './file-scripts.ts';
import { FrameSize } from './frame-size.ts';
import {
  acrossSessions,
  type FilePair,
  limitsOf,
  lookHere,
  partSuffix,
  type Tally,
  type TransferOptions,
  type Transferred,
} from './transfer.ts';

const deflate = promisify(deflateRaw);

/**
 * Puts a file on a host, through the session: packed, in frames of an envelope's size, to `<remote>.kintsugi-part` first. What an earlier try has
 * brought there is used if it is the beginning of this file; the whole is compared by SHA-256 before it goes to its place.
 * @throws Failure as `RemoteShell.invoke`; `bad-input` if there is no such local file
 */
export async function putFile(
  shell: RemoteShell,
  { local, remote }: FilePair,
  options: TransferOptions = {},
): Promise<Transferred> {
  const source = await lookHere(local);
  if (source === undefined) throw new Failure('bad-input', `There is no file ${local} to put on ${shell.info.host}.`);
  const tally: Tally = { packedBytes: 0, frames: 0, resumedAt: 0 };
  const limits = limitsOf(options);
  const part = remote + partSuffix;
  const kind = await acrossSessions(
    shell,
    options,
    () => tally.frames,
    async (session) => {
      const there = await lookAtFile(session, remote, { ifLength: source.length }, limits);
      if (there.exists && there.length === source.length && there.sha256 === source.sha256) return 'same';
      await sendRest(session, { local, part, length: source.length }, tally, options);
      const whole = await lookAtFile(session, part, {}, limits);
      if (whole.length !== source.length || whole.sha256 !== source.sha256) {
        await writeFrame(session, { path: part, offset: 0, bytes: new Uint8Array(), deflated: false }, limits);
        throw new Failure(
          'protocol-error',
          `Expected ${source.length} bytes with SHA-256 ${source.sha256} in ${part} on ${session.info.host}, got ${whole.length} with ${whole.sha256}. Was ${local} changed meanwhile? What came was thrown away.`,
        );
      }
      await placeFile(session, part, remote, limits);
      return 'carried';
    },
  );
  return { kind, bytes: source.length, sha256: source.sha256, ...tally };
}

/** Sends what of the file is not in the part yet. */
async function sendRest(
  shell: RemoteShell,
  { local, part, length }: { readonly local: string; readonly part: string; readonly length: number },
  tally: Tally,
  options: TransferOptions,
): Promise<void> {
  const limits = limitsOf(options);
  const size = new FrameSize(await shell.describe());
  let offset = await placeOf(shell, local, part, length, limits);
  if (tally.frames === 0) tally.resumedAt = offset;
  const file = await open(local);
  try {
    // An empty file takes one frame too, which makes it.
    for (let isWhole = false; !isWhole; isWhole = offset >= length) {
      const plain = await readAt(file, offset, Math.min(size.next, length - offset));
      // A file that became shorter meanwhile shows in its hash.
      if (plain.length === 0 && offset < length) return;
      const packed = await deflate(plain);
      const deflated = packed.length < plain.length;
      const bytes = deflated ? packed : plain;
      size.learn(plain.length, bytes.length);
      // It packs worse than what came before: once more, with less.
      if (bytes.length > size.mostPacked) continue;
      await writeFrame(shell, { path: part, offset, bytes, deflated }, limits);
      offset += plain.length;
      tally.frames++;
      tally.packedBytes += bytes.length;
      options.onProgress?.(offset, length);
    }
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), { position: offset });
  return buffer.subarray(0, bytesRead);
}

/** From where on the file is to be sent: behind what is there, if that is how it begins. */
async function placeOf(
  shell: RemoteShell,
  local: string,
  part: string,
  length: number,
  limits: InvokeOptions,
): Promise<number> {
  const begun = await lookAtFile(shell, part, {}, limits);
  if (!begun.exists || begun.length === 0 || begun.length > length) return 0;
  const ours = await lookHere(local, begun.length);
  return ours?.sha256 === begun.sha256 ? begun.length : 0;
}
