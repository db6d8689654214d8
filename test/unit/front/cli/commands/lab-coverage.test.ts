import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coverScripts } from '../../../../../src/compose/cover-scripts.ts';
import type { CliServices, ScriptCoverage } from '../../../../../src/front/cli/services.ts';
import { loadHostKitText } from '../../../../../src/remote/powershell/host-kit-text.ts';
import { runWith } from '../fake-services.ts';

const shippedDir = fileURLToPath(new URL('../../../../../playbooks', import.meta.url));

describe('lab coverage', () => {
  let folder: string;
  let services: Partial<CliServices>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kintsugi-coverage-'));
    writeFileSync(join(folder, 'good.ps1'), "Get-Service Spooler | Where-Object Status -eq 'Running'\n");
    writeFileSync(join(folder, 'bad.ps1'), 'Get-Service Spooler\nGet-StorageJob\nUse-Shared 1\n');
    writeFileSync(join(folder, 'shared.psm1'), 'function Use-Shared($x) { $x }\n');
    const { text } = await loadHostKitText();
    services = { coverScripts: async (names) => coverScripts(names, { projectDir: folder, shippedDir }, text) };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with 0 where the lab runs all, and with 1 and the places where it does not', async () => {
    const good = await runWith(['lab', 'coverage', 'good.ps1'], services);
    expect([good.code, good.out]).toEqual([
      0,
      'good.ps1: 2 of 2 commands, 4 of 4 parameters\nThe lab can run all of it.',
    ]);
    const bad = await runWith(['lab', 'coverage', 'bad.ps1', 'shared.psm1'], services);
    expect(bad.code).toBe(1);
    expect(bad.out.split('\n')).toEqual([
      'bad.ps1: 1 of 2 commands, 1 of 1 parameters',
      '  bad.ps1:2:1: command Get-StorageJob: the lab does not simulate it',
      'shared.psm1: only the language, its own functions and those of the host kit',
    ]);
  });

  it('tells what is wrong with a script that cannot be read, and counts nothing of it', async () => {
    writeFileSync(join(folder, 'seven.ps1'), '$x = $a ? 1 : 2\n');
    const { code, out } = await runWith(['lab', 'coverage', 'seven.ps1'], services);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'seven.ps1: cannot be read',
      "  seven.ps1:1:9: syntax: the ternary operator '?:' is PowerShell 7 syntax; Windows PowerShell 5.1 does not know it",
    ]);
  });

  it('speaks Japanese and JSON', async () => {
    const { out } = await runWith(['lab', 'coverage', 'bad.ps1', '--lang', 'ja'], services);
    expect(out).toContain('bad.ps1: コマンド 3 個中 1 個、パラメーター 1 個中 1 個');
    const json = await runWith(['lab', 'coverage', 'bad.ps1', '--json'], services);
    expect((JSON.parse(json.out) as ScriptCoverage[])[0]).toMatchObject({
      file: 'bad.ps1',
      counts: { command: { runs: 1, of: 3 } },
      gaps: [
        { kind: 'command', name: 'Get-StorageJob', line: 2, column: 1, why: 'outside' },
        { kind: 'command', name: 'Use-Shared', line: 3, column: 1, why: 'unknown' },
      ],
    });
  });

  it('takes an action folder, and a playbook for all scripts of its actions, which the lab runs', async () => {
    const action = join(shippedDir, 'actions', 'service', 'state');
    const one = JSON.parse((await runWith(['lab', 'coverage', action, '--json'], services)).out) as ScriptCoverage[];
    expect(one.map(({ file }) => file.slice(-10)).toSorted()).toEqual(
      ['detect.ps1', '/apply.ps1', 'verify.ps1'].toSorted(),
    );
    const all = await runWith(['lab', 'coverage', 'windows-update/file-not-found', '--json'], services);
    const scripts = JSON.parse(all.out) as ScriptCoverage[];
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.flatMap(({ gaps }) => gaps)).toEqual([]);
    expect(all.code).toBe(0);
  });

  it('says what it needs', async () => {
    expect((await runWith(['lab', 'coverage'], services)).err).toContain('Usage: kintsugi lab');
    expect((await runWith(['lab', 'one.yaml', 'two.yaml'], services)).err).toContain('one operand too many');
    const { code, err } = await runWith(['lab', 'coverage', 'missing.ps1'], services);
    expect([code, err]).toEqual([2, expect.stringContaining('missing.ps1')]);
  });
});
