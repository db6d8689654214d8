import type { BoundParameters, CommandContext } from '../../../evaluator/host.ts';
import { customObject, localFromUnixMs, newObject } from '../../../evaluator/make.ts';
import { addBackup, backupsOf, removeBackup, restoreBackup } from '../../machine/web/config-backup.ts';
import { addEntry, readFiltered, removeEntries, setValues } from '../../machine/web/config-filter.ts';
import { type Filter } from '../../machine/web/filter-text.ts';
import { webPaths } from '../../machine/web/web-paths.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { elementType } from '../../types/web/config-values.ts';
import { roleCommand } from '../role-command.ts';
import { webStep } from './web-errors.ts';
import { boundPlaces } from './web-place.ts';

const className = (name: string): string => `Microsoft.IIs.PowerShell.Provider.${name}Command`;

const entriesGetter = (command: string, kind: string, section: string) =>
  roleCommand(command, {
    className: className(kind),
    simulated: ['Name', 'PSPath', 'Location'],
    *process(context, bound) {
      const { machine } = actorOf(context);
      const pattern = bound.text('Name');
      const places =
        command === 'Get-WebGlobalModule'
          ? [{ scope: {}, location: {}, shown: 'MACHINE/WEBROOT/APPHOST' }]
          : boundPlaces(context, bound);
      for (const place of places)
        yield* webStep(context, () => {
          for (const node of readFiltered(machine, { section, steps: [] }, place).section.entries) {
            const name = node.values.get('name')?.value ?? '';
            if (pattern === undefined || context.like(name, pattern))
              context.write(
                newObject(elementType, {
                  node,
                  defaults: undefined,
                  path: `/${section}/add[@name='${name}']`,
                  place: place.shown,
                  extra: [],
                }),
              );
          }
        });
    },
  });

const handlerFilter = (name: string): Filter => ({
  section: 'system.webServer/handlers',
  steps: [{ name: 'add', tests: [['name', name]] }],
});

const attributes: Readonly<Record<string, string>> = {
  Path: 'path',
  Verb: 'verb',
  Type: 'type',
  Modules: 'modules',
  ScriptProcessor: 'scriptProcessor',
  Precondition: 'preCondition',
  ResourceType: 'resourceType',
  RequiredAccess: 'requireAccess',
};
const valuesOf = (bound: BoundParameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([parameter, name]) =>
      bound.has(parameter) ? [[name, bound.text(parameter) ?? '']] : [],
    ),
  );

const changeHandler = (verb: 'New' | 'Set' | 'Remove') =>
  roleCommand(`${verb}-WebHandler`, {
    className: className(`${verb}Handler`),
    simulated: ['Name', 'PSPath', 'Location', 'Force', ...Object.keys(attributes)],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      const name = bound.text('Name') ?? '';
      for (const place of boundPlaces(context, bound)) {
        if (verb !== 'New' && !context.shouldProcess(name, `${verb}-WebHandler`)) continue;
        yield* webStep(context, () => {
          const edit = { filter: handlerFilter(name), place, pid };
          if (verb === 'Set') return setValues(machine, edit, valuesOf(bound));
          if (verb === 'Remove') return removeEntries(machine, edit);
          return addEntry(
            machine,
            { ...edit, filter: { ...edit.filter, steps: [] } },
            { name, ...valuesOf(bound) },
            true,
          );
        });
      }
    },
  });

const backupObject = (context: CommandContext, name: string, createdMs: number) => {
  const { machine } = actorOf(context);
  return customObject(
    {
      Name: name,
      CreationDate: localFromUnixMs(createdMs, machine.timeZone.offsetMinutes),
    },
    ['Microsoft.IIs.PowerShell.Framework.ConfigurationBackup'],
  );
};

const noBackup = (context: CommandContext, name: string): never =>
  context.fail({
    id: 'System.IO.DirectoryNotFoundException',
    message: `Could not find a part of the path '${webPaths.backups}\\${name}'.`,
    category: 'ObjectNotFound',
    target: name,
    exception: 'System.IO.DirectoryNotFoundException',
  });

const backup = roleCommand('Backup-WebConfiguration', {
  className: className('BackupConfiguration'),
  simulated: ['Name'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    if (backupsOf(machine).some((one) => one.name.toLowerCase() === name.toLowerCase()))
      context.fail({
        id: 'System.ArgumentException',
        message: `Backup '${name}' already exists.`,
        category: 'ResourceExists',
        target: name,
        exception: 'System.ArgumentException',
      });
    yield addBackup(machine, name, pid);
    context.write(backupObject(context, name, machine.clock.wallMs()));
  },
});

const getBackup = roleCommand('Get-WebConfigurationBackup', {
  className: className('GetConfigurationBackup'),
  simulated: ['Name'],
  process(context, bound) {
    const pattern = bound.text('Name');
    for (const { name, createdMs } of backupsOf(actorOf(context).machine))
      if (pattern === undefined || context.like(name, pattern)) context.write(backupObject(context, name, createdMs));
  },
});

const changeBackup = (command: 'Restore-WebConfiguration' | 'Remove-WebConfigurationBackup') =>
  roleCommand(command, {
    className: className(command === 'Restore-WebConfiguration' ? 'RestoreConfiguration' : 'RemoveConfigurationBackup'),
    simulated: ['Name'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      const name = bound.text('Name') ?? '';
      if (!backupsOf(machine).some((one) => one.name.toLowerCase() === name.toLowerCase())) noBackup(context, name);
      if (!context.shouldProcess(name, command)) return;
      yield* webStep(context, () =>
        command === 'Restore-WebConfiguration' ? restoreBackup(machine, name, pid) : removeBackup(machine, name, pid),
      );
    },
  });

/** Handlers, modules, backups of the configuration. */
export const handlerCmdlets = [
  entriesGetter('Get-WebHandler', 'GetHandler', 'system.webServer/handlers'),
  entriesGetter('Get-WebManagedModule', 'GetManagedModule', 'system.webServer/modules'),
  entriesGetter('Get-WebGlobalModule', 'GetGlobalModule', 'system.webServer/globalModules'),
  changeHandler('New'),
  changeHandler('Set'),
  changeHandler('Remove'),
  backup,
  getBackup,
  changeBackup('Restore-WebConfiguration'),
  changeBackup('Remove-WebConfigurationBackup'),
];
