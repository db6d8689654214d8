import { isTask } from '../compile/code.ts';
import { assignVariable } from '../compile/compile-variable.ts';
import { toText } from '../conversion/to-text.ts';
import { defineCmdlet, defineEnum, defineType, PowerShellError } from '../define.ts';
import { createScriptBlock } from '../dotnet/reflection.ts';
import type { BoundParameters, CmdletDefinition, CommandContext } from '../host.ts';
import { enumValue, newObject } from '../make.ts';
import { construct } from '../members/construct.ts';
import { membersOf } from '../members/definitions.ts';
import { setMember } from '../members/set-member.ts';
import { hasWildcard, like } from '../operators/wildcard.ts';
import { frameOf } from '../registry-of.ts';
import type { Resolved } from '../run/command-info.ts';
import { commandValue, nameOf } from '../run/command-info.ts';
import { invokeBlock } from '../run/invoke-block.ts';
import { resolveCommand } from '../run/resolve-command.ts';
import type { Scope, Variable } from '../scope.ts';
import { resolveTypeText } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { errorCategories as categoryNames } from '../value.ts';

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

const scopeOf = (context: CommandContext, bound: BoundParameters): Scope => {
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
    exception: 'System.Management.Automation.ItemNotFoundException',
  });

const getVariable = defineCmdlet({
  name: 'Get-Variable',
  aliases: ['gv'],
  className: 'Microsoft.PowerShell.Commands.GetVariableCommand',
  parameters: {
    Name: { type: 'string[]', position: 0, pipeline: 'both' },
    ValueOnly: { type: 'switch' },
    Scope: { type: 'string' },
  },
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

const writeVariable = (context: CommandContext, bound: BoundParameters): void => {
  for (const name of bound.texts('Name')) {
    const variable = setOne(context, bound, name, bound.get('Value') ?? null);
    const option = optionOf(bound);
    if (option !== undefined) variable.option = option;
    if (bound.has('Description')) variable.description = bound.text('Description') ?? '';
    if (bound.flag('PassThru')) context.write(newObject(variableType, variable));
  }
};

const variableParameters = {
  Name: { type: 'string[]', position: 0, mandatory: true, pipeline: 'name' },
  Value: { type: 'object', position: 1, pipeline: 'both', allowNull: true },
  Scope: { type: 'string' },
  Option: { type: 'string' },
  Description: { type: 'string' },
  Visibility: { type: 'string' },
  Force: { type: 'switch' },
  PassThru: { type: 'switch' },
} as const;

const setVariable = defineCmdlet({
  name: 'Set-Variable',
  aliases: ['sv', 'set'],
  className: 'Microsoft.PowerShell.Commands.SetVariableCommand',
  supportsShouldProcess: true,
  parameters: variableParameters,
  process: (context, bound) => writeVariable(context, bound),
});

const newVariable = defineCmdlet({
  name: 'New-Variable',
  aliases: ['nv'],
  className: 'Microsoft.PowerShell.Commands.NewVariableCommand',
  supportsShouldProcess: true,
  parameters: variableParameters,
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
    writeVariable(context, bound);
  },
});

const removeVariable = defineCmdlet({
  name: 'Remove-Variable',
  aliases: ['rv'],
  className: 'Microsoft.PowerShell.Commands.RemoveVariableCommand',
  supportsShouldProcess: true,
  parameters: {
    Name: { type: 'string[]', position: 0, mandatory: true, pipeline: 'both' },
    Scope: { type: 'string' },
    Force: { type: 'switch' },
  },
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
  parameters: {
    Name: { type: 'string[]', position: 0, mandatory: true },
    Scope: { type: 'string' },
    Force: { type: 'switch' },
  },
  process(context, bound) {
    for (const name of bound.texts('Name'))
      for (const variable of matching(context, bound, name)) assignVariable(variable, null);
  },
});

const setStrictMode = defineCmdlet({
  name: 'Set-StrictMode',
  parameters: {
    Version: { type: 'string', position: 0, sets: { Version: { mandatory: true } } },
    Off: { type: 'switch', sets: { Off: { mandatory: true } } },
  },
  end(context, bound) {
    const text = bound.text('Version') ?? '';
    frameOf(context).scope.strict = bound.flag('Off') ? 0 : /^latest$/i.test(text) ? 3 : Math.trunc(Number(text)) || 1;
  },
});

const commandsOf = (context: CommandContext, pattern: string): Resolved[] => {
  const frame = frameOf(context);
  const { registry } = frame.session;
  const functions = frame.scope.allFunctions().map((definition): Resolved => ({ kind: 'function', definition }));
  const cmdlets = [...registry.cmdlets.values()].map((definition): Resolved => ({ kind: 'cmdlet', definition }));
  return [...functions, ...cmdlets].filter((command) => like(nameOf(command), pattern));
};

const getCommand = defineCmdlet({
  name: 'Get-Command',
  aliases: ['gcm'],
  className: 'Microsoft.PowerShell.Commands.GetCommandCommand',
  parameters: {
    Name: { type: 'string[]', position: 0, pipeline: 'both' },
    CommandType: { type: 'string[]', aliases: ['Type'] },
    Module: { type: 'string[]' },
    All: { type: 'switch' },
  },
  process(context, bound) {
    const frame = frameOf(context);
    const types = bound.texts('CommandType').map((type) => type.toLowerCase());
    const fits = (command: Resolved): boolean =>
      types.length === 0 ||
      types.includes(context.text(context.property(commandValue(command), 'CommandType')).toLowerCase());
    for (const name of bound.has('Name') ? bound.texts('Name') : ['*']) {
      const wild = hasWildcard(name);
      const alias = frame.session.registry.aliases.get(name.toLowerCase()) ?? frame.scope.findAlias(name.toLowerCase());
      const one = wild
        ? undefined
        : alias !== undefined
          ? ({ kind: 'alias', name, target: alias } as const)
          : resolveCommand(name, frame);
      const found = wild ? commandsOf(context, name) : one ? [one] : [];
      for (const command of found.filter(fits)) context.write(commandValue(command));
      if (found.length === 0 && !wild) {
        context.writeError({
          id: 'CommandNotFoundException',
          message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
          category: 'ObjectNotFound',
          target: name,
          exception: 'System.Management.Automation.CommandNotFoundException',
        });
      }
    }
  },
});

const newObjectCmdlet = defineCmdlet({
  name: 'New-Object',
  className: 'Microsoft.PowerShell.Commands.NewObjectCommand',
  defaultParameterSet: 'Net',
  parameters: {
    TypeName: { type: 'string', position: 0, mandatory: true, sets: ['Net'] },
    ArgumentList: {
      type: 'object[]',
      position: 1,
      aliases: ['Args'],
      sets: ['Net'],
      allowNull: true,
      allowEmpty: true,
    },
    ComObject: { type: 'string', position: 0, mandatory: true, sets: ['Com'] },
    Strict: { type: 'switch', sets: ['Com'] },
    Property: { type: 'hashtable' },
  },
  *end(context, bound) {
    const frame = frameOf(context);
    const progId = bound.text('ComObject');
    const typeName = bound.text('TypeName') ?? '';
    let made: Value;
    if (progId !== undefined) {
      const make = frame.session.registry.comObjects.get(progId.toLowerCase());
      if (!make) {
        return context.fail({
          id: 'NoCOMClassIdentified',
          message: `Retrieving the COM class factory for component with CLSID {00000000-0000-0000-0000-000000000000} failed due to the following error: 80040154 Class not registered (Exception from HRESULT: 0x80040154 (REGDB_E_CLASSNOTREG)).`,
          category: 'ResourceUnavailable',
          exception: 'System.Runtime.InteropServices.COMException',
          hresult: 0x80040154,
        });
      }
      const result = make(context);
      made = isTask(result) ? yield* result : result;
    } else {
      const type = resolveTypeText(frame.session.registry, typeName);
      if (type === undefined) {
        return context.fail({
          id: 'TypeNotFound',
          message: `Cannot find type [${typeName}]: verify that the assembly containing this type is loaded.`,
          category: 'InvalidType',
          exception: 'System.Management.Automation.PSArgumentException',
        });
      }
      try {
        const result = construct(type, bound.list('ArgumentList'), frame);
        made = isTask(result) ? yield* result : result;
      } catch (error) {
        if (!(error instanceof PowerShellError) || !error.record.exception.type.endsWith('MethodInvocationException'))
          throw error;
        context.fail({
          id: 'ConstructorInvokedThrowException',
          message: error.message,
          category: 'InvalidOperation',
          exception: error.record.exception,
        });
      }
    }
    const properties = bound.get('Property');
    if (isBoxed(properties) && properties.kind === 'hashtable') {
      for (const [key, value] of properties.entries()) {
        const name = toText(key, frame.session);
        if (isBoxed(made) && made.kind === 'custom')
          membersOf(made, true)?.set(name.toLowerCase(), { kind: 'note', name, value });
        else setMember(made, name, value, frame);
      }
    }
    context.write(made);
  },
});

const invokeExpression = defineCmdlet({
  name: 'Invoke-Expression',
  aliases: ['iex'],
  parameters: { Command: { type: 'string', position: 0, mandatory: true, pipeline: 'value' } },
  *process(context, bound) {
    const frame = frameOf(context);
    yield* invokeBlock(frame, createScriptBlock(bound.text('Command') ?? '', context), {
      inScope: true,
      out: frame.out,
    });
  },
});

const writeError = defineCmdlet({
  name: 'Write-Error',
  className: 'Microsoft.PowerShell.Commands.WriteErrorCommand',
  defaultParameterSet: 'NoException',
  parameters: {
    Message: {
      type: 'string',
      aliases: ['Msg'],
      allowNull: true,
      allowEmpty: true,
      sets: { NoException: { position: 0, mandatory: true, pipeline: 'value' }, WithException: {} },
    },
    Exception: { type: 'System.Exception', sets: { WithException: { mandatory: true } } },
    ErrorRecord: { type: 'System.Management.Automation.ErrorRecord', sets: { ErrorRecord: { mandatory: true } } },
    Category: { type: 'System.Management.Automation.ErrorCategory', sets: ['NoException', 'WithException'] },
    ErrorId: { type: 'string', sets: ['NoException', 'WithException'] },
    TargetObject: { type: 'object', sets: ['NoException', 'WithException'], allowNull: true },
    RecommendedAction: { type: 'string' },
    CategoryActivity: { type: 'string', aliases: ['Activity'] },
    CategoryReason: { type: 'string', aliases: ['Reason'] },
    CategoryTargetName: { type: 'string', aliases: ['TargetName'] },
    CategoryTargetType: { type: 'string', aliases: ['TargetType'] },
  },
  process(context, bound) {
    const given = bound.get('ErrorRecord');
    if (isBoxed(given) && given.kind === 'error') {
      context.writeError({ ...given });
      return;
    }
    const thrown = bound.get('Exception');
    const isException = isBoxed(thrown) && thrown.kind === 'exception';
    const exceptionType = 'Microsoft.PowerShell.Commands.WriteErrorException';
    const type = isException ? thrown.type : exceptionType;
    const category = bound.get('Category');
    const name = isBoxed(category) && category.kind === 'enum' ? category.value : 0;
    const message = bound.text('Message') ?? (isException ? thrown.message : '');
    const record = {
      kind: 'error' as const,
      exception: isException
        ? thrown
        : { kind: 'exception' as const, type: exceptionType, message, hresult: 0, properties: {} },
      id: bound.text('ErrorId') ?? type,
      category: categoryNames[name] ?? 'NotSpecified',
      activity: bound.text('CategoryActivity') ?? 'Write-Error',
      reason: bound.text('CategoryReason') ?? '',
      targetName: bound.text('CategoryTargetName') ?? '',
      targetType: bound.text('CategoryTargetType') ?? '',
      target: bound.get('TargetObject') ?? null,
      ...(isException && bound.has('Message') ? { details: message } : {}),
    };
    // Inside a function its name becomes the second half of the id.
    const caller = frameOf(context).call.invocation?.commandName ?? '';
    context.writeError(caller === '' ? record : { ...record, id: `${record.id},${caller}` });
  },
});

const newAlias = (name: string, aliases: readonly string[]): CmdletDefinition =>
  defineCmdlet({
    name,
    aliases,
    parameters: {
      Name: { type: 'string', position: 0, mandatory: true },
      Value: { type: 'string', position: 1, mandatory: true },
      Scope: { type: 'string' },
      Option: { type: 'string' },
      Force: { type: 'switch' },
    },
    process(context, bound) {
      scopeOf(context, bound).putAlias(bound.text('Name') ?? '', bound.text('Value') ?? '');
    },
  });

const getAlias = defineCmdlet({
  name: 'Get-Alias',
  aliases: ['gal'],
  parameters: { Name: { type: 'string[]', position: 0 } },
  process(context, bound) {
    for (const name of bound.texts('Name')) {
      const frame = frameOf(context);
      const target =
        frame.scope.findAlias(name.toLowerCase()) ?? frame.session.registry.aliases.get(name.toLowerCase());
      if (target === undefined)
        context.writeError({
          id: 'ItemNotFoundException',
          message: `This command cannot find a matching alias because an alias with the name '${name}' does not exist.`,
          category: 'ObjectNotFound',
          target: name,
        });
      else context.write(commandValue({ kind: 'alias', name, target }));
    }
  },
});

const invokeCommand = defineCmdlet({
  name: 'Invoke-Command',
  aliases: ['icm'],
  parameters: {
    ScriptBlock: { type: 'scriptblock', position: 0, mandatory: true },
    ArgumentList: { type: 'object[]', aliases: ['Args'], allowEmpty: true },
    InputObject: { type: 'object', pipeline: 'value' },
    NoNewScope: { type: 'switch' },
    ComputerName: { type: 'string[]' },
    Session: { type: 'object[]' },
  },
  *end(context, bound) {
    if (bound.has('ComputerName') || bound.has('Session')) context.unsupported('Invoke-Command on another computer');
    const frame = frameOf(context);
    const script = bound.script('ScriptBlock');
    if (script)
      yield* invokeBlock(frame, script, {
        args: bound.list('ArgumentList'),
        inScope: bound.flag('NoNewScope'),
        out: frame.out,
      });
  },
});

/** Cmdlets that work on the session itself. */
export const sessionCmdlets: readonly CmdletDefinition[] = [
  getVariable,
  setVariable,
  newVariable,
  removeVariable,
  clearVariable,
  setStrictMode,
  getCommand,
  newObjectCmdlet,

  invokeExpression,
  writeError,
  newAlias('Set-Alias', ['sal']),
  newAlias('New-Alias', ['nal']),
  getAlias,
  invokeCommand,
];
