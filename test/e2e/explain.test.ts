import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { explainText } from '../../src/operations/explain/explain.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = fileURLToPath(new URL('../fixtures/explain', import.meta.url));
const environment = { ...process.env, LC_ALL: 'C.UTF-8', KINTSUGI_NODE: process.execPath, KINTSUGI_MAIN: main };

/** Runs a line of a shell in which `kintsugi` is this one; what it prints. */
const shell = (line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const script = `kintsugi() { "$KINTSUGI_NODE" "$KINTSUGI_MAIN" "$@"; }\n${line}`;
    execFile('sh', ['-c', script], { cwd: folder, env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

describe('docs/explain.md', () => {
  const text = readFileSync(new URL('../../docs/explain.md', import.meta.url), 'utf8');
  const shown = [...text.matchAll(/^\$ (.*kintsugi explain.*)\n([\s\S]*?)```/gm)].map(([, line = '', output = '']) => ({
    line,
    output,
  }));

  it('shows commands', () => {
    expect(shown.map(({ line }) => line)).toHaveLength(5);
  });

  it.each(shown)('$line prints what is shown', async ({ line, output }) => {
    const { stdout, stderr } = await shell(line);
    expect(stderr).toBe('');
    expect(stdout).toBe(output);
  });

  it('shows what the module gives', () => {
    const code = explainText('hr 0x80070005').codes[0];
    expect(text).toContain(`\`\`\`\n${code?.name} ${code?.meaning?.en}\n\`\`\``);
  });
});

describe('in a pipe', () => {
  it('ends as the table of exit codes says', async () => {
    expect(await shell('kintsugi explain CBS.log --json | tail -c 2 | wc -c')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2'),
    });
    expect((await shell('echo all is well | kintsugi explain -')).code).toBe(1);
    expect(await shell('kintsugi explain missing.log')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'kintsugi: missing.log: there is no such file\n',
    });
  });

  it('a reader that goes away is no error', async () => {
    const child = spawn(process.execPath, [main, 'explain', '-'], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.destroy();
    child.stdin.end('0x80070002\n');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
