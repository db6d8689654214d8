import { exception } from '../../evaluator/make.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };
import { command } from './command-syntax.ts';
import knownModules from './known-modules.json' with { type: 'json' };
import { roleModuleOf } from './roles/role-modules.ts';

/**
 * Modules that Windows or a feature of it has and the lab has not, by lower-case name: those that a real Windows PowerShell 5.1 lists, and
 * those of the documentation of Windows Server 2022.
 */
const outside = new Map(Object.keys(knownModules).map((name) => [name.toLowerCase(), name]));

/** Commands of those modules that only features bring. */
export const outsideFeatureCommands: readonly string[] = Object.values(knownModules).flatMap((names) =>
  names.split(' ').filter((name) => name !== ''),
);

const isFile = (name: string): boolean => /[\\/]|\.psm?1$|\.psd1$/i.test(name);

/** Modules that every Windows has, by lower-case name. */
const everywhere = new Map(
  Object.values(syntaxes as Readonly<Record<string, { readonly module: string }>>).map(({ module }) => [
    module.toLowerCase(),
    module,
  ]),
);

/**
 * Import-Module of a module of Windows by its name. All simulated commands are there from the start, as Windows loads their modules when
 * they are first called; what is to be seen is that a module is missing.
 */
export const importModule = command('Import-Module', {
  className: 'Microsoft.PowerShell.Commands.ImportModuleCommand',
  aliases: ['ipmo'],
  sets: [
    'Name',
    'PSSession',
    'CimSession',
    'FullyQualifiedName',
    'FullyQualifiedNameAndPSSession',
    'Assembly',
    'ModuleInfo',
  ],
  pipeline: { Name: 'value', FullyQualifiedName: 'value', Assembly: 'value', ModuleInfo: 'value' },
  parameterAliases: { MinimumVersion: ['Version'], ArgumentList: ['Args'], NoClobber: ['NoOverwrite'] },
  simulated: ['Name', 'Global', 'Force', 'DisableNameChecking', 'NoClobber', 'Scope'],
  outsideCall: (given) => {
    for (const name of given.texts('Name')) {
      if (isFile(name)) return `Import-Module of the file ${name}`;
      const known = outside.get(name.toLowerCase());
      if (known !== undefined && !everywhere.has(name.toLowerCase())) return `the module ${known}`;
    }
    return undefined;
  },
  process(context, bound) {
    const { machine } = actorOf(context);
    for (const name of bound.texts('Name')) {
      const role = roleModuleOf(name);
      if (role ? role.isThere(machine) : everywhere.has(name.toLowerCase())) continue;
      const message = `The specified module '${name}' was not loaded because no valid module file was found in any module directory.`;
      context.writeError({
        id: 'Modules_ModuleNotFound',
        message,
        category: 'ResourceUnavailable',
        target: name,
        exception: exception('System.IO.FileNotFoundException', message),
      });
    }
    return undefined;
  },
});
