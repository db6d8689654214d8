import type { BoundParameters, CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { processObject, processOf } from '../types/process.ts';
import { command } from './command-syntax.ts';

const notFound = (id: string, wanted: string, kind: 'name' | 'process identifier'): ErrorSpec => ({
  id,
  message: `Cannot find a process with the ${kind} ${kind === 'name' ? `"${wanted}". Verify the process name and call the cmdlet again.` : `${wanted}.`}`,
  category: 'ObjectNotFound',
  target: wanted,
  exception: 'Microsoft.PowerShell.Commands.ProcessCommandException',
});

const boundProcesses = (context: CommandContext, bound: BoundParameters): SimulatedProcess[] => {
  const { machine } = actorOf(context);
  if (bound.has('InputObject')) return bound.list('InputObject').flatMap((value) => processOf(value) ?? []);
  if (bound.has('Id')) {
    return bound.list('Id').flatMap((value) => {
      const process = machine.processes.get(Number(context.text(value)));
      if (!process) context.writeError(notFound('NoProcessFoundForGivenId', context.text(value), 'process identifier'));
      return process ?? [];
    });
  }
  const names = bound.texts('Name');
  if (names.length === 0) return machine.processes.all();
  return names.flatMap((name) => {
    const found = machine.processes.all().filter((process) => context.like(process.name, name));
    if (found.length === 0 && !/[*?[]/.test(name))
      context.writeError(notFound('NoProcessFoundForGivenName', name, 'name'));
    return found;
  });
};

const getProcess = command('Get-Process', {
  className: 'Microsoft.PowerShell.Commands.GetProcessCommand',
  aliases: ['gps', 'ps'],
  sets: ['Name', 'NameWithUserName', 'IdWithUserName', 'Id', 'InputObjectWithUserName', 'InputObject'],
  defaultSet: 'Name',
  pipeline: { Name: 'name', Id: 'name', InputObject: 'value' },
  parameterAliases: { Name: ['ProcessName'], Id: ['PID'] },
  simulated: ['Name', 'Id', 'InputObject'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    for (const process of boundProcesses(context, bound)) context.write(processObject(machine, process));
  },
});

const stopProcess = command('Stop-Process', {
  className: 'Microsoft.PowerShell.Commands.StopProcessCommand',
  aliases: ['spps', 'kill'],
  sets: ['Id', 'Name', 'InputObject'],
  pipeline: { Id: 'name', Name: 'name', InputObject: 'value' },
  parameterAliases: { Name: ['ProcessName'] },
  simulated: ['Id', 'Name', 'InputObject', 'Force', 'PassThru'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const process of boundProcesses(context, bound)) {
      if (!context.shouldProcess(`${process.name} (${process.pid})`, 'Stop-Process')) continue;
      if (machine.processes.get(process.pid) === process) yield machine.processes.end(process.pid, -1, pid);
      if (bound.flag('PassThru')) context.write(processObject(machine, process));
    }
  },
});

/** Get-Process and Stop-Process. */
export const processCmdlets = [getProcess, stopProcess];
