import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../src/lab/start-lab.ts';
import { makePwshStandIn, type PwshStandIn } from '../helpers/pwsh-programs.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const page = readFileSync(new URL('../../docs/remoting-api.md', import.meta.url), 'utf8');
const password = 'Lab-Passw0rd!';

/** Every example of the page with its heading and what it prints. */
const examples = Array.from(
  page.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?```ts\n([\s\S]*?)```\n```text\n([\s\S]*?)```/gm),
  ([, title = '', code = '', printed = '']) => ({ title, code, printed }),
);

describe('the examples of docs/remoting-api.md', () => {
  let lab: Lab;
  let folder: string;
  let pwsh: PwshStandIn;
  beforeAll(async () => {
    pwsh = makePwshStandIn();
    folder = mkdtempSync(join(tmpdir(), 'kintsugi-api-'));
    lab = await startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc1: { base: 'windows-11-24h2' } } }, password });
  });
  afterAll(async () => {
    await lab?.close();
    pwsh?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are all found', () => {
    expect(examples).toHaveLength(page.match(/^```ts$/gm)?.length ?? 0);
    expect(examples.length).toBeGreaterThan(2);
  });

  it.each(examples)('$title: prints what the page says', async ({ title, code, printed }) => {
    // The modules of the package, as they lie in the checkout.
    const text = code.replaceAll(
      /'kintsugi\/((?:remote|kernel)\/[^']+)\.js'/g,
      (_, path: string) => `'${source}${path}.ts'`,
    );
    const file = join(folder, `${title.replaceAll(/\W+/g, '-')}.mts`);
    writeFileSync(file, text);
    const child = spawn(process.execPath, [file], {
      env: {
        ...process.env,
        LAB_PORT: String(lab.hosts[0]?.port),
        LAB_PASSWORD: password,
        LAB_PWSH: pwsh.executable,
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const exit = await new Promise((resolve) => child.once('close', resolve));
    expect({ exit, output, errors }).toEqual({ exit: 0, output: printed, errors: '' });
  });
});
