import { open, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { Failure } from '../../../kernel/failure.ts';
import type { RemoteShell } from '../remote-shell.ts';
import { lookAtFile, type RemoteFile, readFrame } from './file-scripts.ts';
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

const inflate = promisify(inflateRaw);

/**
 * Gets a file from a host, through the session: packed, in frames of an envelope's size, into `<local>.kintsugi-part` first. What an earlier try
 * has brought is used if the file on the host begins so; the whole is compared by SHA-256 before it goes to its place.
 * @throws Failure as `RemoteShell.invoke`; `bad-input` if there is no such file on the host
 */
export async function getFile(
  shell: RemoteShell,
  { local, remote }: FilePair,
  options: TransferOptions = {},
): Promise<Transferred> {
  const tally: Tally = { packedBytes: 0, frames: 0, resumedAt: 0 };
  const limits = limitsOf(options);
  const part = local + partSuffix;
  const { source, kind } = await acrossSessions(
    shell,
    options,
    () => tally.frames,
    async (session) => {
      const there = await lookAtFile(session, remote, {}, limits);
      if (!there.exists) throw new Failure('bad-input', `There is no file ${remote} on ${session.info.host}.`);
      const here = await lookHere(local);
      if (here?.length === there.length && here.sha256 === there.sha256)
        return { source: there, kind: 'same' as const };
      await receiveRest(session, { remote, part, source: there }, tally, options);
      const whole = await lookHere(part);
      if (whole?.length !== there.length || whole.sha256 !== there.sha256) {
        await rm(part, { force: true });
        throw new Failure(
          'protocol-error',
          `Expected ${there.length} bytes with SHA-256 ${there.sha256} from ${remote} on ${session.info.host}, got ${whole?.length ?? 0} with ${whole?.sha256 ?? 'none'}. Was it changed meanwhile? What came was thrown away.`,
        );
      }
      await rename(part, local);
      return { source: there, kind: 'carried' as const };
    },
  );
  return { kind, bytes: source.length, sha256: source.sha256, ...tally };
}

/** Receives what of the file is not in the part yet. */
async function receiveRest(
  shell: RemoteShell,
  { remote, part, source }: { readonly remote: string; readonly part: string; readonly source: RemoteFile },
  tally: Tally,
  options: TransferOptions,
): Promise<void> {
  const limits = limitsOf(options);
  const size = new FrameSize(await shell.describe());
  let offset = await placeOf(shell, remote, part, source, options);
  if (tally.frames === 0) tally.resumedAt = offset;
  const file = await open(part, offset === 0 ? 'w' : 'r+');
  try {
    await file.truncate(offset);
    while (offset < source.length) {
      const count = Math.min(size.next, source.length - offset);
      const frame = await readFrame(shell, { path: remote, offset, count }, limits);
      const plain = frame.deflated ? await inflate(frame.bytes, { maxOutputLength: count }) : frame.bytes;
      // A file that became shorter meanwhile shows in its hash.
      if (plain.length === 0) break;
      await file.write(plain, 0, plain.length, offset);
      size.learn(plain.length, frame.bytes.length);
      offset += plain.length;
      tally.frames++;
      tally.packedBytes += frame.bytes.length;
      options.onProgress?.(offset, source.length);
    }
  } finally {
    await file.close();
  }
}

/** From where on the file is to be read: behind what is here, if the file on the host begins so. */
async function placeOf(
  shell: RemoteShell,
  remote: string,
  part: string,
  source: RemoteFile,
  options: TransferOptions,
): Promise<number> {
  const begun = await lookHere(part);
  if (begun === undefined || begun.length === 0 || begun.length > source.length) return 0;
  const theirs = await lookAtFile(shell, remote, { first: begun.length }, limitsOf(options));
  return theirs.sha256 === begun.sha256 ? begun.length : 0;
}
