import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliPlace, runCli } from '../helpers/cli.ts';

const untimed = (text: string): string => text.replace(/\d+\.\d s/g, 'n s');

describe('a new project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-init-'));
  const place: CliPlace = { folder, environment: {} };
  const project: CliPlace = { folder: join(folder, 'ours'), environment: {} };
  beforeAll(async () => {
    const laid = await runCli(place, 'init', 'ours');
    expect(laid, laid.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('cd ours\nkintsugi test') });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is valid, and its tests pass', async () => {
    const valid = await runCli(project, 'validate', 'playbooks/print/spooler-down.yaml', 'inventory.yaml');
    expect(valid.code, valid.stdout + valid.stderr).toBe(0);
    const tested = await runCli(project, 'test');
    expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/^4 passed, 0 failed/m);
  });

  it('has editor settings whose schemas are there', () => {
    const settings = JSON.parse(readFileSync(join(project.folder, '.vscode/settings.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const schemas = Object.keys(settings['yaml.schemas'] ?? {});
    expect(schemas.length).toBeGreaterThan(3);
    for (const schema of schemas) expect(existsSync(join(project.folder, schema)), schema).toBe(true);
  });

  it('takes the playbook that docs/first-playbook.md writes from nothing: its test fails and passes as shown there', async () => {
    const text = readFileSync(new URL('../../docs/first-playbook.md', import.meta.url), 'utf8');
    const files = [...text.matchAll(/`([\w/.-]+\.(?:yaml|ps1))`:\n```\w+\n([\s\S]*?)```/g)].map(
      ([, name = '', body = '']) => ({
        name,
        body,
      }),
    );
    expect(files.map(({ name }) => name)).toEqual([
      'playbooks/bits/disabled.test.yaml',
      'playbooks/bits/disabled.yaml',
      'actions/bits/can-start/action.yaml',
      'actions/bits/can-start/verify.ps1',
      'our.lab.yaml',
    ]);
    for (const { name, body } of files) {
      mkdirSync(dirname(join(project.folder, name)), { recursive: true });
      writeFileSync(join(project.folder, name), body);
    }
    const valid = await runCli(project, 'validate', 'playbooks/bits/disabled.test.yaml', 'our.lab.yaml');
    expect(valid).toMatchObject({ code: 0, stdout: 'playbooks/bits/disabled.test.yaml: ok\nour.lab.yaml: ok\n' });
    const shown = [...text.matchAll(/^\$ kintsugi test bits\/disabled\n([\s\S]*?)```/gm)].map(([, output = '']) =>
      untimed(output),
    );
    const failed = await runCli(project, 'test', 'bits/disabled');
    expect(untimed(failed.stdout)).toBe(shown[0]);
    const [, pattern = ''] = /^ +(changed: \['service:BITS:config.*)$/m.exec(text) ?? [];
    const test = join(project.folder, 'playbooks/bits/disabled.test.yaml');
    writeFileSync(
      test,
      readFileSync(test, 'utf8').replace(/changed: .*/, () => pattern),
    );
    expect(untimed((await runCli(project, 'test', 'bits/disabled')).stdout)).toBe(shown[1]);
  });

  it('is not laid over another one: nothing is written', async () => {
    writeFileSync(join(project.folder, 'inventory.yaml'), '# mine\n');
    const again = await runCli(project, 'init');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('inventory.yaml') });
    expect(readFileSync(join(project.folder, 'inventory.yaml'), 'utf8')).toBe('# mine\n');
  });
});
