import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownCorpus } from '../../conformance/own-corpus.ts';

const script = fileURLToPath(new URL('../../../scripts/conformance.ts', import.meta.url));
type Ended = { readonly code: number; readonly out: string; readonly error: string };
const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (failure, out, error) => {
      resolve({ code: Number(failure?.code ?? 0), out, error });
    });
  });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  mkdirSync(join(folder, 'language'));
  const scripts = JSON.parse(readFileSync(join(ownCorpus, 'language/operators.json'), 'utf8')) as unknown[];
  writeFileSync(join(folder, 'language/some.json'), JSON.stringify(scripts.slice(0, 2)));
  cpSync(join(ownCorpus, 'clixml/references.json'), join(folder, 'clixml/references.json'));
  cpSync(join(ownCorpus, 'psrp/script-hello.json'), join(folder, 'psrp/other-name.json'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('npm run conformance', () => {
  test('counts the cases of each kind and ends with 0 where all are met', async () => {
    expect(await run(folder)).toEqual({ code: 0, out: 'language 2/2\nclixml 5/5\npsrp 1/1\n', error: '' });
  });

  test('names a miss in one line and ends with 1', async () => {
    const file = join(folder, 'clixml/references.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('<Objs Version=', '<Objs  Version='));
    const { code, out } = await run(folder);
    writeFileSync(file, text);
    expect(code).toBe(1);
    expect(out).toMatch(/^language 2\/2\nclixml references-\d+: .*instead of.*\nclixml 4\/5\npsrp 1\/1\n$/);
  });

  test('ends with 2 where there is no folder, no recording, or no JSON in one', async () => {
    expect(await run(join(folder, 'nowhere'))).toMatchObject({ code: 2, error: expect.stringContaining('nowhere') });
    expect(await run(join(folder, 'clixml'))).toMatchObject({
      code: 2,
      error: expect.stringContaining('no recordings'),
    });
    expect(await run()).toMatchObject({ code: 2, error: expect.stringContaining('npm run conformance') });
    writeFileSync(join(folder, 'psrp/broken.json'), '{');
    const { code, error } = await run(folder);
    rmSync(join(folder, 'psrp/broken.json'));
    expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining('broken.json') });
  });
});
