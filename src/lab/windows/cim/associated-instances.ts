import type { CommandContext } from '../../evaluator/host.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import { command } from '../cmdlets/command-syntax.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { type CimState, cimObject, cimStateOf } from './cim-instance.ts';
import { cimClasses, cimError, findClass, isClass } from './find-class.ts';

/** Classes that stand for others in references: an account is a user or a group. */
const concrete: Readonly<Record<string, string>> = { Win32_Account: 'Win32_UserAccount' };
const nameOf = (className: string): string => concrete[className] ?? className;

const isSame = (a: CimState, b: CimState, context: CommandContext): boolean =>
  nameOf(a.className) === nameOf(b.className) &&
  a.keys.every((key) => context.equals(a.values.get(key), b.values.get(key)));

/** The instance that a reference names, with all its properties. */
const resolve = (reference: CimState, context: CommandContext): Instance<CimState> | undefined => {
  const { machine } = actorOf(context);
  const found = findClass(actorOf(context), reference.namespace, nameOf(reference.className));
  if (!isClass(found)) return undefined;
  const values = found
    .instances(machine)
    .find((one) => reference.keys.every((key) => context.equals(one[key], reference.values.get(key))));
  return values && cimObject(found.name, values, { namespace: found.namespace, keys: found.keys, machine });
};

/** Get-CimAssociatedInstance: what association classes tie to an instance. */
export const getAssociatedInstance = command('Get-CimAssociatedInstance', {
  className: 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimAssociatedInstanceCommand',
  aliases: ['gcai'],
  sets: ['ComputerSet', 'SessionSet'],
  pipeline: { InputObject: 'value' },
  parameterAliases: { InputObject: ['CimInstance'], ComputerName: ['CN', 'ServerName'], OperationTimeoutSec: ['OT'] },
  simulated: ['InputObject', 'Association', 'ResultClassName', 'OperationTimeoutSec'],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    const self = cimStateOf(bound.get('InputObject'));
    if (!self) return;
    const wanted = bound.text('Association');
    const associations = cimClasses.filter(({ keys }) => keys.includes('Antecedent') && keys.includes('Dependent'));
    const used = associations.filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted.toLowerCase());
    if (used.length === 0) {
      const found = findClass(actorOf(context), self.namespace, wanted ?? '');
      return context.writeError(isClass(found) ? cimError('invalidClass', found.name) : found);
    }
    for (const association of used)
      for (const { Antecedent, Dependent } of association.instances(machine)) {
        const ends: readonly Value[] = [Antecedent, Dependent];
        const states = ends.map((end) => cimStateOf(end));
        const at = states.findIndex((state) => state !== undefined && isSame(state, self, context));
        const other = at < 0 ? undefined : states[1 - at];
        const object = other && resolve(other, context);
        const result = bound.text('ResultClassName');
        if (object && (result === undefined || nameOf(result).toLowerCase() === object.state.className.toLowerCase()))
          context.write(object);
      }
    return undefined;
  },
});
