import { systemPid } from './change-feed.ts';
import type { FileSystem } from './files/file-system.ts';
import type { Machine } from './machine.ts';
import { Win32Fault } from './win32-fault.ts';

const sessionManager = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager';
const values = ['PendingFileRenameOperations', 'PendingFileRenameOperations2'];

const pathOf = (text: string): string => text.replace(/^!?\\\?\?\\/, '');

/**
 * What the Session Manager does at the start of Windows with pairs of source and target (MoveFileEx, MOVEFILE_DELAY_UNTIL_REBOOT): an empty
 * target deletes, one with a `!` in front is replaced where it is there. What cannot be done, such as the removal of a folder that is not
 * empty, is left out, and the next pair comes.
 */
export const runPendingRenames = ({ registry, files }: Machine): void => {
  for (const value of values) {
    const pending = registry.data(sessionManager, value);
    if (!Array.isArray(pending)) continue;
    for (let at = 0; at + 1 < pending.length; at += 2) attempt(files, String(pending[at]), String(pending[at + 1]));
    void registry.removeValue(sessionManager, value, systemPid);
  }
};

const attempt = (files: FileSystem, source: string, target: string): void => {
  const [from, to] = [pathOf(source), pathOf(target)];
  try {
    if (!files.exists(from)) return;
    if (to === '') return void files.remove(from, systemPid, { force: true });
    // No content is copied here: a name goes to a folder of its own volume only.
    if (files.volume(from) !== files.volume(to)) return;
    void files.move(from, to, systemPid, { replace: target.startsWith('!') });
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
  }
};
