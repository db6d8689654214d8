import { type Held, systemPid } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { webPaths } from './web-paths.ts';

const files = ['administration.config', 'applicationHost.config', 'redirection.config'] as const;
const folder = `${webPaths.programs}\\config`;

/** Backups of the configuration of the server, the newest last. */
export const backupsOf = (machine: Machine): { readonly name: string; readonly createdMs: number }[] =>
  [...(machine.files.find(webPaths.backups)?.children.values() ?? [])]
    .filter(({ isFolder }) => isFolder)
    .map(({ name, createdMs }) => ({ name, createdMs }));

/** Copies the configuration files into a backup; what is there under the name stays as it is. */
export const addBackup = (machine: Machine, name: string, pid: number): Held => {
  const to = `${webPaths.backups}\\${name}`;
  let held = machine.files.createFolder(to, pid);
  for (const file of files) {
    const node = machine.files.find(`${folder}\\${file}`);
    if (node) held = machine.files.write(`${to}\\${file}`, machine.files.read(node), pid) ?? held;
  }
  return held;
};

/** Removes a backup. */
export const removeBackup = (machine: Machine, name: string, pid: number): Held => {
  const from = `${webPaths.backups}\\${name}`;
  for (const child of Array.from(machine.files.get(from).children.values()))
    void machine.files.remove(`${from}\\${child.name}`, pid);
  return machine.files.remove(from, pid);
};

/** Puts a backup back: the services stop, the files are replaced, the services start (as Restore-WebConfiguration and appcmd do). */
export const restoreBackup = (machine: Machine, name: string, pid: number): Held => {
  const { services } = machine;
  const running = ['W3SVC', 'WAS'].filter((service) => services.find(service)?.state === 'Running');
  for (const service of running) void services.stop(service, pid);
  let held: Held;
  for (const file of files) {
    const node = machine.files.find(`${webPaths.backups}\\${name}\\${file}`);
    if (node) held = machine.files.write(`${folder}\\${file}`, machine.files.read(node), pid) ?? held;
  }
  machine.web.keepHistory(systemPid);
  for (const service of ['WAS', 'W3SVC']) {
    const found = services.find(service);
    // The service manager starts what starts by itself, whether it ran before or not.
    if (
      found &&
      found.state === 'Stopped' &&
      found.start !== 'Disabled' &&
      (running.includes(service) || service === 'W3SVC' || services.find('W3SVC')?.start === 'Automatic')
    )
      void services.start(service, pid);
  }
  return held;
};
