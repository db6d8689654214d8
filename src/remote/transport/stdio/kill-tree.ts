import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Ends a process at once, with all that it started. On POSIX it must have been started `detached`, so that it leads a process group of its
 * own: the caller's is never touched. One that has ended already is no error.
 */
export function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    killer.on('error', () => child.kill('SIGKILL'));
    killer.unref();
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone.
  }
}
