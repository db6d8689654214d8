import { errorClassOf } from '../evaluator/binding/cmdlet-signature.ts';
import type { CmdletDefinition, ParameterDefinition, ParameterRole } from '../evaluator/host.ts';
import type { Registry } from '../evaluator/registry.ts';

/** Types of parameters that C# has; what else a command takes it gets as it was given. */
const typesOfLanguage: Readonly<Record<string, string>> = {
  string: 'string',
  int: 'int',
  int16: 'short',
  int64: 'long',
  long: 'long',
  byte: 'byte',
  uint16: 'ushort',
  uint32: 'uint',
  uint64: 'ulong',
  bool: 'bool',
  boolean: 'bool',
  char: 'char',
  double: 'double',
  switch: 'System.Management.Automation.SwitchParameter',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  hashtable: 'System.Collections.Hashtable',
  'system.collections.idictionary': 'System.Collections.IDictionary',
  scriptblock: 'System.Management.Automation.ScriptBlock',
  pscredential: 'System.Management.Automation.PSCredential',
  securestring: 'System.Security.SecureString',
  version: 'System.Version',
  guid: 'System.Guid',
  uri: 'System.Uri',
};

/** Classes of one command in C# and what it is registered with. */
export type CommandClass = {
  readonly name: string;
  /** Full name of the class that binds. */
  readonly type: string;
  /** Full name that errors tell. */
  readonly className: string;
  readonly defaultSet: string;
  readonly mayChange: boolean;
};

/** Classes that bind what simulated commands are given, in C#. */
export type CommandSource = { readonly text: string; readonly commands: readonly CommandClass[] };

/** The C# type of a parameter, or undefined where the session has none of that name. */
type TypeOf = (type: string) => string | undefined;

const space = 'Kintsugi.Lab.Commands';

const attribute = (set: string | undefined, role: ParameterRole & { readonly remaining?: boolean }): string => {
  const parts = [
    ...(set === undefined ? [] : [`ParameterSetName = ${JSON.stringify(set)}`]),
    ...(role.position === undefined ? [] : [`Position = ${role.position}`]),
    ...(role.mandatory === true ? ['Mandatory = true'] : []),
    ...(role.pipeline === 'value' || role.pipeline === 'both' ? ['ValueFromPipeline = true'] : []),
    ...(role.pipeline === 'name' || role.pipeline === 'both' ? ['ValueFromPipelineByPropertyName = true'] : []),
    ...(role.remaining === true ? ['ValueFromRemainingArguments = true'] : []),
  ];
  return `[Parameter(${parts.join(', ')})]`;
};

const propertyOf = (name: string, definition: ParameterDefinition, typeOf: TypeOf): string => {
  const { sets, aliases, type, position, mandatory, pipeline, remaining } = definition;
  const own = {
    ...(position === undefined ? {} : { position }),
    ...(mandatory === undefined ? {} : { mandatory }),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(remaining === undefined ? {} : { remaining }),
  };
  const named: readonly (readonly [string | undefined, ParameterRole])[] =
    sets === undefined
      ? [[undefined, {}]]
      : Array.isArray(sets)
        ? sets.map((set: string) => [set, {}] as const)
        : Object.entries(sets as Readonly<Record<string, ParameterRole>>);
  const lower = type.toLowerCase();
  const isArray = lower.endsWith('[]');
  const element = typeOf(isArray ? lower.slice(0, -2) : lower) ?? 'object';
  return [
    ...named.map(([set, role]) => attribute(set, { ...own, ...role })),
    ...(aliases && aliases.length > 0 ? [`[Alias(${aliases.map((each) => JSON.stringify(each)).join(', ')})]`] : []),
    // What a command does not take, the simulator says; PowerShell looks at mandatory parameters alone.
    ...(named.some(([, role]) => (role.mandatory ?? mandatory) === true)
      ? ['[AllowNull][AllowEmptyString][AllowEmptyCollection]']
      : []),
    `public new ${element}${isArray ? '[]' : ''} @${name} { get; set; }`,
  ].join(' ');
};

/** What PowerShell gives every command that may change something. */
const ofEveryCommand = /^(?:WhatIf|Confirm)$/iu;

/**
 * Classes for simulated commands, so that PowerShell binds what they are given as it does for those of Windows.
 * @param commands the simulated ones
 * @param registry names of simulated types
 * @param shadows names under which the session has simulated types → full names
 */
export const commandSource = (
  commands: readonly CmdletDefinition[],
  registry: Registry,
  shadows: Readonly<Record<string, string>>,
): CommandSource => {
  const classes = new Map(Object.entries(shadows).map(([name, full]) => [name.toLowerCase(), full]));
  const typeOf: TypeOf = (type) => {
    const full = registry.typeNames.get(type)?.toLowerCase();
    const shadow = classes.get(type) ?? (full === undefined ? undefined : classes.get(full));
    return typesOfLanguage[type] ?? (shadow === undefined ? undefined : `global::${shadow}`);
  };
  const texts: string[] = [];
  const made = commands.map((command, at): CommandClass => {
    const { name, parameters, defaultParameterSet, supportsShouldProcess } = command;
    const properties = Object.entries(parameters).flatMap(([each, definition]) =>
      supportsShouldProcess === true && ofEveryCommand.test(each) ? [] : [propertyOf(each, definition, typeOf)],
    );
    texts.push(`public class C${at} : Kintsugi.Lab.LabCommand { ${properties.join('\n')} }`);
    return {
      name,
      type: `${space}.C${at}`,
      className: errorClassOf(command),
      defaultSet: defaultParameterSet ?? '',
      mayChange: supportsShouldProcess === true,
    };
  });
  return { text: `namespace ${space} { ${texts.join('\n')} }`, commands: made };
};
