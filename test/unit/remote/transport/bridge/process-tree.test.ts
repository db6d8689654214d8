import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { descendantsOf, endProcessTree } from '../../../../../src/remote/transport/bridge/process-tree.ts';

/** A process that has started two others, the second below the first. */
async function startFamily(): Promise<{ readonly root: ChildProcess; readonly pids: readonly number[] }> {
  const inner =
    "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })";
  const middle = `const c = ${inner}; console.log(c.pid); setInterval(() => {}, 1e6)`;
  const outer = `const c = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(middle)}], { stdio: ['ignore', 'pipe', 'ignore'] }); c.stdout.on('data', (d) => console.log(c.pid + ' ' + d)); setInterval(() => {}, 1e6)`;
  const root = spawn(process.execPath, ['-e', outer], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [printed] = (await once(root.stdout ?? root, 'data')) as [Buffer];
  return { root, pids: printed.toString('utf8').trim().split(/\s+/u).map(Number) };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('A tree of processes', () => {
  it('is ended whole, and what started it goes on', async () => {
    const { root, pids } = await startFamily();
    expect(pids).toHaveLength(2);
    expect(new Set(await descendantsOf(root.pid ?? 0))).toEqual(new Set(pids));
    const gone = once(root, 'exit');
    await endProcessTree(root.pid ?? 0);
    expect((await gone)[1]).toBe('SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });

  it('is none for a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    await once(child, 'exit');
    await endProcessTree(child.pid ?? 0);
    expect(await descendantsOf(child.pid ?? 0)).toEqual([]);
  });
});
