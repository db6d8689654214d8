import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Ends a process at once, with all that it started. On POSIX it must have been started `detached`, so that it leads a process group of its
 * own: the caller's is never touched.
 * @param hasEnded whether it has ended by itself: what it left behind in its group is ended. On Windows nothing is done then: nobody finds the
 *   children of a process that has ended, and its id may be another's already
 */
export function killTree(pid: number, hasEnded: boolean): void {
  if (process.platform === 'win32') {
    if (hasEnded) return;
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
