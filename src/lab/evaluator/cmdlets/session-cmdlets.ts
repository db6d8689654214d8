import { describeCommand } from '../binding/describe-command.ts';
import { defineCmdlet, PowerShellError } from '../define.ts';
import { createScriptBlock } from '../dotnet/reflection.ts';
import type { CmdletDefinition, CommandContext } from '../host.ts';
import { hasWildcard } from '../matching/wildcard.ts';
import { frameOf } from '../registry-of.ts';
import { commandValue } from '../run/command-info.ts';
import { invokeBlock } from '../run/invoke-block.ts';
import type { ScriptBlock } from '../script-block.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };
import { getCommand } from './get-command.ts';
import { newObjectCmdlet } from './new-object.ts';
import { scopeOf } from './variable-cmdlets.ts';
import { writeError } from './write-error.ts';

const setStrictMode = defineCmdlet({
  name: 'Set-StrictMode',
  module: 'Microsoft.PowerShell.Core',
  parameters: {
    // A transformation of its own makes a version of the text, which may be `latest`.
    Version: { type: 'string', aliases: ['v'], sets: { Version: { mandatory: true } } },
    Off: { type: 'switch', sets: { Off: { mandatory: true } } },
  },
  end(context, bound) {
    const text = bound.text('Version') ?? '';
    frameOf(context).scope.strict = bound.flag('Off') ? 0 : /^latest$/i.test(text) ? 3 : Math.trunc(Number(text)) || 1;
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
  module: 'Microsoft.PowerShell.Utility',
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
    module: 'Microsoft.PowerShell.Utility',
    supportsShouldProcess: true,
    parameters: {
      Name: { type: 'string', position: 0, mandatory: true, pipeline: 'name' },
      Value: { type: 'string', position: 1, mandatory: true, pipeline: 'name' },
      Description: { type: 'string' },
      Scope: { type: 'string' },
      Option: { type: 'System.Management.Automation.ScopedItemOptions' },
      PassThru: { type: 'switch' },
      Force: { type: 'switch' },
    },
    outside: ['Description', 'Option', 'PassThru'],
    process(context, bound) {
      scopeOf(context, bound).putAlias(bound.text('Name') ?? '', bound.text('Value') ?? '');
    },
  });

const getAlias = defineCmdlet({
  name: 'Get-Alias',
  aliases: ['gal'],
  module: 'Microsoft.PowerShell.Utility',
  ...describeCommand(syntaxes['Get-Alias'], {
    sets: ['Default', 'Definition'],
    pipeline: { Name: 'both' },
    simulated: ['Name'],
  }),
  outsideCall: (given) => {
    if (!given.has('Name')) return 'Get-Alias without a name';
    return given.texts('Name').some(hasWildcard) ? 'Get-Alias with a wildcard' : undefined;
  },
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
  module: 'Microsoft.PowerShell.Core',
  parameters: {
    Function: { type: 'string[]', position: 0, pipeline: 'both', allowEmpty: true },
    Cmdlet: { type: 'string[]', pipeline: 'name', allowEmpty: true },
    Variable: { type: 'string[]', pipeline: 'name', allowEmpty: true },
    Alias: { type: 'string[]', pipeline: 'name', allowEmpty: true },
  },
  // Nothing but functions leaves a module of the lab, so lists that name nothing are as good as given.
  outsideCall: (given) => {
    const kind = ['Cmdlet', 'Variable', 'Alias'].find((one) => given.texts(one).length > 0);
    return kind === undefined ? undefined : `Export-ModuleMember -${kind}`;
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
  module: 'Microsoft.PowerShell.Core',
  ...describeCommand(syntaxes['Invoke-Command'], {
    sets: ['InProcess'],
    pipeline: {
      InputObject: 'value',
      Credential: 'name',
      ConfigurationName: 'name',
      ApplicationName: 'name',
      VMId: 'name',
      VMName: 'name',
      ContainerId: 'name',
    },
    parameterAliases: {
      ComputerName: ['Cn'],
      ConnectionUri: ['URI', 'CU'],
      InDisconnectedSession: ['Disconnected'],
      HideComputerName: ['HCN'],
      ScriptBlock: ['Command'],
      FilePath: ['PSPath'],
      ArgumentList: ['Args'],
      VMId: ['VMGuid'],
    },
    allowEmpty: ['ArgumentList'],
    simulated: ['ScriptBlock', 'ArgumentList', 'NoNewScope'],
  }),
  *end(context, bound) {
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
