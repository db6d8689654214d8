import { newObject } from '../../../evaluator/make.ts';
import { isLocked } from '../../machine/web/config-engine.ts';
import { setLock } from '../../machine/web/config-filter.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { elementType } from '../../types/web/config-values.ts';
import { roleCommand } from '../role-command.ts';
import { className, elements, targets } from './config-cmdlets.ts';
import { webStep } from './web-errors.ts';

const getLock = roleCommand('Get-WebConfigurationLock', {
  className: className('GetConfigurationLock'),
  simulated: ['Filter', 'PSPath', 'Location'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    for (const target of targets(context, bound))
      yield* webStep(context, () => {
        const scope = target.place.scope.site === undefined ? target.place.location : target.place.scope;
        if (!isLocked(machine.web.readConfig(), target.filter.section, scope)) return;
        const [state] = elements(context, { ...target, filter: { ...target.filter, steps: [] } });
        if (state) context.write(newObject(elementType, { ...state, extra: [['OverrideMode', () => 'Deny']] }));
      });
  },
});

const changeLock = (name: 'Add' | 'Remove') =>
  roleCommand(`${name}-WebConfigurationLock`, {
    className: className(`${name}ConfigurationLock`),
    simulated: ['Filter', 'PSPath', 'Location', 'Force', ...(name === 'Add' ? ['Type', 'PassThru'] : [])],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      const type = (bound.has('Type') ? context.text(bound.get('Type')) : 'general').toLowerCase();
      if (type !== 'general') return context.unsupported(`a lock of the type ${type}`);
      for (const target of targets(context, bound)) {
        if (!context.shouldProcess(`${target.place.shown} ${target.filter.shown}`, `${name}-WebConfigurationLock`))
          continue;
        yield* webStep(context, () =>
          setLock(machine, target.filter.section, target.place.location, name === 'Add' ? 'Deny' : 'Allow', pid),
        );
      }
      return undefined;
    },
  });

/** Locks of sections. */
export const lockCmdlets = [getLock, changeLock('Add'), changeLock('Remove')];
