import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryHost } from '../../../../src/lab/faults/create-machine.ts';
import { testPlaybooks } from '../../../../src/operations/playbook-test/test-playbooks.ts';
import { places as library } from '../../input/fixture-library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-test-playbooks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

test('faults of a playbook and of its scripts are told at once, before anything runs, with their places as seen from the project folder', async () => {
  cpSync(join(library.shippedDir, 'actions/demo/look'), join(folder, 'playbooks/actions/own/look'), {
    recursive: true,
  });
  write('playbooks/actions/own/look/verify.ps1', '$a = $env:A ?? 1\n$b = Get-KtServise BITS\n@{ ok = $true }\n');
  write(
    'playbooks/own.yaml',
    'kintsugi: playbook/v1\ntitle: { en: Mine }\ngoal: { uses: own/look }\nstages:\n  - title: { en: One }\n    steps: [{ uses: demo/set-value, with: { value: 700 } }]\n',
  );
  write(
    'playbooks/own.test.yaml',
    'kintsugi: playbook-test/v1\ncases:\n  - name: a\n    hosts: { w11: { base: windows-11-24h2 } }\n    expect: { end: repaired }\n',
  );
  const hosts = { run: () => Promise.reject(new Error('nothing may run')) };
  const places = {
    projectDir: folder,
    shippedDir: library.shippedDir,
    kit: 'function Get-KtService {}',
    hosts,
    tryHost,
  };
  const failure: unknown = await testPlaybooks([], { ...places, onProgress: () => undefined }).catch((error) => error);
  expect(failure).toMatchObject({
    code: 'bad-input',
    facts: {
      faults: [
        { file: 'playbooks/own.yaml', message: '`700` is not allowed' },
        {
          file: 'playbooks/actions/own/look/verify.ps1',
          message: expect.stringContaining('does not take the parameter'),
        },
        { line: 1, column: 13, message: expect.stringContaining('the null-coalescing operator') },
        { line: 2, column: 6, message: 'the host kit has no function `Get-KtServise`' },
      ],
    },
  });
});
