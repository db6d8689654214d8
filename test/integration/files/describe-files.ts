import { createHash, randomFillSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getFile } from '../../../src/remote/powershell/files/get-file.ts';
import { putFile } from '../../../src/remote/powershell/files/put-file.ts';
import type { RemoteShell } from '../../../src/remote/powershell/remote-shell.ts';
import type { FileSubject } from './subjects.ts';

/** Bytes that do not pack, the same in every run. */
export const noise = (count: number): Buffer => {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; at += 32) createHash('sha256').update(String(at)).digest().copy(bytes, at);
  return bytes;
};
const text = Buffer.from('a line of a log that comes again and again\r\n'.repeat(40_000));

/** Describes how files are carried through a session. */
export function describeFiles(name: string, start: () => Promise<FileSubject & AsyncDisposable>): void {
  describe(`files over ${name}`, () => {
    let subject: FileSubject & AsyncDisposable;
    let shell: RemoteShell;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kintsugi-files-'));
      subject = await start();
      shell = await subject.open();
    });
    afterAll(async () => {
      await shell.close();
      await subject[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });
    const here = (file: string, bytes?: Uint8Array): string => {
      const path = join(folder, file);
      if (bytes !== undefined) writeFileSync(path, bytes);
      return path;
    };

    it.each<[string, Buffer]>([
      ['an empty file', Buffer.alloc(0)],
      ['a byte', Buffer.from([0xff])],
      ['text that packs well', text],
      ['bytes that do not pack', noise(700_001)],
      ['both in turn', Buffer.concat([text, noise(400_000), text])],
    ])('are put and got back byte for byte: %s', async (what, bytes) => {
      const remote = subject.path(`${what}.bin`);
      const put = await putFile(shell, { local: here('a.bin', bytes), remote });
      expect(put).toMatchObject({ kind: 'carried', bytes: bytes.length, resumedAt: 0 });
      expect(Buffer.compare(Buffer.from(subject.read(remote) ?? []), bytes)).toBe(0);
      const got = await getFile(shell, { local: here(`${what}.back`), remote });
      expect(got).toMatchObject({ kind: 'carried', sha256: put.sha256, bytes: bytes.length });
      expect(Buffer.compare(readFileSync(here(`${what}.back`)), bytes)).toBe(0);
      for (const part of [`${remote}.kintsugi-part`, `${remote}.kintsugi-old`])
        expect(subject.read(part)).toBeUndefined();
      expect(existsSync(`${here(`${what}.back`)}.kintsugi-part`)).toBe(false);
    });

    it('are packed, and left alone where they are there already', async () => {
      const remote = subject.path('packed.log');
      const local = here('packed.log', text);
      const first = await putFile(shell, { local, remote });
      expect(first.packedBytes).toBeLessThan(text.length / 20);
      expect(await putFile(shell, { local, remote })).toMatchObject({ kind: 'same', frames: 0 });
      expect(await getFile(shell, { local, remote })).toMatchObject({ kind: 'same', frames: 0 });
    });

    it('take the place of others', async () => {
      const remote = subject.path('replaced.bin');
      subject.write(remote, Buffer.from('old'));
      await putFile(shell, { local: here('new.bin', Buffer.from('new content')), remote });
      expect(Buffer.from(subject.read(remote) ?? []).toString()).toBe('new content');
      await getFile(shell, { local: here('old.bin', Buffer.from('something else')), remote });
      expect(readFileSync(here('old.bin'), 'utf8')).toBe('new content');
    });

    it('go on behind what an earlier try has brought, if it is their beginning', async () => {
      const bytes = noise(900_000);
      const remote = subject.path('resumed.bin');
      const local = here('resumed.bin', bytes);
      subject.write(`${remote}.kintsugi-part`, bytes.subarray(0, 500_000));
      const put = await putFile(shell, { local, remote });
      expect(put).toMatchObject({ kind: 'carried', resumedAt: 500_000 });
      expect(put.packedBytes).toBeLessThan(410_000);
      expect(Buffer.compare(Buffer.from(subject.read(remote) ?? []), bytes)).toBe(0);

      const back = here('resumed.back');
      writeFileSync(`${back}.kintsugi-part`, bytes.subarray(0, 300_000));
      expect(await getFile(shell, { local: back, remote })).toMatchObject({ kind: 'carried', resumedAt: 300_000 });
      expect(Buffer.compare(readFileSync(back), bytes)).toBe(0);
    });

    it('begin anew where what is there is another one', async () => {
      const bytes = noise(50_000);
      const remote = subject.path('other.bin');
      const local = here('other.bin', bytes);
      subject.write(`${remote}.kintsugi-part`, Buffer.from('the beginning of something else'));
      expect(await putFile(shell, { local, remote })).toMatchObject({ kind: 'carried', resumedAt: 0 });
      const back = here('other.back');
      writeFileSync(`${back}.kintsugi-part`, randomFillSync(Buffer.alloc(60_000)));
      expect(await getFile(shell, { local: back, remote })).toMatchObject({ kind: 'carried', resumedAt: 0 });
      expect(Buffer.compare(readFileSync(back), bytes)).toBe(0);
    });

    it('tell how far they are', async () => {
      const seen: [number, number][] = [];
      const local = here('progress.bin', noise(800_000));
      await putFile(
        shell,
        { local, remote: subject.path('progress.bin') },
        { onProgress: (done, all) => void seen.push([done, all]) },
      );
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.at(-1)).toEqual([800_000, 800_000]);
    });

    it('that are not there, or have no place, end with a failure', async () => {
      await expect(putFile(shell, { local: here('nowhere'), remote: subject.path('x') })).rejects.toMatchObject({
        code: 'bad-input',
      });
      await expect(getFile(shell, { local: here('x'), remote: subject.path('nowhere') })).rejects.toMatchObject({
        code: 'bad-input',
      });
      const local = here('y', Buffer.from('y'));
      await expect(putFile(shell, { local, remote: 'y.bin' })).rejects.toThrow('Expected a full path');
    });
  });
}
