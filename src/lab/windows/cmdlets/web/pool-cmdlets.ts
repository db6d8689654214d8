import type { CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import { addPool, poolFilter, removeHostEntries } from '../../machine/web/edit-sites.ts';
import { poolsOf } from '../../machine/web/web-sites.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { findPool, poolObject } from '../../types/web/web-objects.ts';
import { roleCommand } from '../role-command.ts';
import { noWebPath, webStep } from './web-errors.ts';

const className = (name: string): string => `Microsoft.IIs.PowerShell.Provider.${name}Command`;

const invalid = (context: CommandContext, message: string, target: string): void =>
  context.writeError({
    id: 'InvalidOperation',
    message,
    category: 'InvalidOperation',
    target,
    exception: 'System.InvalidOperationException',
  });

const getState = roleCommand('Get-WebAppPoolState', {
  className: className('GetAppPoolState'),
  simulated: ['Name'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    const pattern = bound.text('Name');
    yield* webStep(context, () => {
      const pools = poolsOf(machine.web.viewConfig()).filter(
        ({ name }) => pattern === undefined || context.like(name, pattern),
      );
      if (pattern !== undefined && pools.length === 0) context.writeError(noWebPath(`IIS:\\AppPools\\${pattern}`));
      for (const { name } of pools) {
        const state = machine.web.poolState(name);
        if (state === undefined) invalid(context, `The service 'WAS' is not running.`, name);
        else context.write(customObject({ Value: state }, ['Microsoft.IIs.PowerShell.Framework.CodeProperty']));
      }
    });
  },
});

const switchPool = (verb: 'Start' | 'Stop' | 'Restart') =>
  roleCommand(`${verb}-WebAppPool`, {
    className: className(`${verb}AppPool`),
    simulated: ['Name', 'Passthru'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      const name = bound.text('Name') ?? '';
      yield* webStep(context, function* (): Task<void> {
        const pool = findPool(machine, name);
        if (!pool) return context.writeError(noWebPath(`IIS:\\AppPools\\${name}`));
        const state = machine.web.poolState(name);
        if (state === undefined) return invalid(context, `The service 'WAS' is not running.`, name);
        if (verb === 'Start' && state !== 'Started') yield machine.web.setPool(pool.name, 'Started', pid);
        if (verb !== 'Start' && state === 'Stopped')
          return invalid(
            context,
            verb === 'Stop'
              ? 'Object on target path is already stopped.'
              : 'You have to start stopped object before restarting it.',
            name,
          );
        if (verb === 'Stop') yield machine.web.setPool(pool.name, 'Stopped', pid);
        if (verb === 'Restart') yield machine.web.recycle(pool.name, pid);
        if (verb !== 'Restart' && bound.flag('Passthru')) context.write(poolObject(machine, pool));
        return undefined;
      });
    },
  });

const newPool = roleCommand('New-WebAppPool', {
  className: className('NewAppPool'),
  simulated: ['Name', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    yield* webStep(context, function* (): Task<void> {
      yield addPool(machine, name, pid);
      const made = findPool(machine, name);
      if (made) context.write(poolObject(machine, made));
    });
  },
});

const removePool = roleCommand('Remove-WebAppPool', {
  className: className('RemoveAppPool'),
  simulated: ['Name'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    if (!context.shouldProcess(name, 'Remove-WebAppPool')) return;
    yield* webStep(context, () => {
      if (!findPool(machine, name)) return context.writeError(noWebPath(`IIS:\\AppPools\\${name}`));
      machine.web.endWorker(name);
      return removeHostEntries(machine, poolFilter(name), pid);
    });
  },
});

/** Application pools. */
export const poolCmdlets = [
  getState,
  switchPool('Start'),
  switchPool('Stop'),
  switchPool('Restart'),
  newPool,
  removePool,
];
