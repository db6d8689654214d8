import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coverageText } from '../../../../src/front/cli/coverage-text.ts';
import { coverScript } from '../../../../src/lab/coverage/cover-script.ts';

const textOf = (script: string): string => coverageText([coverScript(script, 'fix.ps1')], 'en');

test('the document shows what is really printed of its script', () => {
  const document = readFileSync(new URL('../../../../docs/writing-actions.md', import.meta.url), 'utf8');
  const [, script = '', printed = ''] =
    /```powershell\n((?:(?!```)[\s\S])*)```\n`kintsugi lab coverage fix\.ps1` prints:\n```\n([\s\S]*?)\n```/.exec(
      document,
    ) ?? [];
  expect(script).toContain('netsh');
  expect(textOf(script).split('\n')).toEqual(printed.split('\n'));
});

test('what only PowerShell 7 has is told as that', () => {
  const why = 'only PowerShell 7 has it, and Windows PowerShell 5.1 runs the scripts';
  expect(textOf('1 | ForEach-Object -Parallel { }\nget-uptime\ngc a -AsByteStream').split('\n').slice(1)).toEqual([
    `  fix.ps1:1:20: parameter ForEach-Object -Parallel: ${why}`,
    `  fix.ps1:2:1: command get-uptime: ${why}`,
    `  fix.ps1:3:6: parameter Get-Content -AsByteStream: ${why}`,
  ]);
});

test('a name that ends with a colon stands apart from what is said of it', () => {
  expect(textOf('net use Z:')).toContain('call "net use Z:": the lab does not simulate it');
});
