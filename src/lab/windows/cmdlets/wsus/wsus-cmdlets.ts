import { NetError } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject, stateOf } from '../../../evaluator/make.ts';
import type { CustomObject, Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { cleanUp } from '../../machine/wsus/cleanup.ts';
import { DatabaseFault } from '../../machine/wsus/update-database.ts';
import type { Approval, WsusUpdate } from '../../machine/wsus/wsus-update.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { computerObjects, serverObject } from '../../types/wsus/server-type.ts';
import { groups, updateObject, updateType } from '../../types/wsus/update-type.ts';
import { askService, sqlException } from '../../types/wsus/wsus-call.ts';
import { roleCommand } from '../role-command.ts';

const className = (name: string): string => `Microsoft.UpdateServices.Commands.${name}Command`;

/** The machine of a call; without its web service the command ends as a web request does. */
const asked = (context: CommandContext): Machine => {
  const { machine } = actorOf(context);
  try {
    askService(machine);
    machine.wsus.database.open();
  } catch (error) {
    if (error instanceof NetError)
      return context.fail({
        id: 'UnexpectedError',
        message: error.message,
        category: 'NotSpecified',
        exception: error.exception,
      });
    if (error instanceof DatabaseFault)
      return context.fail({
        id: 'UnexpectedError',
        message: error.message,
        category: 'NotSpecified',
        exception: sqlException(error),
      });
    throw error;
  }
  return machine;
};

const getServer = roleCommand('Get-WsusServer', {
  className: className('GetWsusServer'),
  simulated: ['Name', 'PortNumber'],
  process(context, bound) {
    const name = bound.text('Name');
    const machine = asked(context);
    if (name !== undefined && ![machine.name.toLowerCase(), 'localhost'].includes(name.toLowerCase()))
      return context.unsupported(`Get-WsusServer of ${name}`);
    context.write(serverObject(machine));
    return undefined;
  },
});

/** Microsoft.UpdateServices.Commands.WsusUpdate, as the cmdlets wrap an update. */
const wrapped = (machine: Machine, update: WsusUpdate): CustomObject =>
  customObject(
    {
      UpdateId: update.id,
      Update: updateObject(machine, update),
      Classification: update.classification,
      Approved: update.isDeclined ? 'Declined' : update.approvals.length > 0 ? 'Install' : 'NotApproved',
      Products: [update.product],
      UpdatesSupersedingThisUpdate: machine.wsus.database.content.updates
        .filter(({ supersedes }) => supersedes.includes(update.id))
        .map(({ title }) => title),
      ComputersNeedingThisUpdate: update.isNeeded ? 1 : 0,
    },
    ['Microsoft.UpdateServices.Commands.WsusUpdate'],
  );

const approvals: Readonly<Record<string, (update: WsusUpdate) => boolean>> = {
  unapproved: ({ isDeclined, approvals: own }) => !isDeclined && own.length === 0,
  approved: ({ isDeclined, approvals: own }) => !isDeclined && own.length > 0,
  declined: ({ isDeclined }) => isDeclined,
  anyexceptdeclined: ({ isDeclined }) => !isDeclined,
};
const classes: Readonly<Record<string, string>> = {
  security: 'Security Updates',
  critical: 'Critical Updates',
  wsus: 'Updates',
};

const getUpdate = roleCommand('Get-WsusUpdate', {
  className: className('GetWsusUpdate'),
  defaultSet: 'Scoped',
  simulated: ['UpdateServer', 'UpdateId', 'RevisionNumber', 'Classification', 'Approval', 'Status'],
  process(context, bound) {
    const machine = asked(context);
    const id = bound.has('UpdateId') ? context.text(bound.get('UpdateId')).toLowerCase() : undefined;
    const approval =
      approvals[(bound.has('Approval') ? context.text(bound.get('Approval')) : 'Unapproved').toLowerCase()] ??
      (() => true);
    const wanted =
      classes[(bound.has('Classification') ? context.text(bound.get('Classification')) : '').toLowerCase()];
    const status = (bound.has('Status') ? context.text(bound.get('Status')) : 'Any').toLowerCase();
    for (const update of machine.wsus.database.content.updates) {
      if (id !== undefined ? update.id !== id : !approval(update)) continue;
      if (wanted !== undefined && update.classification !== wanted) continue;
      if (status === 'needed' && !update.isNeeded) continue;
      context.write(wrapped(machine, update));
    }
  },
});

/** The update that a parameter holds: wrapped, or as the API has it. */
const updateOf = (context: CommandContext, bound: BoundParameters, machine: Machine): WsusUpdate | undefined => {
  const value = bound.get('Update');
  const inner: Value = context.property(value, 'Update') ?? value;
  const id = stateOf(inner, updateType)?.id ?? context.text(context.property(value, 'UpdateId'));
  return machine.wsus.database.find(id);
};

const deny = roleCommand('Deny-WsusUpdate', {
  className: className('DenyWsusUpdate'),
  simulated: ['Update'],
  *process(context, bound) {
    const machine = asked(context);
    const update = updateOf(context, bound, machine);
    if (update && context.shouldProcess(update.title, 'Deny-WsusUpdate'))
      yield machine.wsus.decline(update, actorOf(context).pid);
  },
});

const approve = roleCommand('Approve-WsusUpdate', {
  className: className('ApproveWsusUpdate'),
  simulated: ['Update', 'Action', 'TargetGroupName'],
  *process(context, bound) {
    const machine = asked(context);
    const update = updateOf(context, bound, machine);
    const name = bound.text('TargetGroupName') ?? '';
    const group = groups.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!group)
      return context.fail({
        id: 'ItemNotFound',
        message: `The target group '${name}' was not found.`,
        category: 'ObjectNotFound',
        target: name,
        exception: 'System.InvalidOperationException',
      });
    const action = context.text(bound.get('Action')) as Approval['action'];
    if (update && context.shouldProcess(update.title, 'Approve-WsusUpdate'))
      yield machine.wsus.approve(update, { groupId: group.id, action }, actorOf(context).pid);
    return undefined;
  },
});

const cleanup = roleCommand('Invoke-WsusServerCleanup', {
  className: className('InvokeWsusServerCleanup'),
  simulated: [
    'UpdateServer',
    'CleanupObsoleteComputers',
    'CleanupObsoleteUpdates',
    'CleanupUnneededContentFiles',
    'CompressUpdates',
    'DeclineExpiredUpdates',
    'DeclineSupersededUpdates',
  ],
  *process(context, bound): Task<void> {
    const machine = asked(context);
    if (!context.shouldProcess(machine.name, 'Invoke-WsusServerCleanup')) return;
    try {
      const result = yield* cleanUp(
        machine,
        {
          declineSuperseded: bound.flag('DeclineSupersededUpdates'),
          declineExpired: bound.flag('DeclineExpiredUpdates'),
          deleteObsolete: bound.flag('CleanupObsoleteUpdates'),
          compress: bound.flag('CompressUpdates'),
          deleteComputers: bound.flag('CleanupObsoleteComputers'),
          deleteContent: bound.flag('CleanupUnneededContentFiles'),
        },
        actorOf(context).pid,
      );
      const lines: readonly (readonly [string, string, number])[] = [
        ['CleanupObsoleteUpdates', 'Obsolete Updates Deleted', result.deleted],
        ['CompressUpdates', 'Updates Compressed', result.compressed],
        ['CleanupObsoleteComputers', 'Obsolete Computers Deleted', result.computers],
        ['DeclineExpiredUpdates', 'Expired Updates Declined', result.expired],
        ['DeclineSupersededUpdates', 'Obsolete Updates Declined', result.superseded],
        ['CleanupUnneededContentFiles', 'Diskspace Freed', result.freedBytes],
      ];
      for (const [parameter, text, count] of lines) if (bound.flag(parameter)) context.write(`${text}:${count}`);
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      context.fail({
        id: 'UnexpectedError',
        message: error.message,
        category: 'NotSpecified',
        exception: sqlException(error),
      });
    }
  },
});

const getComputer = roleCommand('Get-WsusComputer', {
  className: className('GetWsusComputer'),
  simulated: ['UpdateServer', 'All', 'NameIncludes'],
  process(context, bound) {
    const part = bound.text('NameIncludes')?.toLowerCase() ?? '';
    for (const computer of computerObjects(asked(context)))
      if (context.text(context.property(computer, 'FullDomainName')).toLowerCase().includes(part))
        context.write(computer);
  },
});

/** The module UpdateServices. */
export const wsusCmdlets = [getServer, getUpdate, deny, approve, cleanup, getComputer];
