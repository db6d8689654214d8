import { builtInExtensions } from '../../evaluator/built-in.ts';
import type { CmdletDefinition, ParameterDefinition } from '../../evaluator/host.ts';
import type { Surface } from '../../evaluator/surface.ts';

/** What a restricted session leaves of the parameters of a command, with what it changes of each. */
type Restriction = Readonly<Record<string, Partial<ParameterDefinition>>>;

const input: Restriction = { InputObject: { mandatory: true, pipeline: 'value' } };

/**
 * Commands that every session of the type RestrictedRemoteServer shows: functions that stand before the cmdlets and hand on a few
 * parameters (CommandMetadata.GetRestrictedCommands).
 */
const restrictions: Readonly<Record<string, Restriction>> = {
  'Get-Command': { Name: {}, Module: {}, ArgumentList: {}, CommandType: {}, ListImported: {}, ShowCommandInfo: {} },
  'Get-FormatData': { TypeName: {}, PowerShellVersion: {} },
  'Select-Object': {
    Property: {
      type: 'string[]',
      validateSet: [
        'ModuleName',
        'Namespace',
        'OutputType',
        'Count',
        'HelpUri',
        'Name',
        'CommandType',
        'ResolvedCommandName',
        'DefaultParameterSet',
        'CmdletBinding',
        'Parameters',
      ],
    },
    ...input,
  },
  'Get-Help': { Name: {}, Category: {} },
  'Measure-Object': input,
  'Exit-PSSession': {},
  'Out-Default': input,
};

/** Commands that are shown as they are. */
const shown = ['Clear-Host'];

const restrict = (cmdlet: CmdletDefinition, restriction: Restriction): CmdletDefinition => ({
  ...cmdlet,
  commandType: 'Function',
  className: cmdlet.name,
  parameters: Object.fromEntries(
    Object.entries(cmdlet.parameters).flatMap(([name, parameter]) => {
      const change = restriction[name];
      return change ? [[name, { ...parameter, ...change }] as const] : [];
    }),
  ),
});

const proxies: Surface['proxies'] = new Map(
  builtInExtensions
    .flatMap(({ cmdlets }) => cmdlets ?? [])
    .flatMap((cmdlet) => {
      const restriction = restrictions[cmdlet.name];
      return restriction ? [[cmdlet.name.toLowerCase(), restrict(cmdlet, restriction)] as const] : [];
    }),
);

/**
 * The surface of a restricted session without language.
 * @param functions what a role shows beside what every such session has
 */
export const restrictedSurface = (functions: readonly string[]): Surface => ({
  visible: new Set([...Object.keys(restrictions), ...shown, ...functions].map((name) => name.toLowerCase())),
  proxies,
});
