import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Ends a process at once, with all that it started, also where it has ended by itself before. On POSIX it must have been started `detached`,
 * so that it leads a process group of its own: the caller's is never touched. On Windows nobody finds the children of one that has ended.
 */
export function killTree(pid: number): void {
  if (process.platform === 'win32') {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    killer.on('error', () => kill(pid));
    killer.unref();
    return;
  }
  kill(-pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
