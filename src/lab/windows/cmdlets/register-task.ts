import type { BoundParameters, CommandContext, ErrorSpec } from '../../evaluator/host.ts';
import { exception } from '../../evaluator/make.ts';
import type { Value } from '../../evaluator/value.ts';
import { parseSddlSid, sidOfName } from '../accounts.ts';
import { cimStateOf } from '../cim/cim-instance.ts';
import { type TaskDefinition, usualTaskSettings } from '../machine/tasks/scheduled-task.ts';
import { readTaskXml } from '../machine/tasks/task-xml.ts';
import { outsideOfTaskXml } from '../machine/tasks/task-xml-outside.ts';
import { Win32Fault } from '../machine/win32-fault.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { command } from './command-syntax.ts';
import { taskObject } from './task-object.ts';
import { actionOf, principalOf, settingsOf, triggerOf } from './task-objects.ts';

/** An error of the task service. @param code HRESULT; @param verb name of the command */
export const taskError = (code: number, message: string, target: string, verb: string): ErrorSpec => ({
  id: `HRESULT 0x${(code >>> 0).toString(16)},${verb}`,
  message,
  category: code === (0x80070002 | 0) ? 'ObjectNotFound' : 'NotSpecified',
  target,
  exception: exception('Microsoft.Management.Infrastructure.CimException', message, { hresult: 0x80131500 }),
});

/** The accounts of services, and SYSTEM. */
const isServiceAccount = (user: string | undefined): boolean =>
  user !== undefined &&
  /^(S-1-5-(18|19|20)|(NT AUTHORITY\\)?(SYSTEM|LOCAL ?SERVICE|NETWORK ?SERVICE)|LocalSystem)$/i.test(user);

const isGroup = (name: string): boolean => (parseSddlSid(name) ?? sidOfName(name)) !== undefined;

/** `\folder\` from what was given. */
export const folderOf = (path: string | undefined): string => {
  const trimmed = (path ?? '').replaceAll('/', '\\').replace(/^\\+|\\+$/g, '');
  return trimmed === '' ? '\\' : `\\${trimmed}\\`;
};

/** The parts of a task that may be left out may not be null where they are given. */
const refuseNulls = (context: CommandContext, bound: BoundParameters): void => {
  const name = ['Trigger', 'Settings', 'Principal'].find((one) => bound.has(one) && bound.list(one).every(isNull));
  if (name === undefined) return;
  context.fail({
    id: 'ParameterArgumentValidationError',
    message: `Cannot validate argument on parameter '${name}'. The argument is null. Provide a valid value for the argument, and then try running the command again.`,
    category: 'InvalidData',
    exception: 'System.Management.Automation.ParameterBindingException',
  });
};

const isNull = (value: Value): boolean => value === null || value === undefined;

const definitionOf = (context: CommandContext, bound: BoundParameters): TaskDefinition => {
  const { machine, process } = actorOf(context);
  const user = bound.text('User');
  return {
    description: bound.text('Description') ?? '',
    author: process.account.name,
    actions: bound.list('Action').map((value) => actionOf(value, context)),
    triggers: bound.list('Trigger').map((value) => triggerOf(value, context, machine)),
    principal: bound.has('Principal')
      ? principalOf(bound.get('Principal'), context)
      : {
          userId: user ?? process.account.name,
          // Without a password a task of a person runs in the session of that person.
          logonType: isServiceAccount(user) ? 'ServiceAccount' : 'Interactive',
          runLevel: bound.has('RunLevel') && context.text(bound.get('RunLevel')) === 'Highest' ? 'Highest' : 'Limited',
        },
    settings: bound.has('Settings') ? settingsOf(bound.get('Settings'), context) : usualTaskSettings,
  };
};

/** Register-ScheduledTask. */
export const registerScheduledTask = command('Register-ScheduledTask', {
  commandType: 'Function',
  sets: ['User', 'Xml', 'Principal', 'Object'],
  pipeline: { InputObject: 'value', Xml: 'both' },
  simulated: [
    'TaskName',
    'TaskPath',
    'Action',
    'Trigger',
    'Settings',
    'Principal',
    'User',
    'RunLevel',
    'Description',
    'Force',
    'Xml',
    'InputObject',
  ],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    refuseNulls(context, bound);
    const given = bound.text('TaskName') ?? '';
    const cut = given.lastIndexOf('\\');
    const name = given.slice(cut + 1);
    const path = cut < 0 ? folderOf(bound.text('TaskPath')) : folderOf(given.slice(0, cut));
    const outside = bound.has('Xml') ? outsideOfTaskXml(bound.text('Xml') ?? '') : undefined;
    if (outside !== undefined) context.unsupported(`${outside} of a task's XML`);
    const fromXml = bound.has('Xml') ? readTaskXml(bound.text('Xml') ?? '') : undefined;
    if (bound.has('Xml') && !fromXml) {
      return context.writeError(
        taskError(
          0x80041319 | 0,
          'The task XML contains a value which is incorrectly formatted or out of range.',
          name,
          'Register-ScheduledTask',
        ),
      );
    }
    const input = bound.has('InputObject') ? cimStateOf(bound.get('InputObject')) : undefined;
    if (input) context.unsupported('Register-ScheduledTask -InputObject');
    const definition = fromXml?.definition ?? definitionOf(context, bound);
    if (
      definition.principal.userId !== '' &&
      !machine.accountOf(definition.principal.userId) &&
      !isServiceAccount(definition.principal.userId) &&
      !(definition.principal.logonType === 'Group' && isGroup(definition.principal.userId))
    ) {
      return context.writeError(
        taskError(
          0x80070534 | 0,
          'No mapping between account names and security IDs was done.',
          definition.principal.userId,
          'Register-ScheduledTask',
        ),
      );
    }
    try {
      yield machine.tasks.register(path, name, definition, pid, bound.flag('Force'));
    } catch (error) {
      if (!(error instanceof Win32Fault)) throw error;
      return context.writeError(
        taskError(
          0x800700b7 | 0,
          'Cannot create a file when that file already exists.',
          name,
          'Register-ScheduledTask',
        ),
      );
    }
    const task = machine.tasks.find(path, name);
    if (task && fromXml && !fromXml.isEnabled) yield machine.tasks.setEnabled(task, false, pid);
    if (task) context.write(taskObject(machine, task));
    return undefined;
  },
});
