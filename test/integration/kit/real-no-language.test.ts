import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteCall } from '../../../src/remote/powershell/remote-shell.ts';
import {
  command,
  conversation,
  door,
  endpointWith,
  heldScript,
  type Outcome,
  reading,
  visibleCommands,
  writeFiles,
} from '../../helpers/no-language.ts';
import { findRealPwsh } from '../../helpers/pwsh-programs.ts';

const pwsh = findRealPwsh();

describe.skipIf(pwsh === undefined)('a no-language session of a real PowerShell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kintsugi-real-'));
  const modules = join(folder, 'modules');
  beforeAll(async () => {
    const endpoint = await endpointWith(heldScript, join(folder, 'transcripts'));
    writeFiles(modules, withoutPolicy(endpoint.files));
    writeFiles(join(modules, 'Other'), [
      ['Other.psd1', "@{ RootModule = 'Other.psm1'; ModuleVersion = '1.0'; FunctionsToExport = 'Get-Other' }"],
      ['Other.psm1', "function Get-Other { 'other' }"],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const converse = (calls: readonly RemoteCall[]): readonly Outcome[] => {
    const file = join(folder, 'calls.json');
    const list = calls.map((call) =>
      call.kind === 'script' ? { script: call.text } : { name: call.name, parameters: call.parameters ?? {} },
    );
    writeFileSync(file, JSON.stringify(list));
    const harness = fileURLToPath(new URL('../../fixtures/jea/no-language-session.ps1', import.meta.url));
    const { stdout, stderr } = spawnSync(
      pwsh ?? '',
      [
        '-NoProfile',
        '-NonInteractive',
        '-File',
        harness,
        '-Configuration',
        join(modules, 'Kintsugi.pssc'),
        '-Modules',
        modules,
        '-Calls',
        file,
      ],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', HOME: folder } },
    );
    const lines = stdout.split('\n').filter((line) => line !== '');
    if (lines.length !== calls.length) throw new Error(`PowerShell answered ${lines.length} calls: ${stdout}${stderr}`);
    return lines.map((line) => {
      const { output, error } = JSON.parse(line) as { output: string[]; error: { id: string } | null };
      return { output, id: error?.id.split(',')[0] ?? '' };
    });
  };

  it('takes the same and refuses the same', () => {
    const outcomes = converse([...conversation.map(([, call]) => call), command('Get-Command')]);
    for (const [index, [what, , outcome]] of conversation.entries()) expect(outcomes[index], what).toEqual(outcome);
    expect(outcomes.at(-1)?.output).toEqual(visibleCommands);
  });

  it('loads a module that a held script needs, and still hides its commands from the client', async () => {
    const needs = '@{ ok = $true; reason = (Get-Other); facts = @{} }\n';
    const { files } = await endpointWith(needs, join(folder, 'transcripts'), []);
    writeFiles(modules, withoutPolicy(files));
    const other = createHash('sha256').update(needs).digest('hex');
    const outcomes = converse([
      command('Open-KtSession', { Run: 'r1', HostName: 'h' }),
      command('Get-Other'),
      door('read', reading({}, { Sha256: other })),
      command('Get-Other'),
      command('Get-Command', { Name: 'Get-Other' }),
    ]);
    expect(outcomes.map(({ id }) => id)).toEqual([
      '',
      'CommandNotFoundException',
      '',
      'CommandNotFoundException',
      'CommandNotFoundException',
    ]);
    expect(outcomes[2]?.output[0]).toContain('"reason":"other"');
  });

  it('finds the manifest valid', () => {
    const manifest = join(modules, 'Kintsugi', 'Kintsugi.psd1');
    const asked = spawnSync(
      pwsh ?? '',
      [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `(Test-ModuleManifest '${manifest}').ExportedFunctions.Keys -join ','`,
      ],
      {
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', HOME: folder },
      },
    );
    expect(asked.stdout.trim().split(',').toSorted()).toEqual(visibleCommands.filter((name) => name.includes('-Kt')));
  });
});

/** PowerShell has execution policies on Windows alone. */
function withoutPolicy(files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return Array.from(files, ([path, text]) => [path, text.replace(/^ *ExecutionPolicy.*\n/m, '')] as const);
}
