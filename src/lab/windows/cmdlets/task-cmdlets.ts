import type { BoundParameters, CommandContext, ErrorSpec, Task } from '../../evaluator/host.ts';
import { localFromUnixMs } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { cimObject, cimStateOf, uint32 } from '../cim/cim-instance.ts';
import type { ScheduledTask } from '../machine/tasks/scheduled-task.ts';
import { writeTaskXml } from '../machine/tasks/task-xml.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';
import { folderOf, registerScheduledTask, taskError } from './register-task.ts';
import { taskObject } from './task-object.ts';
import { taskNamespace } from './task-objects.ts';

const noSuchTask = (name: string): ErrorSpec => ({
  id: 'CmdletizationQuery_NotFound_TaskName,Get-ScheduledTask',
  message: `No MSFT_ScheduledTask objects found with property 'TaskName' equal to '${name}'.  Verify the value of the property and retry.`,
  category: 'ObjectNotFound',
  target: name,
  exception: 'Microsoft.PowerShell.Cmdletization.CimJobException',
});

/** Tasks that -TaskName/-TaskPath/-InputObject name; a plain name without a task is an error. */
const boundTasks = (context: CommandContext, bound: BoundParameters): ScheduledTask[] => {
  const { tasks } = actorOf(context).machine;
  if (bound.has('InputObject')) {
    return bound.list('InputObject').flatMap((value) => {
      const state = cimStateOf(value);
      const task = tasks.find(
        context.text(state?.values.get('TaskPath') ?? '\\'),
        context.text(state?.values.get('TaskName') ?? ''),
      );
      return task ? [task] : [];
    });
  }
  const names = bound.texts('TaskName');
  const folders = bound.texts('TaskPath');
  const inFolder = (task: ScheduledTask): boolean =>
    folders.length === 0 ||
    folders.some((folder) =>
      /[*?[]/.test(folder)
        ? context.like(task.path, folder)
        : task.path.toLowerCase() === folderOf(folder).toLowerCase(),
    );
  if (names.length === 0) return tasks.all().filter(inFolder);
  return names.flatMap((name) => {
    const found = tasks.all().filter((task) => inFolder(task) && context.like(task.name, name));
    if (found.length === 0 && !/[*?[]/.test(name)) context.writeError(noSuchTask(name));
    return found;
  });
};

const common = { commandType: 'Function' } as const;

const getScheduledTask = command('Get-ScheduledTask', {
  ...common,
  pipeline: { TaskName: 'name', TaskPath: 'name' },
  simulated: ['TaskName', 'TaskPath'],
  process: (context, bound) => {
    for (const task of boundTasks(context, bound)) context.write(taskObject(actorOf(context).machine, task));
  },
});

const getScheduledTaskInfo = command('Get-ScheduledTaskInfo', {
  ...common,
  sets: ['Path', 'Object'],
  pipeline: { TaskName: 'name', TaskPath: 'name', InputObject: 'value' },
  simulated: ['TaskName', 'TaskPath', 'InputObject'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const local = (atMs: number | undefined): Value =>
      atMs === undefined ? null : localFromUnixMs(atMs, machine.timeZone.offsetMinutes);
    for (const task of boundTasks(context, bound)) {
      context.write(
        cimObject(
          'MSFT_TaskDynamicInfo',
          {
            LastRunTime: local(task.lastRunMs),
            LastTaskResult: uint32(task.lastResult >>> 0),
            NextRunTime: local(machine.tasks.nextRunMs(task)),
            NumberOfMissedRuns: uint32(task.missedRuns),
            TaskName: task.name,
            TaskPath: task.path === '\\' ? '' : task.path,
          },
          { namespace: taskNamespace },
        ),
      );
    }
  },
});

/** A cmdlet that does one thing to each named task. */
const forEachTask = (name: string, run: (context: CommandContext, task: ScheduledTask) => Task<void>) =>
  command(name, {
    ...common,
    sets: ['Path', 'Object'],
    pipeline: { TaskName: 'name', TaskPath: 'name', InputObject: 'value' },
    simulated: ['TaskName', 'TaskPath', 'InputObject'],
    *process(context, bound) {
      for (const task of boundTasks(context, bound)) {
        if (context.shouldProcess(`${task.path}${task.name}`, name)) yield* run(context, task);
      }
    },
  });

const startScheduledTask = forEachTask('Start-ScheduledTask', function* (context, task) {
  const { machine, pid } = actorOf(context);
  try {
    yield machine.tasks.start(task, pid);
  } catch (error) {
    if (!(error instanceof Win32Fault)) throw error;
    context.writeError(taskError(0x80041326 | 0, 'The task is disabled.', task.name, 'Start-ScheduledTask'));
  }
});

const stopScheduledTask = forEachTask('Stop-ScheduledTask', function* (context, task) {
  const { machine, pid } = actorOf(context);
  yield machine.tasks.stop(task, pid);
});

const unregisterScheduledTask = forEachTask('Unregister-ScheduledTask', function* (context, task) {
  const { machine, pid } = actorOf(context);
  yield machine.tasks.unregister(task, pid);
});

const setEnabled = (name: string, isEnabled: boolean) =>
  forEachTask(name, function* (context, task) {
    const { machine, pid } = actorOf(context);
    yield machine.tasks.setEnabled(task, isEnabled, pid);
    context.write(taskObject(machine, task));
  });

const exportScheduledTask = command('Export-ScheduledTask', {
  ...common,
  sets: ['Path', 'Object'],
  pipeline: { TaskName: 'name', TaskPath: 'name', InputObject: 'value' },
  simulated: ['TaskName', 'TaskPath', 'InputObject'],
  process: (context, bound) => {
    for (const task of boundTasks(context, bound)) context.write(writeTaskXml(task));
  },
});

/** Registering, starting, stopping and showing scheduled tasks. */
export const taskCmdlets = [
  getScheduledTask,
  getScheduledTaskInfo,
  registerScheduledTask,
  startScheduledTask,
  stopScheduledTask,
  unregisterScheduledTask,
  setEnabled('Enable-ScheduledTask', true),
  setEnabled('Disable-ScheduledTask', false),
  exportScheduledTask,
];
