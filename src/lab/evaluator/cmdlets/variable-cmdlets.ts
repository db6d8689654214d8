import { assignVariable } from '../compile/compile-variable.ts';
import { collapse } from '../conversion/items.ts';
import { defineCmdlet, defineEnum, defineType } from '../define.ts';
import type { BoundParameters, CmdletDefinition, CommandContext } from '../host.ts';
import { enumValue, exception, newObject } from '../make.ts';
import { hasWildcard, like } from '../matching/wildcard.ts';
import { frameOf } from '../registry-of.ts';
import type { Scope, Variable } from '../scope.ts';
import type { Value } from '../value.ts';

const scopedOptions = defineEnum(
  'System.Management.Automation.ScopedItemOptions',
  { None: 0, ReadOnly: 1, Constant: 2, Private: 4, AllScope: 8 },
  { flags: true },
);

/** PSVariable. */
export const variableType = defineType<Variable>({
  name: 'System.Management.Automation.PSVariable',
  properties: {
    Name: { get: (variable) => variable.name },
    Value: { get: (variable) => variable.value, set: (variable, value) => assignVariable(variable, value) },
    Description: { get: (variable) => variable.description ?? '' },
    Options: { get: (variable) => enumValue(scopedOptions, variable.option) },
    Visibility: { get: () => 'Public' },
  },
});

/** Enums of this file. */
export const sessionEnums = [scopedOptions];

/** The scope that -Scope means. */
export const scopeOf = (context: CommandContext, bound: BoundParameters): Scope => {
  const { scope } = frameOf(context);
  const name = bound.text('Scope')?.toLowerCase();
  if (name === undefined || name === 'local' || name === '0') return scope;
  if (name === 'global') return scope.global;
  if (name === 'script') return scope.script;
  let found: Scope = scope;
  for (let i = Number(name); i > 0; i--) found = found.parent ?? found;
  return found;
};

const visible = (scope: Scope): Variable[] => {
  const found = new Map<string, Variable>();
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    for (const [name, variable] of at.variables)
      if (!found.has(name) && !name.startsWith('__')) found.set(name, variable);
  }
  return [...found.values()];
};

const matching = (context: CommandContext, bound: BoundParameters, name: string): Variable[] => {
  const scope = scopeOf(context, bound);
  if (hasWildcard(name)) return visible(scope).filter((variable) => like(variable.name, name));
  const found = scope.find(name.toLowerCase());
  return found ? [found] : [];
};

const notFound = (context: CommandContext, name: string): void =>
  context.writeError({
    id: 'VariableNotFound',
    message: `Cannot find a variable with the name '${name}'.`,
    category: 'ObjectNotFound',
    target: name,
    exception: exception(
      'System.Management.Automation.ItemNotFoundException',
      `Cannot find a variable with the name '${name}'.`,
      { properties: { ItemName: name } },
    ),
  });

const getVariable = defineCmdlet({
  name: 'Get-Variable',
  module: 'Microsoft.PowerShell.Utility',
  aliases: ['gv'],
  className: 'Microsoft.PowerShell.Commands.GetVariableCommand',
  parameters: {
    Name: { type: 'string[]', position: 0, pipeline: 'both' },
    ValueOnly: { type: 'switch' },
    Scope: { type: 'string' },
    Include: { type: 'string[]' },
    Exclude: { type: 'string[]' },
  },
  outside: ['Include', 'Exclude'],
  process(context, bound) {
    const names = bound.has('Name') ? bound.texts('Name') : ['*'];
    for (const name of names) {
      const found = matching(context, bound, name);
      if (found.length === 0 && !hasWildcard(name)) notFound(context, name);
      for (const variable of found)
        context.write(bound.flag('ValueOnly') ? variable.value : newObject(variableType, variable));
    }
  },
});

const optionOf = (bound: BoundParameters): Variable['option'] | undefined => {
  const text = bound.text('Option')?.toLowerCase();
  if (text === undefined) return undefined;
  return text.includes('constant') ? 'Constant' : text.includes('readonly') ? 'ReadOnly' : 'None';
};

const setOne = (context: CommandContext, bound: BoundParameters, name: string, value: Value): Variable => {
  const scope = scopeOf(context, bound);
  const known = scope.variables.get(name.toLowerCase());
  if (known) {
    if (known.option === 'ReadOnly' && bound.flag('Force')) known.value = value;
    else assignVariable(known, value);
    return known;
  }
  return scope.put(name, value);
};

const writeVariable = (context: CommandContext, bound: BoundParameters, value: Value): void => {
  for (const name of bound.texts('Name')) {
    const variable = setOne(context, bound, name, value);
    const option = optionOf(bound);
    if (option !== undefined) variable.option = option;
    if (bound.has('Description')) variable.description = bound.text('Description') ?? '';
    if (bound.flag('PassThru')) context.write(newObject(variableType, variable));
  }
};

const variableParameters = {
  Value: { type: 'object', position: 1, pipeline: 'both', allowNull: true },
  Scope: { type: 'string' },
  Option: { type: 'System.Management.Automation.ScopedItemOptions' },
  Description: { type: 'string' },
  Visibility: { type: 'SessionStateEntryVisibility' },
  Force: { type: 'switch' },
  PassThru: { type: 'switch' },
} as const;

const setVariable = defineCmdlet({
  name: 'Set-Variable',
  module: 'Microsoft.PowerShell.Utility',
  aliases: ['sv', 'set'],
  className: 'Microsoft.PowerShell.Commands.SetVariableCommand',
  supportsShouldProcess: true,
  parameters: {
    Name: { type: 'string[]', position: 0, mandatory: true, pipeline: 'name' },
    ...variableParameters,
    Include: { type: 'string[]' },
    Exclude: { type: 'string[]' },
  },
  outside: ['Include', 'Exclude', 'Visibility'],
  createState: (): Value[] => [],
  process(context, bound) {
    // What comes through the pipeline is one value: all of it.
    if (context.expectsInput && bound.has('Value')) (context.state as Value[]).push(bound.get('Value') ?? null);
  },
  end(context, bound) {
    const piped = context.state as Value[];
    if (piped.length > 0) writeVariable(context, bound, collapse(piped));
    else writeVariable(context, bound, context.expectsInput ? null : (bound.get('Value') ?? null));
  },
});

const newVariable = defineCmdlet({
  name: 'New-Variable',
  module: 'Microsoft.PowerShell.Utility',
  aliases: ['nv'],
  className: 'Microsoft.PowerShell.Commands.NewVariableCommand',
  supportsShouldProcess: true,
  parameters: { Name: { type: 'string', position: 0, mandatory: true, pipeline: 'name' }, ...variableParameters },
  outside: ['Visibility'],
  process(context, bound) {
    for (const name of bound.texts('Name')) {
      if (!scopeOf(context, bound).variables.has(name.toLowerCase()) || bound.flag('Force')) continue;
      context.writeError({
        id: 'VariableAlreadyExists',
        message: `A variable with name '${name}' already exists.`,
        category: 'ResourceExists',
        target: name,
        exception: 'System.Management.Automation.SessionStateException',
      });
      return;
    }
    writeVariable(context, bound, bound.get('Value') ?? null);
  },
});

const removeVariable = defineCmdlet({
  name: 'Remove-Variable',
  module: 'Microsoft.PowerShell.Utility',
  aliases: ['rv'],
  className: 'Microsoft.PowerShell.Commands.RemoveVariableCommand',
  supportsShouldProcess: true,
  parameters: {
    Name: { type: 'string[]', position: 0, mandatory: true, pipeline: 'name' },
    Scope: { type: 'string' },
    Force: { type: 'switch' },
    Include: { type: 'string[]' },
    Exclude: { type: 'string[]' },
  },
  outside: ['Include', 'Exclude'],
  process(context, bound) {
    for (const name of bound.texts('Name')) {
      const found = matching(context, bound, name);
      if (found.length === 0) notFound(context, name);
      for (const variable of found) {
        if (variable.option === 'Constant' || (variable.option === 'ReadOnly' && !bound.flag('Force'))) {
          context.writeError({
            id: 'VariableNotRemovable',
            message: `Cannot remove variable ${variable.name} because it is constant or read-only. If the variable is read-only, try the operation again specifying the Force option.`,
            category: 'WriteError',
            target: variable.name,
            exception: 'System.Management.Automation.SessionStateUnauthorizedAccessException',
          });
          continue;
        }
        for (let at: Scope | undefined = scopeOf(context, bound); at; at = at.parent)
          if (at.variables.delete(variable.name.toLowerCase())) break;
      }
    }
  },
});

const clearVariable = defineCmdlet({
  name: 'Clear-Variable',
  aliases: ['clv'],
  module: 'Microsoft.PowerShell.Utility',
  supportsShouldProcess: true,
  parameters: {
    Name: { type: 'string[]', position: 0, mandatory: true, pipeline: 'name' },
    Scope: { type: 'string' },
    Force: { type: 'switch' },
    PassThru: { type: 'switch' },
    Include: { type: 'string[]' },
    Exclude: { type: 'string[]' },
  },
  outside: ['Include', 'Exclude', 'PassThru'],
  process(context, bound) {
    for (const name of bound.texts('Name'))
      for (const variable of matching(context, bound, name)) assignVariable(variable, null);
  },
});

/** Cmdlets on variables. */
export const variableCmdlets: readonly CmdletDefinition[] = [
  getVariable,
  setVariable,
  newVariable,
  removeVariable,
  clearVariable,
];
