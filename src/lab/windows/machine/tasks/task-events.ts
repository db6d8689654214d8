import type { Machine } from '../machine.ts';
import type { ScheduledTask } from './scheduled-task.ts';

const log = 'Microsoft-Windows-TaskScheduler/Operational';

const write = (
  machine: Machine,
  id: number,
  level: number,
  message: string,
  data: readonly (readonly [string, string])[],
): void => void machine.events.write({ log, provider: 'Microsoft-Windows-TaskScheduler', id, level, message, data });

const nameOf = ({ path, name }: ScheduledTask): string => `${path}${name}`;

/** Event 101: a task could not be started; the code as an unsigned number. */
export const writeStartFailed = (machine: Machine, task: ScheduledTask, result: number): void => {
  const { userId } = task.definition.principal;
  write(
    machine,
    101,
    2,
    `Task Scheduler failed to start "${nameOf(task)}" task for user "${userId}". Additional Data: Error Value: ${result >>> 0}.`,
    [
      ['TaskName', nameOf(task)],
      ['UserContext', userId],
      ['ResultCode', String(result >>> 0)],
    ],
  );
};

/** Event 326: the computer runs on batteries, and the task does not want that. */
export const writeOnBatteries = (machine: Machine, task: ScheduledTask): void =>
  write(
    machine,
    326,
    3,
    `Task Scheduler did not launch task "${nameOf(task)}"  because computer is running on batteries. User Action: If launching the task on batteries is required, change the respective flag in the task configuration.`,
    [['TaskName', nameOf(task)]],
  );

/** Event 203: an action could not be launched. */
export const writeActionFailed = (machine: Machine, task: ScheduledTask, action: string, result: number): void =>
  write(
    machine,
    203,
    2,
    `Task Scheduler failed to launch action "${action}" in instance "{00000000-0000-0000-0000-000000000000}" of task "${nameOf(task)}". Additional Data: Error Value: ${result >>> 0}.`,
    [
      ['TaskName', nameOf(task)],
      ['ActionName', action],
      ['ResultCode', String(result >>> 0)],
    ],
  );
