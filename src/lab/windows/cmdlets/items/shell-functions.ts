import { describeCommand } from '../../../evaluator/binding/describe-command.ts';
import type { CmdletDefinition } from '../../../evaluator/host.ts';
import { makeItems } from './new-item.ts';

/** mkdir, which Windows PowerShell has as a function: New-Item for folders, so its errors are those of New-Item. */
export const makeFolder: CmdletDefinition = {
  name: 'mkdir',
  aliases: ['md'],
  commandType: 'Function',
  className: 'Microsoft.PowerShell.Commands.NewItemCommand',
  ...describeCommand(
    `[-Path] <string[]> [-Value <Object>] [-Force] [-Credential <pscredential>] [-WhatIf] [-Confirm] [-UseTransaction] [<CommonParameters>]
     [[-Path] <string[]>] -Name <string> [-Value <Object>] [-Force] [-Credential <pscredential>] [-WhatIf] [-Confirm] [-UseTransaction] [<CommonParameters>]`,
    {
      sets: ['pathSet', 'nameSet'],
      pipeline: { Path: 'name', Name: 'name', Value: 'both', Credential: 'name' },
      allowNull: ['Value', 'Name'],
      allowEmpty: ['Value', 'Name'],
      simulated: ['Path', 'Name', 'Value', 'Force'],
    },
  ),
  process: (context, bound) => makeItems(context, bound, 'Directory'),
};

/** Functions that every session of Windows PowerShell has and the lab does not simulate, and their aliases. */
export const outsideFunctions: readonly string[] = [
  'cd..',
  'cd\\',
  'Clear-Host',
  'clear',
  'cls',
  'Get-Verb',
  'help',
  'ImportSystemModules',
  'man',
  'more',
  'oss',
  'pause',
  'prompt',
  'TabExpansion2',
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `${letter}:`),
];
