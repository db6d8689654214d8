import { exception } from '../../evaluator/make.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };
import { command } from './command-syntax.ts';
import { roleModuleOf } from './roles/role-modules.ts';

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
  process(context, bound) {
    const { machine } = actorOf(context);
    for (const name of bound.texts('Name')) {
      const role = roleModuleOf(name);
      if (role ? role.isThere(machine) : everywhere.has(name.toLowerCase())) continue;
      if (/[\\/]|\.psm?1$|\.psd1$/i.test(name)) return context.unsupported(`Import-Module of the file ${name}`);
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
