import { defineCmdlet } from '../define.ts';
import { cultureType } from '../dotnet/culture.ts';
import type { CmdletDefinition } from '../host.ts';
import { newObject } from '../make.ts';

const getter = (name: string, className: string): CmdletDefinition =>
  defineCmdlet({
    name,
    className: `Microsoft.PowerShell.Commands.${className}`,
    module: 'Microsoft.PowerShell.Utility',
    parameters: {},
    process: (context) => context.write(newObject(cultureType, context.hooks.culture)),
  });

/** Get-Culture and Get-UICulture. */
export const cultureCmdlets: readonly CmdletDefinition[] = [
  getter('Get-Culture', 'GetCultureCommand'),
  getter('Get-UICulture', 'GetUICultureCommand'),
];
