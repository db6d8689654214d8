import { defineCmdlet, PowerShellError } from '../define.ts';
import { createScriptBlock } from '../dotnet/reflection.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { hasWildcard, like } from '../operators/wildcard.ts';
import { frameOf } from '../registry-of.ts';
import type { Resolved } from '../run/command-info.ts';
import { commandValue, nameOf } from '../run/command-info.ts';
import { isVisible } from '../run/guard-surface.ts';
import { invokeBlock } from '../run/invoke-block.ts';
import { resolveCommand } from '../run/resolve-command.ts';
import type { ScriptBlock } from '../script-block.ts';
import { newObjectCmdlet } from './new-object.ts';
import { scopeOf } from './variable-cmdlets.ts';
import { writeError } from './write-error.ts';

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
  const proxies = [...(frame.session.surface?.proxies.values() ?? [])].map(
    (definition): Resolved => ({ kind: 'cmdlet', definition }),
  );
  const seen = new Map<string, Resolved>();
  for (const command of [...functions, ...proxies, ...cmdlets]) {
    const key = nameOf(command).toLowerCase();
    if (!seen.has(key) && like(key, pattern) && isVisible(key, frame)) seen.set(key, command);
  }
  return [...seen.values()];
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
          : isVisible(name, frame)
            ? resolveCommand(name, frame)
            : undefined;
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

const parsed = (text: string, context: CommandContext): ScriptBlock => {
  try {
    return createScriptBlock(text, context);
  } catch (error) {
    if (error instanceof PowerShellError)
      context.fail({ ...error.record, id: `${error.record.id},Microsoft.PowerShell.Commands.InvokeExpressionCommand` });
    throw error;
  }
};

const invokeExpression = defineCmdlet({
  name: 'Invoke-Expression',
  aliases: ['iex'],
  parameters: { Command: { type: 'string', position: 0, mandatory: true, pipeline: 'value' } },
  *process(context, bound) {
    const frame = frameOf(context);
    const block = parsed(bound.text('Command') ?? '', context);
    yield* invokeBlock(frame, block, {
      inScope: true,
      out: frame.out,
    });
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

const exportModuleMember = defineCmdlet({
  name: 'Export-ModuleMember',
  parameters: {
    Function: { type: 'string[]', position: 0, allowEmpty: true },
    Cmdlet: { type: 'string[]', allowEmpty: true },
    Variable: { type: 'string[]', allowEmpty: true },
    Alias: { type: 'string[]', allowEmpty: true },
  },
  process(context, bound) {
    const { module } = frameOf(context).scope;
    if (module) module.exported = [...(module.exported ?? []), ...bound.texts('Function')];
    else
      context.fail({
        id: 'Modules_CanOnlyExecuteExportModuleMemberInsideAModule',
        message: 'The Export-ModuleMember cmdlet can only be called from inside a module.',
        category: 'PermissionDenied',
        exception: 'System.InvalidOperationException',
      });
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
  setStrictMode,
  getCommand,
  newObjectCmdlet,

  invokeExpression,
  writeError,
  newAlias('Set-Alias', ['sal']),
  newAlias('New-Alias', ['nal']),
  getAlias,
  exportModuleMember,
  invokeCommand,
];
