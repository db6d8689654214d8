import { describeCommand, type SyntaxFacts } from '../../evaluator/binding/describe-command.ts';
import type { CmdletDefinition } from '../../evaluator/host.ts';
import type { CommandFacts } from './command-syntax.ts';
import { elevated } from './elevation.ts';
import pages from './role-command-syntax.json' with { type: 'json' };

type Page = {
  readonly module: string;
  readonly sets: readonly string[];
  readonly syntax: string;
  readonly bindings: Readonly<Record<string, string>>;
};
const known: Readonly<Record<string, Page>> = pages;

/** Full names of the types that the documentation shortens. */
const fullNames: Readonly<Record<string, string>> = {
  Feature: 'Microsoft.Windows.ServerManager.Commands.Feature',
  IUpdateServer: 'Microsoft.UpdateServices.Administration.IUpdateServer',
  WsusUpdate: 'Microsoft.UpdateServices.Commands.WsusUpdate',
  WBPolicy: 'Microsoft.Windows.ServerBackup.Cmdlets.WBPolicy',
  WBBackupTarget: 'Microsoft.Windows.ServerBackup.Cmdlets.WBBackupTarget',
  WBVolume: 'Microsoft.Windows.ServerBackup.Cmdlets.WBVolume',
  WBBackupSet: 'Microsoft.Windows.ServerBackup.Cmdlets.WBBackupSet',
  UpdateApprovalAction: 'Microsoft.UpdateServices.Administration.UpdateApprovalAction',
};

const spelled = (syntax: string): string =>
  syntax.replace(/<(\w+)((?:\[\])?)>/g, (whole, name: string, array: string) =>
    fullNames[name] === undefined ? whole : `<${fullNames[name]}${array}>`,
  );

const bindingsOf = (rows: Page['bindings']): Pick<SyntaxFacts, 'pipeline' | 'parameterAliases'> => {
  const pipeline: Record<string, 'value' | 'name' | 'both'> = {};
  const parameterAliases: Record<string, string[]> = {};
  for (const [parameter, words] of Object.entries(rows)) {
    const [kind, ...aliases] = words.split(' ');
    if (kind === 'value' || kind === 'name' || kind === 'both') pipeline[parameter] = kind;
    if (aliases.length > 0) parameterAliases[parameter] = aliases;
  }
  return { pipeline, parameterAliases };
};

/** Defines a cmdlet of a server role from what the documentation of Windows PowerShell says of it (role-command-syntax.json). */
export const roleCommand = (name: string, facts: CommandFacts): CmdletDefinition => {
  const page = known[name];
  if (!page) throw new RangeError(`no facts about ${name}: run scripts/lab-role-facts.ts`);
  return {
    name,
    module: page.module,
    ...describeCommand(spelled(page.syntax), { sets: page.sets, ...facts, ...bindingsOf(page.bindings) }),
    ...(facts.className ? { className: facts.className } : {}),
    ...(facts.commandType ? { commandType: facts.commandType } : {}),
    ...(facts.aliases ? { aliases: facts.aliases } : {}),
    ...(facts.begin ? { begin: elevated(name, facts.begin) } : {}),
    ...(facts.process ? { process: elevated(name, facts.process) } : {}),
    ...(facts.end ? { end: elevated(name, facts.end) } : {}),
    ...(facts.createState ? { createState: facts.createState } : {}),
  };
};

/** Commands of server roles that Windows has, whether the lab simulates them or not. */
export const roleCommandNames: readonly string[] = Object.keys(known);
