import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cached } from '../../../../src/lab/pwsh-engine/private-cache.ts';

let parent: string;
let folder: string;
let made: number;

const make = async (): Promise<Uint8Array> => Buffer.from(`made ${++made}`);
const ask = async (key = 'key'): Promise<string> => Buffer.from(await cached(folder, key, make)).toString();
const entry = async (): Promise<string> => join(folder, (await readdir(folder))[0] ?? '');

describe('The cache of what the engine makes', () => {
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'kt-cache-'));
    folder = join(parent, 'kintsugi');
    made = 0;
  });

  afterEach(() => rm(parent, { recursive: true, force: true }));

  test('makes each thing once and gives it again', async () => {
    expect([await ask(), await ask(), await ask('other'), await ask()]).toEqual([
      'made 1',
      'made 1',
      'made 2',
      'made 1',
    ]);
  });

  test('keeps entries for this user alone, and none half written', async () => {
    await Promise.all([ask(), ask(), ask()]);
    expect(await readdir(folder)).toHaveLength(1);
    expect(await ask()).toMatch(/^made \d$/u);
  });

  test('makes anew what was damaged, what others may write, and what is a link', async () => {
    await ask();
    const path = await entry();
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, -1));
    expect(await ask()).toBe('made 2');
    await chmod(path, 0o666);
    expect(await ask()).toBe('made 3');
    await rm(path);
    await writeFile(join(parent, 'elsewhere'), whole, { mode: 0o600 });
    await symlink(join(parent, 'elsewhere'), path);
    expect(await ask()).toBe('made 4');
    expect(await ask()).toBe('made 4');
  });

  test('does not touch a folder that others may write in', async () => {
    await mkdir(folder);
    await chmod(folder, 0o777);
    expect([await ask(), await ask()]).toEqual(['made 1', 'made 2']);
    expect(await readdir(folder)).toEqual([]);
  });

  test('does without where there is no folder to be had', async () => {
    await writeFile(join(parent, 'file'), '');
    folder = join(parent, 'file', 'kintsugi');
    expect([await ask(), await ask()]).toEqual(['made 1', 'made 2']);
  });

  test('lets go of what was not used for longest', async () => {
    for (let number = 0; number < 12; number++) await ask(`key ${number}`);
    expect(await readdir(folder)).toHaveLength(8);
  });
});
