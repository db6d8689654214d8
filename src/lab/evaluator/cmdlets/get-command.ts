import { describeCommand } from '../binding/describe-command.ts';
import { defineCmdlet } from '../define.ts';
import type { CommandContext } from '../host.ts';
import { hasWildcard, like } from '../matching/wildcard.ts';
import { frameOf } from '../registry-of.ts';
import type { Resolved } from '../run/command-info.ts';
import { commandValue, nameOf } from '../run/command-info.ts';
import { isVisible } from '../run/guard-surface.ts';
import { resolveCommand } from '../run/resolve-command.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

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

const getCommandSyntax = describeCommand(syntaxes['Get-Command'], {
  sets: ['CmdletSet', 'AllCommandSet'],
  pipeline: {
    Name: 'both',
    Verb: 'name',
    Noun: 'name',
    Module: 'name',
    FullyQualifiedModule: 'name',
    CommandType: 'name',
    TotalCount: 'name',
    Syntax: 'name',
    All: 'name',
    ListImported: 'name',
  },
  parameterAliases: { Module: ['PSSnapin'], CommandType: ['Type'] },
  simulated: ['Name', 'CommandType', 'All'],
});

/** Get-Command. What Windows has everywhere and the lab has not is refused, never "not found". */
export const getCommand = defineCmdlet({
  name: 'Get-Command',
  aliases: ['gcm'],
  className: 'Microsoft.PowerShell.Commands.GetCommandCommand',
  module: 'Microsoft.PowerShell.Core',
  ...getCommandSyntax,
  parameters: {
    ...getCommandSyntax.parameters,
    // Second also where nothing stands first.
    ArgumentList: { type: 'object[]', aliases: ['Args'], position: 1, remaining: true },
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
        const { registry } = frame.session;
        if (isVisible(name, frame) && registry.isKnownCommand(name) && !registry.isFeatureCommand(name))
          return context.unsupported(`Get-Command of ${name}`);
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
