import { enumValue } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { cimObject } from '../cim/cim-instance.ts';
import type { Machine } from '../machine/machine.ts';
import type { ScheduledTask } from '../machine/tasks/scheduled-task.ts';
import { formatDuration } from '../machine/tasks/task-xml.ts';
import { logonTypeEnum, runLevelEnum, taskNamespace, taskStateEnum } from './task-objects.ts';

const stateName = (task: ScheduledTask): string =>
  !task.isEnabled ? 'Disabled' : task.runningPid !== undefined ? 'Running' : task.isQueued ? 'Queued' : 'Ready';

/** The object of a registered task. */
export const taskObject = (machine: Machine, task: ScheduledTask): Value => {
  const { definition } = task;
  return cimObject(
    'MSFT_ScheduledTask',
    {
      State: enumValue(taskStateEnum, stateName(task)),
      Actions: definition.actions.map((action) =>
        cimObject(
          'MSFT_TaskExecAction',
          {
            Id: null,
            Arguments: action.arguments || null,
            Execute: action.execute,
            WorkingDirectory: action.workingDirectory || null,
          },
          { namespace: taskNamespace },
        ),
      ),
      Author: definition.author || null,
      Date: null,
      Description: definition.description || null,
      Documentation: null,
      Principal: cimObject(
        'MSFT_TaskPrincipal2',
        {
          DisplayName: null,
          GroupId: definition.principal.logonType === 'Group' ? definition.principal.userId : null,
          Id: 'Author',
          LogonType: enumValue(logonTypeEnum, definition.principal.logonType),
          RunLevel: enumValue(runLevelEnum, definition.principal.runLevel),
          UserId:
            definition.principal.logonType === 'Group'
              ? null
              : definition.principal.userId === 'S-1-5-18'
                ? 'SYSTEM'
                : definition.principal.userId,
        },
        { namespace: taskNamespace },
      ),
      Settings: cimObject(
        'MSFT_TaskSettings3',
        {
          Enabled: task.isEnabled,
          ExecutionTimeLimit: formatDuration(definition.settings.executionTimeLimitMs),
          Hidden: definition.settings.hidden,
          MultipleInstances: definition.settings.multipleInstances,
          StartWhenAvailable: definition.settings.startWhenAvailable,
          DisallowStartIfOnBatteries: !definition.settings.allowStartIfOnBatteries,
          StopIfGoingOnBatteries: !definition.settings.dontStopIfGoingOnBatteries,
          Priority: definition.settings.priority,
        },
        { namespace: taskNamespace },
      ),
      Source: null,
      TaskName: task.name,
      TaskPath: task.path,
      Triggers: definition.triggers.map((trigger) =>
        cimObject(
          {
            once: 'MSFT_TaskTimeTrigger',
            daily: 'MSFT_TaskDailyTrigger',
            weekly: 'MSFT_TaskWeeklyTrigger',
            startup: 'MSFT_TaskBootTrigger',
            logon: 'MSFT_TaskLogonTrigger',
          }[trigger.kind],
          {
            Enabled: trigger.isEnabled,
            StartBoundary: trigger.atMs === undefined ? null : `${new Date(trigger.atMs).toISOString().slice(0, 19)}Z`,
            EndBoundary: trigger.endMs === undefined ? null : `${new Date(trigger.endMs).toISOString().slice(0, 19)}Z`,
            Delay: trigger.delayMs === 0 ? null : formatDuration(trigger.delayMs),
            Repetition: cimObject(
              'MSFT_TaskRepetitionPattern',
              {
                Interval: trigger.repetitionMs === undefined ? null : formatDuration(trigger.repetitionMs),
                Duration:
                  trigger.repetitionDurationMs === undefined ? null : formatDuration(trigger.repetitionDurationMs),
                StopAtDurationEnd: false,
              },
              { namespace: taskNamespace },
            ),
          },
          { namespace: taskNamespace },
        ),
      ),
      URI: `${task.path}${task.name}`,
      Version: null,
    },
    { namespace: taskNamespace, keys: ['TaskName', 'TaskPath'], machine },
  );
};
