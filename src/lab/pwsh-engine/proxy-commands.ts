import type { CmdletDefinition, ParameterDefinition, ParameterRole } from '../evaluator/host.ts';

/** Commands that also have items of PowerShell's own drives, which are the session's and not the machine's. */
const itemCommands =
  /^(?:Test-Path|Get-Item|Get-ChildItem|Remove-Item|Set-Item|Get-Content|Set-Content|New-Item|Clear-Content|Resolve-Path)$/iu;

/** Types that PowerShell converts to as the simulator does; it gets all else as it was given. */
const typesOfPowerShell: ReadonlySet<string> = new Set([
  'string',
  'string[]',
  'int',
  'int[]',
  'long',
  'uint32',
  'bool',
  'switch',
  'datetime',
  'timespan',
  'hashtable',
  'object',
  'object[]',
  'scriptblock',
  'pscredential',
  'securestring',
  'version',
  'guid',
  'double',
]);

/** Whether a type, in lower case, is one in the session. */
type Known = (type: string) => boolean;

const attribute = (set: string | undefined, role: ParameterRole & { remaining?: boolean }): string => {
  const parts = [
    ...(set === undefined ? [] : [`ParameterSetName = '${set}'`]),
    ...(role.position === undefined ? [] : [`Position = ${role.position}`]),
    ...(role.mandatory === true ? ['Mandatory'] : []),
    ...(role.pipeline === 'value' || role.pipeline === 'both' ? ['ValueFromPipeline'] : []),
    ...(role.pipeline === 'name' || role.pipeline === 'both' ? ['ValueFromPipelineByPropertyName'] : []),
    ...(role.remaining === true ? ['ValueFromRemainingArguments'] : []),
  ];
  return `[Parameter(${parts.join(', ')})]`;
};

const parameterText = (name: string, definition: ParameterDefinition, known: Known): string => {
  const { sets, aliases, type } = definition;
  const own: ParameterRole & { remaining?: boolean } = {
    ...(definition.position === undefined ? {} : { position: definition.position }),
    ...(definition.mandatory === undefined ? {} : { mandatory: definition.mandatory }),
    ...(definition.pipeline === undefined ? {} : { pipeline: definition.pipeline }),
    ...(definition.remaining === undefined ? {} : { remaining: definition.remaining }),
  };
  const roles: readonly (readonly [string | undefined, ParameterRole])[] =
    sets === undefined
      ? [[undefined, own]]
      : Array.isArray(sets)
        ? sets.map((set: string) => [set, own] as const)
        : Object.entries(sets as Readonly<Record<string, ParameterRole>>).map(
            ([set, role]) => [set, { ...own, ...role }] as const,
          );
  const typed = type.toLowerCase();
  return [
    ...roles.map(([set, role]) => attribute(set, role)),
    ...(aliases && aliases.length > 0 ? [`[Alias(${aliases.map((each) => `'${each}'`).join(', ')})]`] : []),
    '[AllowNull()][AllowEmptyString()][AllowEmptyCollection()]',
    known(typed) ? `[${typed}]` : type.endsWith('[]') ? '[object[]]' : '[object]',
    `$${name}`,
  ].join('');
};

/** What PowerShell gives every command that may change something. */
const ofEveryCommand = /^(?:WhatIf|Confirm)$/iu;

const ownDrives = `if (@($PSBoundParameters['Path']) + @($PSBoundParameters['LiteralPath']) -match '^(?:env|variable|function|alias):') {
 Microsoft.PowerShell.Management\\NAME @PSBoundParameters; return }
`;

/** The function that stands for one simulated command in a PowerShell session. */
const proxyOf = (definition: CmdletDefinition, known: Known): string => {
  const { name, parameters, defaultParameterSet, supportsShouldProcess } = definition;
  const binding = [
    ...(defaultParameterSet === undefined ? [] : [`DefaultParameterSetName = '${defaultParameterSet}'`]),
    ...(supportsShouldProcess === true ? ['SupportsShouldProcess'] : []),
  ].join(', ');
  const texts = Object.entries(parameters).flatMap(([each, parameter]) =>
    supportsShouldProcess === true && ofEveryCommand.test(each) ? [] : [parameterText(each, parameter, known)],
  );
  return `function global:${name} {
[CmdletBinding(${binding})] param(${texts.join(',\n')})
begin { $KtHeld = [System.Collections.ArrayList]::new(); $KtBound = @{}; foreach ($KtEach in $PSBoundParameters.GetEnumerator()) { $KtBound[$KtEach.Key] = $KtEach.Value } }
process { if ($MyInvocation.ExpectingInput) { [void]$KtHeld.Add($_) } }
end { ${itemCommands.test(name) ? ownDrives.replace('NAME', name) : ''}[Kintsugi.Lab.Bridge]::Command($PSCmdlet, '${name}', $KtBound, $KtHeld, $MyInvocation.ExpectingInput) } }`;
};

/** `New-Object` is PowerShell's own but for COM classes, and for types that nobody simulates. */
const newObject = `function global:New-Object {
[CmdletBinding(DefaultParameterSetName = 'Net')] param(
[Parameter(ParameterSetName = 'Net', Mandatory, Position = 0)][string]$TypeName, [Parameter(ParameterSetName = 'Net', Position = 1)][Alias('Args')][object[]]$ArgumentList,
[Parameter(ParameterSetName = 'Com', Mandatory)][string]$ComObject, [Parameter(ParameterSetName = 'Com')][switch]$Strict, [Collections.IDictionary]$Property)
if ($ComObject) { return , [Kintsugi.Lab.Bridge]::ComObject($ComObject) }
if (-not [Kintsugi.Lab.Script]::Knows($TypeName)) { throw [Kintsugi.Lab.Script]::Unsupported("[$TypeName]") }
Microsoft.PowerShell.Utility\\New-Object @PSBoundParameters }`;

/** Windows PowerShell 5.1 leaves texts that look like dates alone; PowerShell 7 does when it is told to. */
const convertFromJson = `function global:ConvertFrom-Json {
[CmdletBinding()] param([Parameter(Mandatory, Position = 0, ValueFromPipeline)][AllowEmptyString()][string]$InputObject)
begin { $KtTexts = [System.Collections.ArrayList]::new() } process { [void]$KtTexts.Add($InputObject) }
end { Microsoft.PowerShell.Utility\\ConvertFrom-Json -InputObject ($KtTexts -join [char]10) -DateKind String } }`;

/**
 * A script that defines a function for each command.
 * @param commands the simulated ones
 * @param shadows names of the types that stand for simulated ones in the session
 */
export const proxyCommands = (commands: readonly CmdletDefinition[], shadows: Iterable<string>): string => {
  const shadowTypes = new Set(Array.from(shadows, (name) => name.toLowerCase()));
  const isKnown: Known = (type) => typesOfPowerShell.has(type) || shadowTypes.has(type.replace('[]', ''));
  return [
    ...commands.map((command) => proxyOf(command, isKnown)),
    newObject,
    convertFromJson,
    ...commands.flatMap(({ name, aliases }) =>
      (aliases ?? []).map(
        (alias) =>
          `Set-Alias -Name '${alias}' -Value '${name}' -Scope Global -Force -Option AllScope -ErrorAction Ignore`,
      ),
    ),
  ].join('\n');
};
