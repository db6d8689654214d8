import { defineEnum } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { enumValue } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { cimObject } from '../cim/cim-instance.ts';
import type { Machine } from '../machine/machine.ts';
import {
  type TaskAction,
  type TaskPrincipal,
  type TaskSettings,
  type TaskTrigger,
  usualTaskSettings,
} from '../machine/tasks/scheduled-task.ts';
import { formatDuration, parseDuration } from '../machine/tasks/task-xml.ts';
import { toUnixMs } from '../types/file-info.ts';
import { command } from './command-syntax.ts';

/** CIM namespace of the task scheduler. */
export const taskNamespace = 'Root/Microsoft/Windows/TaskScheduler';
const prefix = 'Microsoft.PowerShell.Cmdletization.GeneratedTypes.ScheduledTask';

/** State of a task. */
export const taskStateEnum = defineEnum(`${prefix}.StateEnum`, {
  Unknown: 0,
  Disabled: 1,
  Queued: 2,
  Ready: 3,
  Running: 4,
});
/** How a task logs on. */
export const logonTypeEnum = defineEnum(
  `${prefix}.LogonTypeEnum`,
  { None: 0, Password: 1, S4U: 2, Interactive: 3, Group: 4, ServiceAccount: 5, InteractiveOrPassword: 6 },
  { aliases: ['LogonTypeEnum'] },
);
/** With which token a task runs. */
export const runLevelEnum = defineEnum(
  `${prefix}.RunLevelEnum`,
  { Limited: 0, Highest: 1 },
  { aliases: ['RunLevelEnum'] },
);
/** What a second start does while the first runs. */
export const multipleInstancesEnum = defineEnum(
  `${prefix}.MultipleInstancesEnum`,
  { Parallel: 0, Queue: 1, IgnoreNew: 2 },
  { aliases: ['MultipleInstancesEnum'] },
);

const optional = (value: Value, context: CallContext): string =>
  value === null || value === undefined ? '' : context.text(value);

/** What an action object says. */
export const actionOf = (value: Value, context: CallContext): TaskAction => ({
  execute: optional(context.property(value, 'Execute'), context),
  arguments: optional(context.property(value, 'Arguments'), context),
  workingDirectory: optional(context.property(value, 'WorkingDirectory'), context),
});

const kinds: Readonly<Record<string, TaskTrigger['kind']>> = {
  MSFT_TaskTimeTrigger: 'once',
  MSFT_TaskDailyTrigger: 'daily',
  MSFT_TaskWeeklyTrigger: 'weekly',
  MSFT_TaskBootTrigger: 'startup',
  MSFT_TaskLogonTrigger: 'logon',
};

/** A boundary without a zone is local time. */
const boundaryMs = (text: string, machine: Machine): number =>
  /Z$|[+-]\d\d:\d\d$/.test(text) ? Date.parse(text) : Date.parse(`${text}Z`) - machine.timeZone.offsetMinutes * 60_000;

/** What a trigger object says. */
export const triggerOf = (value: Value, context: CallContext, machine: Machine): TaskTrigger => {
  const className = context.text(context.property(context.property(value, 'CimClass'), 'CimClassName'));
  const start = optional(context.property(value, 'StartBoundary'), context);
  const end = optional(context.property(value, 'EndBoundary'), context);
  const repetition = context.property(value, 'Repetition');
  const interval = optional(context.property(repetition, 'Interval'), context);
  const duration = optional(context.property(repetition, 'Duration'), context);
  return {
    kind: kinds[className] ?? 'once',
    atMs: start === '' ? undefined : boundaryMs(start, machine),
    ...(end === '' ? {} : { endMs: boundaryMs(end, machine) }),
    repetitionMs: interval === '' ? undefined : parseDuration(interval),
    ...(duration === '' ? {} : { repetitionDurationMs: parseDuration(duration) }),
    delayMs: parseDuration(optional(context.property(value, 'Delay'), context)),
    isEnabled: context.isTrue(context.property(value, 'Enabled')),
  };
};

/** What a principal object says. */
export const principalOf = (value: Value, context: CallContext): TaskPrincipal => {
  const user = optional(context.property(value, 'UserId'), context);
  const group = optional(context.property(value, 'GroupId'), context);
  if (group !== '')
    return {
      userId: group,
      logonType: 'Group',
      runLevel: optional(context.property(value, 'RunLevel'), context) === 'Highest' ? 'Highest' : 'Limited',
    };
  return {
    userId: /^(SYSTEM|LOCALSYSTEM|NT AUTHORITY\\SYSTEM)$/i.test(user) ? 'S-1-5-18' : user,
    logonType: optional(context.property(value, 'LogonType'), context) as TaskPrincipal['logonType'],
    runLevel: optional(context.property(value, 'RunLevel'), context) === 'Highest' ? 'Highest' : 'Limited',
  };
};

/** What a settings object says. */
export const settingsOf = (value: Value, context: CallContext): TaskSettings => ({
  ...usualTaskSettings,
  executionTimeLimitMs: parseDuration(optional(context.property(value, 'ExecutionTimeLimit'), context)),
  multipleInstances: optional(
    context.property(value, 'MultipleInstances'),
    context,
  ) as TaskSettings['multipleInstances'],
  allowStartIfOnBatteries: !context.isTrue(context.property(value, 'DisallowStartIfOnBatteries')),
  dontStopIfGoingOnBatteries: !context.isTrue(context.property(value, 'StopIfGoingOnBatteries')),
  startWhenAvailable: context.isTrue(context.property(value, 'StartWhenAvailable')),
  hidden: context.isTrue(context.property(value, 'Hidden')),
  priority: Number(optional(context.property(value, 'Priority'), context) || usualTaskSettings.priority),
});

const spanMs = (value: Value, context: CallContext): number =>
  Number(context.text(context.property(value, 'TotalMilliseconds')));

const newAction = command('New-ScheduledTaskAction', {
  commandType: 'Function',
  simulated: ['Execute', 'Argument', 'WorkingDirectory', 'Id'],
  process: (context, bound) => {
    context.write(
      cimObject(
        'MSFT_TaskExecAction',
        {
          Id: bound.text('Id') ?? null,
          Arguments: bound.text('Argument') ?? null,
          Execute: bound.text('Execute') ?? null,
          WorkingDirectory: bound.text('WorkingDirectory') ?? null,
        },
        { namespace: taskNamespace },
      ),
    );
  },
});

const newPrincipal = command('New-ScheduledTaskPrincipal', {
  commandType: 'Function',
  sets: ['User', 'Group'],
  simulated: ['UserId', 'GroupId', 'LogonType', 'RunLevel', 'Id'],
  process: (context, bound) => {
    const pick = (name: string, usual: string): string => (bound.has(name) ? context.text(bound.get(name)) : usual);
    context.write(
      cimObject(
        'MSFT_TaskPrincipal2',
        {
          DisplayName: null,
          GroupId: bound.text('GroupId') ?? null,
          Id: bound.text('Id') ?? null,
          LogonType: enumValue(logonTypeEnum, bound.has('GroupId') ? 'Group' : pick('LogonType', 'None')),
          RunLevel: enumValue(runLevelEnum, pick('RunLevel', 'Limited')),
          UserId: bound.text('UserId') ?? null,
        },
        { namespace: taskNamespace },
      ),
    );
  },
});

const newSettings = command('New-ScheduledTaskSettingsSet', {
  commandType: 'Function',
  simulated: [
    'AllowStartIfOnBatteries',
    'DontStopIfGoingOnBatteries',
    'StartWhenAvailable',
    'MultipleInstances',
    'ExecutionTimeLimit',
    'Hidden',
    'Priority',
    'Compatibility',
    'DisallowHardTerminate',
  ],
  process: (context, bound) => {
    const limit = bound.has('ExecutionTimeLimit')
      ? spanMs(bound.get('ExecutionTimeLimit'), context)
      : usualTaskSettings.executionTimeLimitMs;
    context.write(
      cimObject(
        'MSFT_TaskSettings3',
        {
          DisallowStartIfOnBatteries: !bound.flag('AllowStartIfOnBatteries'),
          Enabled: true,
          ExecutionTimeLimit: formatDuration(limit),
          Hidden: bound.flag('Hidden'),
          MultipleInstances: enumValue(
            multipleInstancesEnum,
            bound.has('MultipleInstances') ? context.text(bound.get('MultipleInstances')) : 'IgnoreNew',
          ),
          Priority: bound.number('Priority') ?? 7,
          StartWhenAvailable: bound.flag('StartWhenAvailable'),
          StopIfGoingOnBatteries: !bound.flag('DontStopIfGoingOnBatteries'),
        },
        { namespace: taskNamespace },
      ),
    );
  },
});

const newTrigger = command('New-ScheduledTaskTrigger', {
  commandType: 'Function',
  sets: ['Once', 'Daily', 'Weekly', 'Startup', 'Logon'],
  simulated: ['Once', 'Daily', 'Weekly', 'AtStartup', 'AtLogOn', 'At', 'RepetitionInterval', 'RepetitionDuration'],
  process: (context, bound) => {
    const name = bound.flag('AtStartup')
      ? 'MSFT_TaskBootTrigger'
      : bound.flag('AtLogOn')
        ? 'MSFT_TaskLogonTrigger'
        : bound.flag('Daily')
          ? 'MSFT_TaskDailyTrigger'
          : bound.flag('Weekly')
            ? 'MSFT_TaskWeeklyTrigger'
            : 'MSFT_TaskTimeTrigger';
    const zone = {
      timeZone: { id: '', offsetMinutes: context.hooks.utcOffsetMinutes(context.hooks.wallClockMs()) },
    } as Machine;
    const at = bound.has('At')
      ? `${new Date(toUnixMs(zone, bound.get('At'), context)).toISOString().slice(0, 19)}Z`
      : null;
    const span = (name: string): string | null =>
      bound.has(name) ? formatDuration(spanMs(bound.get(name), context)) : null;
    context.write(
      cimObject(
        name,
        {
          Enabled: true,
          EndBoundary: null,
          ExecutionTimeLimit: null,
          Id: null,
          Repetition: cimObject(
            'MSFT_TaskRepetitionPattern',
            {
              Duration: span('RepetitionDuration'),
              Interval: span('RepetitionInterval'),
              StopAtDurationEnd: false,
            },
            { namespace: taskNamespace },
          ),
          StartBoundary: at,
          Delay: null,
        },
        { namespace: taskNamespace },
      ),
    );
  },
});

/** Makers of the parts of a task. */
export const taskPartCmdlets = [newAction, newPrincipal, newSettings, newTrigger];
