import { type Change, systemPid } from './machine/change-feed.ts';
import type { Machine } from './machine/machine.ts';
import type { SimulatedProcess } from './machine/processes.ts';

/** Folder in which the host kit keeps its own things. */
export const kitFolder = 'C:\\ProgramData\\Kintsugi';

/** Whether a path is that of the kit's folder or of something in it. Until it is protected the folder has a name that nobody can guess. */
export const isInKitFolder = (path: string): boolean =>
  /^C:\\ProgramData\\Kintsugi(?:\.[0-9a-f]{32})?(?:\\|$)/i.test(path);

/** The tasks by which the kit runs its lanes and watches over a run. */
const kitTask = /^\\Kintsugi-/i;

/** A change that a script may have ordered, but that is none to the host: programs come and go with it. */
const comesAndGoes = ({ kind, before, pid }: Change): boolean =>
  kind === 'process.start' || (kind === 'process.end' && isProcess(before) && before.pid === pid);

const isProcess = (value: unknown): value is { readonly pid: number } =>
  typeof value === 'object' && value !== null && 'pid' in value;

/** Whether a change is one to the host itself, made by a script: not the kit's own book-keeping, and not Windows by itself. */
export function isScriptChange(change: Change): boolean {
  const { kind, target, pid } = change;
  if (pid === systemPid || comesAndGoes(change)) return false;
  return kind.startsWith('task.') ? !kitTask.test(target) : !isInKitFolder(target);
}

/** Windows PowerShell, what WinRM runs it in, and what WinRM runs command lines in. */
const scriptHosts: readonly string[] = ['wsmprovhost', 'powershell', 'winrshost'];

/**
 * The process whose script made a change: itself, or by a program that it runs. None where the change is no script's, such as that of a
 * service which sets the clock.
 */
export function scriptOf(machine: Machine, change: Change): SimulatedProcess | undefined {
  if (!isScriptChange(change)) return undefined;
  let process = machine.processes.get(change.pid);
  while (process !== undefined && !scriptHosts.includes(process.name))
    process = machine.processes.get(process.parentPid);
  return process;
}
