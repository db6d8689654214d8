import { Hashtable } from '../../evaluator/hashtable.ts';
import { command } from '../cmdlets/command-syntax.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { targetsOf } from './cim-cmdlets.ts';

/** Set-CimInstance. */
export const setCimInstance = command('Set-CimInstance', {
  className: 'Microsoft.Management.Infrastructure.CimCmdlets.SetCimInstanceCommand',
  aliases: ['scim'],
  sets: ['CimInstanceComputerSet', 'QuerySessionSet', 'CimInstanceSessionSet', 'QueryComputerSet'],
  defaultSet: 'CimInstanceComputerSet',
  pipeline: { InputObject: 'value', Query: 'name', Namespace: 'name', Property: 'name' },
  parameterAliases: {
    InputObject: ['CimInstance'],
    Property: ['Arguments'],
    ComputerName: ['CN', 'ServerName'],
    OperationTimeoutSec: ['OT'],
  },
  simulated: ['InputObject', 'Query', 'Namespace', 'Property', 'PassThru', 'OperationTimeoutSec'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    for (const { one, self } of targetsOf(context, bound)) {
      const given = bound.get('Property');
      // Without -Property it writes back what the script changed on the object.
      const changes = given instanceof Hashtable ? given : new Hashtable();
      if (!(given instanceof Hashtable)) for (const [name, value] of self.values) changes.set(name, value);
      if (!one.set) return context.unsupported(`Set-CimInstance of ${one.name}`);
      if (!context.shouldProcess(one.name, 'Set-CimInstance')) continue;
      yield* one.set({ machine, context, self, changes, pid });
      if (bound.flag('PassThru')) context.write(bound.get('InputObject'));
    }
    return undefined;
  },
});
