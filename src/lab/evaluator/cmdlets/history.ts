import { defineCmdlet } from '../define.ts';
import type { CmdletDefinition } from '../host.ts';

const core = { module: 'Microsoft.PowerShell.Core' } as const;

/**
 * Get-History and Invoke-History. A remote pipeline is not added to the history, so there is never anything in it; their short aliases
 * hide functions of the same names, as everywhere.
 */
export const historyCmdlets: readonly CmdletDefinition[] = [
  defineCmdlet({
    name: 'Get-History',
    aliases: ['h', 'ghy', 'history'],
    className: 'Microsoft.PowerShell.Commands.GetHistoryCommand',
    ...core,
    parameters: {
      Id: { type: 'long[]', position: 0, pipeline: 'value' },
      Count: { type: 'int', position: 1 },
    },
    process(context, bound) {
      for (const id of context.enumerate(bound.get('Id')))
        context.writeError({
          id: 'GetHistoryNoHistoryForId',
          message: `Cannot locate the history for Id ${context.text(id)}.`,
          category: 'ObjectNotFound',
          exception: 'System.ArgumentException',
          target: id,
        });
    },
  }),
  defineCmdlet({
    name: 'Invoke-History',
    aliases: ['r', 'ihy'],
    className: 'Microsoft.PowerShell.Commands.InvokeHistoryCommand',
    ...core,
    supportsShouldProcess: true,
    parameters: { Id: { type: 'string', position: 0, pipeline: 'name' } },
    process: (context) =>
      context.fail({
        id: 'InvokeHistoryNoLastHistoryEntryFound',
        message: 'Cannot locate most recent history.',
        category: 'InvalidOperation',
        exception: 'System.InvalidOperationException',
      }),
  }),
];
