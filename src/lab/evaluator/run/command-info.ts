import { defineType } from '../define.ts';
import { commandTypesEnum } from '../dotnet/automation-enums.ts';
import type { CmdletDefinition, Program } from '../host.ts';
import { enumValue, newObject } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { ScriptFunction } from '../scope.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';
import { isAdvanced, parametersOf } from './command-parameters.ts';
import { functionBlock } from './function-block.ts';

/** A command found by name. */
export type Resolved =
  | { readonly kind: 'function'; readonly definition: ScriptFunction }
  | { readonly kind: 'cmdlet'; readonly definition: CmdletDefinition }
  | { readonly kind: 'script'; readonly path: string; readonly text: string }
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'alias'; readonly name: string; readonly target: string };

/** The name of a command. */
export const nameOf = (command: Resolved): string => {
  switch (command.kind) {
    case 'function':
    case 'cmdlet':
      return command.definition.name;
    case 'script':
      return command.path.replace(/^.*[\\/]/, '');
    case 'program':
      return command.program.path.replace(/^.*[\\/]/, '');
    case 'alias':
      return command.name;
  }
};

const typeOf = (command: Resolved): string => {
  switch (command.kind) {
    case 'function':
      return command.definition.filter ? 'Filter' : 'Function';
    case 'cmdlet':
      return command.definition.commandType ?? 'Cmdlet';
    case 'script':
      return 'ExternalScript';
    case 'program':
      return 'Application';
    case 'alias':
      return 'Alias';
  }
};

const infoTypeNames = {
  Function: 'FunctionInfo',
  Filter: 'FilterInfo',
  Cmdlet: 'CmdletInfo',
  ExternalScript: 'ExternalScriptInfo',
  Application: 'ApplicationInfo',
  Alias: 'AliasInfo',
} as const;

/** CommandInfo: what Get-Command gives; each kind of command has a type of its own. */
const commandInfo = {
  name: 'System.Management.Automation.CommandInfo',
  properties: {
    Name: { get: nameOf },
    CommandType: { get: (command) => enumValue(commandTypesEnum, typeOf(command)) },
    Definition: { get: (command) => (command.kind === 'alias' ? command.target : nameOf(command)) },
    Source: {
      get: (command) =>
        command.kind === 'cmdlet'
          ? (command.definition.module ?? '')
          : command.kind === 'program'
            ? command.program.path
            : '',
    },
    ModuleName: { get: (command) => (command.kind === 'cmdlet' ? (command.definition.module ?? '') : '') },
    Path: {
      get: (command) =>
        command.kind === 'program' ? command.program.path : command.kind === 'script' ? command.path : null,
    },
    ScriptBlock: {
      get: (command, context) =>
        command.kind === 'function' ? functionBlock(command.definition, frameOf(context).session) : null,
    },
    Parameters: { get: parametersOf, hidden: true },
    CmdletBinding: { get: isAdvanced, hidden: true },
    ResolvedCommandName: { get: (command) => (command.kind === 'alias' ? command.target : null) },
  },
  toText: nameOf,
} satisfies TypeDefinition<Resolved>;

const infoTypes = new Map<string, TypeDefinition<Resolved>>(
  Object.entries(infoTypeNames).map(([kind, name]) => [
    kind,
    defineType<Resolved>({
      ...commandInfo,
      name: `System.Management.Automation.${name}`,
      bases: [commandInfo.name],
    }),
  ]),
);

/** The types of what Get-Command gives. */
export const commandInfoTypes: readonly TypeDefinition<Resolved>[] = [
  defineType<Resolved>(commandInfo),
  ...infoTypes.values(),
];

const typeNames = new Set(commandInfoTypes.map(({ name }) => name));

/** The value of a command. */
export const commandValue = (command: Resolved): Value =>
  newObject(infoTypes.get(typeOf(command)) ?? defineType<Resolved>(commandInfo), command);

/** The command behind such a value. */
export const commandOf = (value: Value): Resolved | undefined =>
  isBoxed(value) && value.kind === 'instance' && typeNames.has(value.type.name) ? (value.state as Resolved) : undefined;
