import type { BoundParameters, CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import { isElevated } from '../accounts.ts';
import { absolutePath } from '../machine/files/paths.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { launchProgram } from '../programs/launch.ts';
import { isOutside } from '../programs/outside-programs.ts';
import { openShellName } from '../programs/store-programs.ts';
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
  simulated: ['Id', 'Name', 'InputObject', 'Force', 'PassThru'],
  *process(context, bound) {
    const { machine, pid, process: caller } = actorOf(context);
    for (const process of boundProcesses(context, bound)) {
      if (!context.shouldProcess(`${process.name} (${process.pid})`, 'Stop-Process')) continue;
      if (!isElevated(caller.account) && process.account.sid !== caller.account.sid) {
        context.writeError({
          id: 'CouldNotStopProcess',
          message: `Cannot stop process "${process.name} (${process.pid})" because of the following error: Access is denied`,
          category: 'CloseError',
          target: processObject(machine, process),
          exception: 'Microsoft.PowerShell.Commands.ProcessCommandException',
        });
        continue;
      }
      if (machine.processes.get(process.pid) === process) yield machine.processes.end(process.pid, -1, pid);
      if (bound.flag('PassThru')) context.write(processObject(machine, process));
    }
  },
});

const joinArguments = (context: CommandContext, bound: BoundParameters): string =>
  bound
    .list('ArgumentList')
    .map((value) => context.text(value))
    .join(' ');

const startProcess = command('Start-Process', {
  className: 'Microsoft.PowerShell.Commands.StartProcessCommand',
  aliases: ['saps', 'start'],
  sets: ['Default', 'UseShellExecute'],
  simulated: [
    'FilePath',
    'ArgumentList',
    'Wait',
    'PassThru',
    'NoNewWindow',
    'WindowStyle',
    'WorkingDirectory',
    'RedirectStandardOutput',
    'RedirectStandardError',
  ],
  *process(context, bound) {
    const { machine, process: parent, pid } = actorOf(context);
    const file = bound.text('FilePath') ?? '';
    const isRead = bound.has('RedirectStandardOutput') || bound.has('RedirectStandardError');
    if (openShellName(machine, parent, file)) return undefined;
    const running = launchProgram(machine, parent, file, joinArguments(context, bound), isRead);
    if (!running) {
      if (isOutside(file)) context.unsupported(`the program ${file}`);
      return context.fail({
        id: 'InvalidOperationException',
        message: 'This command cannot be run due to the error: The system cannot find the file specified.',
        category: 'InvalidOperation',
        exception: 'System.InvalidOperationException',
      });
    }
    if (bound.flag('PassThru')) context.write(processObject(machine, running.process));
    if (!bound.flag('Wait') && !isRead) return undefined;
    yield machine.clock.wait(pid, Number.POSITIVE_INFINITY, running.process.ended);
    for (const [name, parts] of [
      ['RedirectStandardOutput', running.output],
      ['RedirectStandardError', running.errors],
    ] as const) {
      const path = bound.text(name);
      if (path !== undefined)
        yield machine.files.write(absolutePath(path, context.location), new Uint8Array(Buffer.concat(parts)), pid);
    }
    return undefined;
  },
});

const waitProcess = command('Wait-Process', {
  className: 'Microsoft.PowerShell.Commands.WaitProcessCommand',
  sets: ['Name', 'Id', 'InputObject'],
  simulated: ['Name', 'Id', 'InputObject', 'Timeout'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const limit = bound.number('Timeout');
    for (const process of boundProcesses(context, bound)) {
      yield machine.clock.wait(pid, limit === undefined ? Number.POSITIVE_INFINITY : limit * 1000, process.ended);
      if (process.ended.fired) continue;
      context.writeError({
        id: 'ProcessNotTerminated',
        message: `This command stopped operation because process "${process.name} (${process.pid})" is not stopped in the specified time-out.`,
        category: 'CloseError',
        target: process.pid,
        exception: 'System.TimeoutException',
      });
    }
  },
});

/** Get-, Stop-, Start- and Wait-Process. */
export const processCmdlets = [getProcess, stopProcess, startProcess, waitProcess];
