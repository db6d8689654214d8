import type { Hashtable } from '../../evaluator/hashtable.ts';
import type { BoundParameters, CommandContext, Task } from '../../evaluator/host.ts';
import { customObject } from '../../evaluator/make.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import { command } from '../cmdlets/command-syntax.ts';
import type { Machine } from '../machine/machine.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { getAssociatedInstance } from './associated-instances.ts';
import type { CimClass } from './cim-class.ts';
import { type CimState, cimObject, cimStateOf } from './cim-instance.ts';
import { cimError, findClass, isClass } from './find-class.ts';
import { readCondition, readQuery, WqlError } from './wql.ts';

const outsideNames = new Map<CimClass, ReadonlySet<string>>();
const outsideOf = (one: CimClass): ReadonlySet<string> => {
  const known = outsideNames.get(one) ?? new Set((one.outside ?? '').toLowerCase().split(/\s+/).filter(Boolean));
  outsideNames.set(one, known);
  return known;
};

const toObject = (
  machine: Machine,
  one: CimClass,
  values: Readonly<Record<string, Value>>,
  properties: readonly string[],
): Instance<CimState> => {
  const kept =
    properties.length === 0
      ? values
      : Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            properties.some((wanted) => wanted.toLowerCase() === name.toLowerCase()) || one.keys.includes(name)
              ? value
              : null,
          ]),
        );
  return cimObject(one.name, kept, { namespace: one.namespace, keys: one.keys, outside: outsideOf(one), machine });
};

const query = (
  context: CommandContext,
  one: CimClass,
  condition: string | undefined,
  properties: readonly string[],
): Instance<CimState>[] => {
  const { machine } = actorOf(context);
  const fits = condition === undefined || condition.trim() === '' ? undefined : readCondition(condition, context);
  // Nothing is sorted out here: the condition is looked at all the same.
  const name = condition === undefined ? null : /^\s*Name\s*=\s*'([^'\\]*)'\s*$/i.exec(condition);
  const all = name && one.named ? one.named(machine, name[1] ?? '') : one.instances(machine);
  return all
    .filter((values) => {
      const read = (name: string): Value => {
        if (Object.hasOwn(values, name)) return values[name];
        if (outsideOf(one).has(name.toLowerCase())) context.unsupported(`a query on ${one.name}.${name}`);
        return Object.entries(values).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
      };
      return fits?.(read) ?? true;
    })
    .map((values) => toObject(machine, one, values, properties));
};

const getCimInstance = command('Get-CimInstance', {
  className: 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand',
  aliases: ['gcim'],
  sets: [
    'ClassNameComputerSet',
    'ResourceUriSessionSet',
    'QuerySessionSet',
    'ClassNameSessionSet',
    'CimInstanceSessionSet',
    'CimInstanceComputerSet',
    'ResourceUriComputerSet',
    'QueryComputerSet',
  ],
  pipeline: { InputObject: 'value', ClassName: 'name', Namespace: 'name', Query: 'name', Filter: 'name' },
  parameterAliases: {
    ComputerName: ['CN', 'ServerName'],
    InputObject: ['CimInstance'],
    Property: ['SelectProperties'],
    OperationTimeoutSec: ['OT'],
  },
  simulated: [
    'ClassName',
    'Namespace',
    'Filter',
    'Property',
    'Query',
    'QueryDialect',
    'InputObject',
    'KeyOnly',
    'OperationTimeoutSec',
  ],
  process: (context, bound) => {
    const { machine } = actorOf(context);
    try {
      if (bound.has('InputObject')) {
        const state = cimStateOf(bound.get('InputObject'));
        if (!state) return;
        const one = findClass(actorOf(context), state.namespace, state.className);
        const again = isClass(one)
          ? one
              .instances(machine)
              .find((values) => one.keys.every((key) => context.equals(values[key], state.values.get(key))))
          : undefined;
        if (isClass(one) && again) context.write(toObject(machine, one, again, []));
        else context.writeError(cimError('notFound', state.className));
        return;
      }
      const parts = bound.has('Query')
        ? readQuery(bound.text('Query') ?? '')
        : {
            properties: bound.texts('Property'),
            className: bound.text('ClassName') ?? '',
            condition: bound.text('Filter'),
          };
      const one = findClass(actorOf(context), bound.text('Namespace') ?? 'root/cimv2', parts.className);
      if (!isClass(one)) return context.writeError(one);
      for (const object of query(context, one, parts.condition, parts.properties)) context.write(object);
    } catch (error) {
      if (!(error instanceof WqlError)) throw error;
      context.writeError(cimError('invalidQuery', error.message));
    }
    return undefined;
  },
});

function* invoke(
  context: CommandContext,
  one: CimClass,
  self: CimState | undefined,
  bound: BoundParameters,
): Task<void> {
  const { machine, pid } = actorOf(context);
  const name = bound.text('MethodName') ?? '';
  const method = Object.entries(one.methods ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (!method) return context.writeError(cimError('invalidMethod', `${one.name}.${name}`));
  if (!context.shouldProcess(self ? one.name : `Win32 class ${one.name}`, name)) return undefined;
  const args = bound.has('Arguments') ? (bound.get('Arguments') as Hashtable) : undefined;
  const outcome = method[1]({ machine, context, self, arguments: args, pid });
  const result =
    'next' in outcome && typeof outcome['next'] === 'function'
      ? yield* outcome as Task<Readonly<Record<string, Value>>>
      : (outcome as Readonly<Record<string, Value>>);
  context.write(
    customObject({ ...result, PSComputerName: null }, ['Microsoft.Management.Infrastructure.CimMethodResult']),
  );
  return undefined;
}

const invokeCimMethod = command('Invoke-CimMethod', {
  className: 'Microsoft.Management.Infrastructure.CimCmdlets.InvokeCimMethodCommand',
  aliases: ['icim'],
  sets: [
    'ClassNameComputerSet',
    'ClassNameSessionSet',
    'ResourceUriComputerSet',
    'CimInstanceSessionSet',
    'CimInstanceComputerSet',
    'ResourceUriSessionSet',
    'CimClassComputerSet',
    'CimClassSessionSet',
    'QueryComputerSet',
    'QuerySessionSet',
  ],
  pipeline: { InputObject: 'value', ClassName: 'name' },
  parameterAliases: {
    ClassName: ['Class'],
    MethodName: ['Name'],
    InputObject: ['CimInstance'],
    ComputerName: ['CN', 'ServerName'],
  },
  simulated: ['ClassName', 'InputObject', 'MethodName', 'Arguments', 'Namespace', 'Query', 'OperationTimeoutSec'],
  *process(context, bound) {
    if (bound.has('InputObject')) {
      const state = cimStateOf(bound.get('InputObject'));
      if (!state) return;
      const one = findClass(actorOf(context), state.namespace, state.className);
      if (isClass(one)) yield* invoke(context, one, state, bound);
      else context.writeError(one);
      return;
    }
    const parts = bound.has('Query') ? readQuery(bound.text('Query') ?? '') : undefined;
    const one = findClass(
      actorOf(context),
      bound.text('Namespace') ?? 'root/cimv2',
      parts?.className ?? bound.text('ClassName') ?? '',
    );
    if (!isClass(one)) return context.writeError(one);
    if (!parts) yield* invoke(context, one, undefined, bound);
    else
      for (const object of query(context, one, parts.condition, [])) yield* invoke(context, one, object.state, bound);
  },
});

const removeCimInstance = command('Remove-CimInstance', {
  className: 'Microsoft.Management.Infrastructure.CimCmdlets.RemoveCimInstanceCommand',
  aliases: ['rcim'],
  sets: ['CimInstanceComputerSet', 'CimInstanceSessionSet', 'QueryComputerSet', 'QuerySessionSet'],
  defaultSet: 'CimInstanceComputerSet',
  pipeline: { InputObject: 'value' },
  parameterAliases: { InputObject: ['CimInstance'] },
  simulated: ['InputObject', 'Query', 'Namespace'],
  process: (context, bound) => {
    const { machine, pid } = actorOf(context);
    const states = bound.has('InputObject') ? [cimStateOf(bound.get('InputObject'))] : undefined;
    const parts = bound.has('Query') ? readQuery(bound.text('Query') ?? '') : undefined;
    const found = parts
      ? findClass(actorOf(context), bound.text('Namespace') ?? 'root/cimv2', parts.className)
      : undefined;
    const targets =
      states ??
      (found && isClass(found) ? query(context, found, parts?.condition, []).map((object) => object.state) : []);
    for (const state of targets) {
      if (!state) continue;
      const one = findClass(actorOf(context), state.namespace, state.className);
      if (!isClass(one)) context.writeError(one);
      else if (!one.remove) context.unsupported(`Remove-CimInstance of ${one.name}`);
      else if (context.shouldProcess(one.name, 'Remove-CimInstance')) one.remove(machine, state, pid);
    }
  },
});

/** Instances that a cmdlet was given or that a query finds, with their classes. */
export const targetsOf = (
  context: CommandContext,
  bound: BoundParameters,
): readonly { readonly one: CimClass; readonly self: CimState }[] => {
  const parts = bound.has('Query') ? readQuery(bound.text('Query') ?? '') : undefined;
  const found = parts
    ? findClass(actorOf(context), bound.text('Namespace') ?? 'root/cimv2', parts.className)
    : undefined;
  const given = cimStateOf(bound.get('InputObject'));
  const states =
    found && isClass(found) ? query(context, found, parts?.condition, []).map(({ state }) => state) : [given];
  return states.flatMap((self) => {
    const one = self ? findClass(actorOf(context), self.namespace, self.className) : found;
    if (self && one && isClass(one)) return [{ one, self }];
    if (one && !isClass(one)) context.writeError(one);
    return [];
  });
};

/** Get-CimInstance, Get-CimAssociatedInstance, Invoke-CimMethod, Remove-CimInstance. */
export const cimCmdlets = [getCimInstance, getAssociatedInstance, invokeCimMethod, removeCimInstance];
