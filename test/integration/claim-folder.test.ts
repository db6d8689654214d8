import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claimFolder } from '../../src/compose/claim-folder.ts';

test('a folder is one process’s until it is given back or the process has ended', () => {
  const home = mkdtempSync(join(tmpdir(), 'kintsugi-claim-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const base = join(home, 'lab');
  const first = claimFolder(base);
  const second = claimFolder(base);
  expect([first.folder, second.folder]).toEqual([base, `${base}-2`]);
  first[Symbol.dispose]();
  expect(claimFolder(base).folder).toBe(base);
  const ended = spawnSync(process.execPath, ['--version']).pid;
  for (const left of [`${ended} a`, `${process.pid} of an earlier process`, '', 'no process']) {
    writeFileSync(join(`${base}-2`, 'process'), left);
    expect(claimFolder(base).folder).toBe(`${base}-2`);
  }
});
