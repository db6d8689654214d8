import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliPlace, runCli } from '../helpers/cli.ts';

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

  it('is not laid over another one: nothing is written', async () => {
    writeFileSync(join(project.folder, 'inventory.yaml'), '# mine\n');
    const again = await runCli(project, 'init');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('inventory.yaml') });
    expect(readFileSync(join(project.folder, 'inventory.yaml'), 'utf8')).toBe('# mine\n');
  });
});
