import type { Runspace } from '../../evaluator/host.ts';
import { createRunspace } from '../../evaluator/runspace.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { windowsExtension } from './extension.ts';
import { createHooks } from './process-hooks.ts';

/** Opens a session of the language in a process of the machine. */
export const openLanguage = (machine: Machine, process: SimulatedProcess): Runspace => {
  const home = process.environment.get('USERPROFILE')?.value ?? 'C:\\Windows\\system32';
  const isRemote = process.name === 'wsmprovhost';
  const location =
    isRemote && machine.files.exists(`${home}\\Documents`) ? `${home}\\Documents` : 'C:\\Windows\\system32';
  return createRunspace({ hooks: createHooks(machine, process, location), extensions: [windowsExtension] });
};
