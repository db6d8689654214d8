import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Ends a process and all that it started, and theirs. Each is ended by its own id: the processes are of no group of their own, so that a
 * signal to the group would end this process as well. Never throws; what has ended already is passed over.
 */
export async function endProcessTree(pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true }).catch(() => undefined);
    return;
  }
  // Listed before the first is ended: an orphan has another parent.
  const family = [pid, ...(await descendantsOf(pid))];
  for (const member of family) kill(member);
}

/** Ids of all processes below one, parents before children; none where they can't be listed. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const parents = await listParents().catch(() => []);
  const found: number[] = [];
  let level = [pid];
  while (level.length > 0) {
    level = parents.filter(([, parent]) => level.includes(parent)).map(([child]) => child);
    found.push(...level);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Every process with its parent. */
async function listParents(): Promise<readonly (readonly [pid: number, parent: number])[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/u).map(Number))
      .map(([pid = 0, parent = 0]) => [pid, parent]);
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  return Promise.all(pids.map(async (pid) => [Number(pid), await parentOf(pid)] as const));
}

/** proc(5): the parent is the second field after the name, which stands in parentheses and may hold anything. */
async function parentOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}
