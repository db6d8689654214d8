import { describeCommand } from '../binding/describe-command.ts';
import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition, CommandContext, DriveProvider } from '../host.ts';
import { hasWildcard, like } from '../matching/wildcard.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

type Found = { readonly provider: DriveProvider; readonly drive: string; readonly path: string };

const driveOf = (context: CommandContext, path: string): Found => {
  const found = context.findDrive(path);
  if (found) return found;
  return context.fail({
    id: 'DriveNotFound',
    message: `Cannot find drive. A drive with the name '${path.split(':')[0] ?? ''}' does not exist.`,
    category: 'ObjectNotFound',
    target: path,
    exception: 'System.Management.Automation.DriveNotFoundException',
  });
};

const notFound = (context: CommandContext, path: string): void =>
  context.writeError({
    id: 'PathNotFound',
    message: `Cannot find path '${path}' because it does not exist.`,
    category: 'ObjectNotFound',
    target: path,
    exception: 'System.Management.Automation.ItemNotFoundException',
  });

const pathParameters = {
  Path: { type: 'string[]', sets: { Path: { position: 0, mandatory: true, pipeline: 'both' } } },
  LiteralPath: { type: 'string[]', aliases: ['PSPath'], sets: { LiteralPath: { mandatory: true, pipeline: 'name' } } },
} as const;

const paths = (bound: { texts(name: string): string[] }): string[] => [
  ...bound.texts('Path'),
  ...bound.texts('LiteralPath'),
];

const testPath = defineCmdlet({
  name: 'Test-Path',
  defaultParameterSet: 'Path',
  parameters: pathParameters,
  process(context, bound) {
    for (const path of paths(bound)) {
      const { provider, drive, path: inner } = driveOf(context, path);
      const found = hasWildcard(inner)
        ? provider.children('', context, drive).some(({ name }) => like(name, inner))
        : provider.exists(inner, context, drive);
      context.write(found);
    }
  },
});

const getItem = defineCmdlet({
  name: 'Get-Item',
  aliases: ['gi'],
  defaultParameterSet: 'Path',
  className: 'Microsoft.PowerShell.Commands.GetItemCommand',
  parameters: pathParameters,
  process(context, bound) {
    for (const path of paths(bound)) {
      const { provider, drive, path: inner } = driveOf(context, path);
      if (provider.exists(inner, context, drive)) context.write(provider.getItem(inner, context, drive));
      else notFound(context, path);
    }
  },
});

const getChildItem = defineCmdlet({
  name: 'Get-ChildItem',
  aliases: ['gci', 'dir', 'ls'],
  defaultParameterSet: 'Path',
  parameters: { Path: { type: 'string[]', position: 0 } },
  process(context, bound) {
    for (const path of bound.texts('Path')) {
      const { provider, drive, path: inner } = driveOf(context, path);
      const pattern = inner.replace(/^\\/, '');
      for (const { name, value } of provider.children('', context, drive))
        if (pattern === '' || like(name, pattern)) context.write(value);
    }
  },
});

const removeItem = defineCmdlet({
  name: 'Remove-Item',
  aliases: ['ri', 'del', 'rm', 'erase', 'rd', 'rmdir'],
  defaultParameterSet: 'Path',
  supportsShouldProcess: true,
  className: 'Microsoft.PowerShell.Commands.RemoveItemCommand',
  parameters: { ...pathParameters, Force: { type: 'switch' }, Recurse: { type: 'switch' } },
  *process(context, bound) {
    for (const path of paths(bound)) {
      const { provider, drive, path: inner } = driveOf(context, path);
      if (!provider.exists(inner, context, drive)) notFound(context, path);
      else if (context.shouldProcess(path, 'Remove Item')) {
        const removing = provider.remove(inner, context, drive);
        if (removing) yield* removing;
      }
    }
  },
});

const setItem = defineCmdlet({
  name: 'Set-Item',
  aliases: ['si'],
  module: 'Microsoft.PowerShell.Management',
  ...describeCommand(syntaxes['Set-Item'], {
    sets: ['Path', 'LiteralPath'],
    pipeline: { Path: 'name', LiteralPath: 'name', Value: 'both', Credential: 'name' },
    parameterAliases: { LiteralPath: ['PSPath'] },
    allowNull: ['Value'],
    simulated: ['Path', 'LiteralPath', 'Value', 'Force'],
  }),
  process(context, bound) {
    for (const path of paths(bound)) {
      const { provider, drive, path: inner } = driveOf(context, path);
      provider.setContent(inner, bound.get('Value'), context, drive);
    }
  },
});

/** Item cmdlets for the drives of the language itself (Env:, Variable:, Function:); a simulated machine brings its own. */
export const itemCmdlets: readonly CmdletDefinition[] = [testPath, getItem, getChildItem, removeItem, setItem];
