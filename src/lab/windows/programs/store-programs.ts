import { launchApp, storeFamily } from '../machine/apps/app-launch.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import type { WindowsProgram } from './program.ts';

/** The session of a user that a process belongs to. */
const sessionOf = (machine: Machine, { sessionId }: SimulatedProcess) =>
  machine.users.sessions.find((session) => session.id === sessionId);

/** Starts the app that a name of the shell means: `shell:AppsFolder\Family!App` or `ms-windows-store:`. @returns whether it was one */
export const openShellName = (machine: Machine, process: SimulatedProcess, name: string): boolean => {
  const family =
    /^shell:appsfolder\\([^!\\]+)!\w+$/i.exec(name)?.[1] ??
    (/^ms-windows-store:/i.test(name) ? storeFamily : undefined);
  if (family === undefined) return false;
  const session = sessionOf(machine, process);
  if (session) launchApp(machine, session, family);
  return true;
};

/** Removes what is in a folder, but not what somebody holds. */
const emptyFolder = (machine: Machine, path: string, pid: number): void => {
  const { files } = machine;
  for (const child of files.find(path)?.children.values() ?? []) {
    const below = `${path}\\${child.name}`;
    if (child.isFolder) emptyFolder(machine, below, pid);
    if (child.children.size === 0 && files.handles.of(child).length === 0)
      void files.remove(below, pid, { force: true });
  }
};

/** wsreset.exe: empties the Store's cache of the user who calls it, and opens the Store. Where no user sits it does nothing. */
const resetProgram: WindowsProgram = {
  path: 'C:\\Windows\\System32\\WSReset.exe',
  *run({ machine, process }) {
    const session = sessionOf(machine, process);
    if (!session) return 0;
    yield machine.clock.wait(process.pid, 10_000);
    const { apps, users } = machine;
    const app = apps.of(session.account.sid).find(({ familyName }) => familyName === storeFamily);
    if (app) {
      for (const other of machine.processes.all())
        if (
          other.path.toLowerCase().startsWith(`${apps.folderOf(app.fullName)}\\`.toLowerCase()) &&
          other.sessionId === session.id
        )
          void machine.processes.end(other.pid, 0, process.pid);
      const profile = users.profileOf(session.account.sid) ?? '';
      emptyFolder(machine, `${apps.dataFolder(profile, app.fullName)}\\LocalCache`, process.parentPid);
    }
    launchApp(machine, session, storeFamily);
    return 0;
  },
};

/** explorer.exe with the name of an app; it hands on to the shell that runs and ends with 1, as it always does. */
const explorerProgram: WindowsProgram = {
  path: 'C:\\Windows\\explorer.exe',
  // oxlint-disable-next-line require-yield -- nothing to wait for
  *run({ machine, process, args }) {
    openShellName(machine, process, args.join(' '));
    return 1;
  },
};

/** wsreset.exe and explorer.exe. */
export const storePrograms: readonly WindowsProgram[] = [resetProgram, explorerProgram];
