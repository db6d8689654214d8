import { isFormerAttempt, isProtectionBegun, kitFolder } from './kit-ledger.ts';
import { type Change, systemPid } from './machine/change-feed.ts';
import type { Machine } from './machine/machine.ts';
import type { SimulatedProcess } from './machine/processes.ts';

/** Whether a path is the kit's folder or in it, also under the name under which the kit makes it ready before it takes its place. */
const isOurs = (path: unknown): boolean => {
  if (typeof path !== 'string' || path.slice(0, kitFolder.length).toLowerCase() !== kitFolder.toLowerCase())
    return false;
  return /^(?:\.[0-9a-f]{32})?(?:\\|$)/i.test(path.slice(kitFolder.length));
};

/** What the kit does for itself and undoes, or leaves until commit; and what is no change of the host. Everything else counts. */
const bookkeeping: readonly {
  readonly why: string;
  readonly is: (change: Change, machine: Machine) => boolean;
}[] = [
  {
    why: 'ledger, captures and calls of the run',
    is: ({ kind, target, after }) =>
      kind.startsWith('file.') && isOurs(target) && (kind !== 'file.rename' || isOurs(after)),
  },
  {
    why: 'tasks of the run: its work as SYSTEM, and those that put things back when nobody returns',
    is: ({ kind, target }) => kind.startsWith('task.') && /^\\Kintsugi-/i.test(target),
  },
  {
    why: 'a start of a task is no change by itself: what it does is',
    is: ({ kind }) => kind === 'task.start',
  },
  {
    why: 'the restore point that protects the run',
    is: ({ kind, target }) => kind === 'restore.create' && target.startsWith('Kintsugi '),
  },
  {
    // Its removal is the commit's; that by the script of a step is a change.
    why: 'the shadow copy that protects the run',
    is: ({ kind }, machine) => kind === 'shadow.create' && isProtectionBegun(machine),
  },
  {
    why: 'the restart that the run plans',
    is: ({ kind, after }) => kind === 'power.schedule' && after === 'p:2:17',
  },
  {
    why: 'the process of an attempt before, which the run ends before it begins anew',
    is: (change, machine) => change.kind === 'process.kill' && isFormerAttempt(machine, change),
  },
  {
    why: 'programs that a script runs, and their ends',
    is: ({ kind }) => kind === 'process.start' || kind === 'process.end',
  },
];

/** Whether a change is one to the host itself, made by a script: not the kit's own book-keeping, and not Windows by itself. */
export const isScriptChange = (machine: Machine, change: Change): boolean =>
  change.pid !== systemPid && !bookkeeping.some(({ is }) => is(change, machine));

/** Windows PowerShell, what WinRM runs it in, and what WinRM runs command lines in. */
const scriptHosts: readonly string[] = ['wsmprovhost', 'powershell', 'winrshost'];

/** The process whose script made a change: itself, or by a program that it runs. None where it is no script's, such as that of a service. */
export function scriptOf(machine: Machine, change: Change): SimulatedProcess | undefined {
  if (!isScriptChange(machine, change)) return undefined;
  let process = machine.processes.get(change.pid);
  while (process !== undefined && !scriptHosts.includes(process.name))
    process = machine.processes.get(process.parentPid);
  return process;
}
