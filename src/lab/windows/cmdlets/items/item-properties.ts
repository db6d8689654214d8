import { NetError, PowerShellError } from '../../../evaluator/define.ts';
import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { RegistryKind, RegistryValue } from '../../machine/registry/registry.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { dataToValue, expandVariables, kindOfValue, valueToData } from '../../types/registry-key.ts';
import { command } from '../command-syntax.ts';
import { boundItems, type FoundItem, itemObject, mayOpen } from './find-items.ts';
import { hasProperties } from './property-drive.ts';
import { hasWildcard } from './provider-path.ts';

const className = (name: string): string => `Microsoft.PowerShell.Commands.${name}Command`;
const kinds: readonly RegistryKind[] = ['String', 'ExpandString', 'Binary', 'DWord', 'MultiString', 'QWord'];
const keyed = (name: string): string => (/^\(default\)$/i.test(name) ? '' : name);

const missingProperty = (name: string, path: string) =>
  ({
    id: 'System.Management.Automation.PSArgumentException',
    message: `Property ${name} does not exist at path ${path}.`,
    category: 'InvalidArgument',
    target: name,
    exception: 'System.Management.Automation.PSArgumentException',
  }) as const;

type RegistryItem = Extract<FoundItem, { kind: 'registry' }>;
const registryItems = (context: CommandContext, bound: BoundParameters, name: string): RegistryItem[] =>
  boundItems(context, bound).map((item) =>
    item.kind === 'registry' ? item : context.unsupported(`${name} outside the registry`),
  );

/** Note properties that the provider adds to property bags. */
const placeNotes = (context: CommandContext, item: FoundItem): [string, Value][] => {
  const object = itemObject(item, context);
  return ['PSPath', 'PSParentPath', 'PSChildName', 'PSDrive', 'PSProvider'].flatMap((name): [string, Value][] => {
    const value = context.property(object, name);
    return value === null || value === undefined ? [] : [[name, value]];
  });
};

const valuesOf = (
  context: CommandContext,
  item: RegistryItem,
  names: readonly string[],
): [string, Value][] | undefined => {
  if (!mayOpen(item, context)) return undefined;
  const key = actorOf(context).machine.registry.find(item.path);
  const all = [...(key?.values.values() ?? [])];
  const give = (value: (typeof all)[number]): [string, Value] => [
    value.name === '' ? '(default)' : value.name,
    dataToValue(value, (text) => expandVariables(text, context)),
  ];
  if (names.length === 0) return all.map(give);
  const found: [string, Value][] = [];
  for (const name of names) {
    const fitting = all.filter((value) =>
      hasWildcard(name) ? context.like(value.name, name) : value.name.toLowerCase() === keyed(name).toLowerCase(),
    );
    if (fitting.length === 0 && !hasWildcard(name)) {
      context.writeError(missingProperty(name, item.path));
      return undefined;
    }
    found.push(...fitting.map(give));
  }
  return found;
};

/** Properties of an item of another provider: each by its name, or the whole item. */
const driveProperties = (
  context: CommandContext,
  bound: BoundParameters,
  { place }: Extract<FoundItem, { kind: 'drive' }>,
): void => {
  const { provider, path, drive, shown } = place;
  if (!hasProperties(provider)) return context.unsupported('Get-ItemProperty outside file system and registry');
  const names = bound.texts('Name');
  if (names.length === 0) context.write(provider.getItem(path, context, drive));
  for (const name of names) {
    const value = provider.getProperty(path, name, context);
    if (value === undefined) context.writeError(missingProperty(name, shown));
    else context.write(value);
  }
  return undefined;
};

const getItemProperty = command('Get-ItemProperty', {
  className: className('GetItemProperty'),
  aliases: ['gp'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Name'],
  process: (context, bound) => {
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'drive') {
        driveProperties(context, bound, item);
        continue;
      }
      if (item.kind === 'file') {
        const object = itemObject(item, context);
        const names = bound.texts('Name');
        if (names.length === 0) context.write(object);
        else context.write(customObject(names.map((name) => [name, context.property(object, name)] as const)));
        continue;
      }
      const found = valuesOf(context, item, bound.texts('Name'));
      if (!found || (found.length === 0 && bound.has('Name'))) continue;
      // A key without values gives nothing at all.
      if (found.length > 0) context.write(customObject([...found, ...placeNotes(context, item)]));
    }
  },
});

const getItemPropertyValue = command('Get-ItemPropertyValue', {
  className: className('GetItemPropertyValue'),
  aliases: ['gpv'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Name'],
  process: (context, bound) => {
    for (const item of registryItems(context, bound, 'Get-ItemPropertyValue')) {
      for (const [, value] of valuesOf(context, item, bound.texts('Name')) ?? [])
        context.write(value, { enumerate: true });
    }
  },
});

const parseKind = (context: CommandContext, text: string): RegistryKind =>
  kinds.find((kind) => kind.toLowerCase() === text.toLowerCase()) ??
  context.fail({
    id: 'System.ArgumentException',
    message: `The property type '${text}' is not valid.`,
    category: 'InvalidArgument',
    exception: 'System.Management.Automation.PSArgumentException',
  });

const newItemProperty = command('New-ItemProperty', {
  className: className('NewItemProperty'),
  sets: ['Path', 'LiteralPath'],
  allowNull: ['Value'],
  allowEmpty: ['Value'],
  simulated: ['Path', 'LiteralPath', 'Name', 'PropertyType', 'Value', 'Force'],
  *process(context, bound): Task<void> {
    const { machine, pid } = actorOf(context);
    const name = keyed(bound.text('Name') ?? '');
    for (const item of registryItems(context, bound, 'New-ItemProperty')) {
      const there = machine.registry.find(item.path)?.values.get(name.toLowerCase());
      if (there && !bound.flag('Force')) {
        context.writeError({
          id: 'System.IO.IOException',
          message: 'The property already exists.',
          category: 'ResourceExists',
          target: item.path,
          exception: 'System.IO.IOException',
        });
        continue;
      }
      const kind = bound.has('PropertyType')
        ? parseKind(context, bound.text('PropertyType') ?? '')
        : kindOfValue(bound.get('Value'));
      if (!context.shouldProcess(`Item: ${item.path} Property: ${name}`, 'New Property')) continue;
      yield machine.registry.set(item.path, { name, kind, data: valueToData(bound.get('Value'), kind, context) }, pid);
      context.write(
        customObject([[bound.text('Name') ?? '', bound.get('Value')] as const, ...placeNotes(context, item)]),
      );
    }
  },
});

type Written = Pick<RegistryValue, 'kind' | 'data'>;

const asKind = (value: Value, kind: RegistryKind, context: CommandContext): Written => ({
  kind,
  data: valueToData(value, kind, context),
});

/** Data for a value that is there: of its kind, where it can be made that; where not, the value gets the kind of the data. */
const keepKind = (value: Value, kind: RegistryKind, context: CommandContext): Written => {
  try {
    return asKind(value, kind, context);
  } catch (error) {
    if (!(error instanceof PowerShellError || error instanceof NetError)) throw error;
    return asKind(value, kindOfValue(value), context);
  }
};

const setItemProperty = command('Set-ItemProperty', {
  className: className('SetItemProperty'),
  aliases: ['sp'],
  sets: [
    'propertyValuePathSet',
    'propertyPSObjectPathSet',
    'propertyValueLiteralPathSet',
    'propertyPSObjectLiteralPathSet',
  ],
  dynamic: { Type: { type: 'string', aliases: ['PropertyType'] } },
  allowNull: ['Value'],
  allowEmpty: ['Value'],
  simulated: ['Path', 'LiteralPath', 'Name', 'Value', 'Type', 'Force', 'PassThru'],
  *process(context, bound): Task<void> {
    const { machine, pid } = actorOf(context);
    const name = keyed(bound.text('Name') ?? '');
    const value = bound.get('Value');
    for (const item of boundItems(context, bound)) {
      if (item.kind === 'drive') {
        const { provider, path, shown } = item.place;
        if (!hasProperties(provider)) return context.unsupported('Set-ItemProperty outside the registry');
        const setting = provider.setProperty(path, name, value, context);
        if (context.shouldProcess(`Item: ${shown} Property: ${name}`, 'Set Property')) yield* setting;
        continue;
      }
      if (item.kind !== 'registry') return context.unsupported('Set-ItemProperty outside the registry');
      const there = machine.registry.find(item.path)?.values.get(name.toLowerCase());
      const given = bound.has('Type') ? context.text(bound.get('Type')) : undefined;
      if (!context.shouldProcess(`Item: ${item.path} Property: ${name}`, 'Set Property')) continue;
      const written =
        given === undefined && there
          ? keepKind(value, there.kind, context)
          : asKind(value, given === undefined ? kindOfValue(value) : parseKind(context, given), context);
      yield machine.registry.set(item.path, { name, ...written }, pid);
      if (bound.flag('PassThru')) context.write(customObject([[name, value] as const, ...placeNotes(context, item)]));
    }
  },
});

const removeItemProperty = command('Remove-ItemProperty', {
  className: className('RemoveItemProperty'),
  aliases: ['rp'],
  sets: ['Path', 'LiteralPath'],
  simulated: ['Path', 'LiteralPath', 'Name', 'Force'],
  *process(context, bound): Task<void> {
    const { machine, pid } = actorOf(context);
    for (const item of registryItems(context, bound, 'Remove-ItemProperty')) {
      for (const name of bound.texts('Name')) {
        const key = machine.registry.find(item.path);
        const fitting = [...(key?.values.values() ?? [])].filter((value) =>
          hasWildcard(name) ? context.like(value.name, name) : value.name.toLowerCase() === keyed(name).toLowerCase(),
        );
        if (fitting.length === 0 && !hasWildcard(name)) context.writeError(missingProperty(name, item.path));
        for (const value of fitting) {
          if (context.shouldProcess(`Item: ${item.path} Property: ${value.name}`, 'Remove Property')) {
            yield machine.registry.removeValue(item.path, value.name, pid);
          }
        }
      }
    }
  },
});

/** Get-, New-, Set-, Remove-ItemProperty and Get-ItemPropertyValue. */
export const itemPropertyCmdlets = [
  getItemProperty,
  getItemPropertyValue,
  newItemProperty,
  setItemProperty,
  removeItemProperty,
];
