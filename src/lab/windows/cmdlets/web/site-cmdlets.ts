import type { BoundParameters, CommandContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Machine } from '../../machine/machine.ts';
import { addApplication, addDirectory, addSite, removeHostEntries, siteFilter } from '../../machine/web/edit-sites.ts';
import type { RunState } from '../../machine/web/web-server.ts';
import { sitesOf, type WebSite } from '../../machine/web/web-sites.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import {
  applicationObject,
  bindingObjects,
  directoryObject,
  findSite,
  siteObject,
} from '../../types/web/web-objects.ts';
import { roleCommand } from '../role-command.ts';
import { bindingTaken, notRunning } from './site-errors.ts';
import { noWebPath, webStep } from './web-errors.ts';

const className = (name: string): string => `Microsoft.IIs.PowerShell.Provider.${name}Command`;

/** Sites whose names fit -Name; all without it. */
export const boundSites = (machine: Machine, context: CommandContext, pattern: string | undefined): WebSite[] =>
  sitesOf(machine.web.viewConfig()).filter(({ name }) => pattern === undefined || context.like(name, pattern));

const getWebsite = roleCommand('Get-Website', {
  className: className('GetWebsite'),
  simulated: ['Name'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    yield* webStep(context, () => {
      for (const site of boundSites(machine, context, bound.text('Name'))) context.write(siteObject(machine, site));
    });
  },
});

const switchSite = (verb: 'Start' | 'Stop', state: RunState) =>
  roleCommand(`${verb}-Website`, {
    className: className(`${verb}Website`),
    simulated: ['Name', 'Passthru'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      const name = bound.text('Name') ?? '';
      yield* webStep(context, function* (): Task<void> {
        const site = findSite(machine, name);
        if (!site) return context.writeError(noWebPath(`IIS:\\Sites\\${name}`));
        if (machine.web.siteState(name) === undefined) return notRunning(context, 'W3SVC');
        if (state === 'Started' && machine.web.siteState(name) !== state && machine.web.hasConflict(name))
          return bindingTaken(context);
        if (machine.web.siteState(name) !== state) yield machine.web.setSite(site.name, state, pid);
        if (bound.flag('Passthru')) context.write(siteObject(machine, site));
        return undefined;
      });
    },
  });

const stateObject = (value: string) =>
  customObject({ Value: value }, ['Microsoft.IIs.PowerShell.Framework.CodeProperty']);

const getSiteState = roleCommand('Get-WebsiteState', {
  className: className('GetWebsiteState'),
  simulated: ['Name'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    yield* webStep(context, () => {
      const pattern = bound.text('Name');
      const sites = boundSites(machine, context, pattern);
      if (pattern !== undefined && sites.length === 0) context.writeError(noWebPath(`IIS:\\Sites\\${pattern}`));
      for (const { name } of sites) {
        const state = machine.web.siteState(name);
        if (state === undefined) notRunning(context, 'W3SVC');
        else context.write(stateObject(state));
      }
    });
  },
});

const getApplication = roleCommand('Get-WebApplication', {
  className: className('GetWebApplication'),
  simulated: ['Site', 'Name'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    const name = bound.text('Name')?.replaceAll('\\', '/').replace(/^\//, '');
    yield* webStep(context, () => {
      for (const site of boundSites(machine, context, bound.text('Site')))
        for (const application of site.applications)
          if (application.path !== '/' && (name === undefined || context.like(application.path.slice(1), name)))
            context.write(applicationObject(machine, site, application));
    });
  },
});

const getDirectory = roleCommand('Get-WebVirtualDirectory', {
  className: className('GetWebVirtualDirectory'),
  simulated: ['Site', 'Application', 'Name'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    const slashed = (text: string | undefined): string | undefined =>
      text && `/${text.replaceAll('\\', '/').replace(/^\//, '')}`;
    const [wanted, name] = [slashed(bound.text('Application')), slashed(bound.text('Name'))];
    yield* webStep(context, () => {
      for (const site of boundSites(machine, context, bound.text('Site')))
        for (const application of site.applications)
          if (wanted === undefined || context.like(application.path, wanted))
            for (const directory of application.directories)
              if (directory.path !== '/' && (name === undefined || context.like(directory.path, name)))
                context.write(directoryObject(machine, site, application, directory));
    });
  },
});

const partsOf = (information: string): [string, string, string] => {
  const [, address = '', port = '', host = ''] = /^(.*):(\d*):(.*)$/.exec(information) ?? [];
  return [address, port, host];
};

const getBinding = roleCommand('Get-WebBinding', {
  className: className('GetWebBinding'),
  simulated: ['Name', 'Protocol', 'Port', 'IPAddress', 'HostHeader'],
  *process(context, bound) {
    const { machine } = actorOf(context);
    yield* webStep(context, () => {
      for (const site of boundSites(machine, context, bound.text('Name')))
        for (const [index, object] of bindingObjects(site).entries()) {
          const binding = site.bindings[index];
          const [address, port, host] = partsOf(binding?.information ?? '');
          const tests: readonly (readonly [string, string])[] = [
            ['Protocol', binding?.protocol ?? ''],
            ['Port', port],
            ['IPAddress', address],
            ['HostHeader', host],
          ];
          if (tests.every(([name, value]) => !bound.has(name) || context.like(value, bound.text(name) ?? '')))
            context.write(object);
        }
    });
  },
});

const exists = (context: CommandContext, path: string): void =>
  context.writeError({
    id: 'AlreadyExists',
    message: `Destination element already exists, please use "force" parameter to override`,
    category: 'ResourceExists',
    target: path,
    exception: 'System.ArgumentException',
  });

const missingFolder = (machine: Machine, context: CommandContext, path: string): boolean => {
  if (path === '' || /^\\\\|%/.test(path) || machine.files.exists(path)) return false;
  context.writeError({
    id: 'System.ArgumentException',
    message: `Parameter 'PhysicalPath' should point to existing path.`,
    category: 'InvalidArgument',
    target: path,
    exception: 'System.ArgumentException',
  });
  return true;
};

const newSite = roleCommand('New-Website', {
  className: className('NewWebsite'),
  simulated: ['Name', 'Id', 'Port', 'IPAddress', 'HostHeader', 'PhysicalPath', 'ApplicationPool', 'Ssl', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const name = bound.text('Name') ?? '';
    const path = bound.text('PhysicalPath') ?? '';
    yield* webStep(context, function* (): Task<void> {
      if (findSite(machine, name)) return exists(context, name);
      if (!bound.flag('Force') && missingFolder(machine, context, path)) return undefined;
      const information = `${bound.text('IPAddress') ?? '*'}:${bound.text('Port') ?? (bound.flag('Ssl') ? '443' : '80')}:${bound.text('HostHeader') ?? ''}`;
      yield addSite(
        machine,
        {
          name,
          physicalPath: path,
          binding: information,
          protocol: bound.flag('Ssl') ? 'https' : 'http',
          ...(bound.has('Id') ? { id: bound.number('Id') ?? 0 } : {}),
          ...(bound.has('ApplicationPool') ? { pool: bound.text('ApplicationPool') ?? '' } : {}),
        },
        pid,
      );
      const made = findSite(machine, name);
      if (made) context.write(siteObject(machine, made));
      return undefined;
    });
  },
});

const contentOf = (bound: BoundParameters) => ({
  physicalPath: bound.text('PhysicalPath') ?? '',
  ...(bound.has('ApplicationPool') ? { pool: bound.text('ApplicationPool') ?? '' } : {}),
});

const newApplication = roleCommand('New-WebApplication', {
  className: className('NewWebApplication'),
  simulated: ['Site', 'Name', 'PhysicalPath', 'ApplicationPool', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const path = `/${(bound.text('Name') ?? '').replaceAll('\\', '/').replace(/^\//, '')}`;
    const siteName = bound.text('Site') ?? '';
    yield* webStep(context, function* (): Task<void> {
      const site = findSite(machine, siteName);
      if (!site) return context.writeError(noWebPath(`IIS:\\Sites\\${siteName}`));
      if (site.applications.some((one) => one.path.toLowerCase() === path.toLowerCase())) return exists(context, path);
      if (!bound.flag('Force') && missingFolder(machine, context, bound.text('PhysicalPath') ?? '')) return undefined;
      yield addApplication(machine, site.name, path, contentOf(bound), pid);
      const made = findSite(machine, siteName)?.applications.find((one) => one.path === path);
      if (made) context.write(applicationObject(machine, site, made));
      return undefined;
    });
  },
});

const newDirectory = roleCommand('New-WebVirtualDirectory', {
  className: className('NewWebVirtualDirectory'),
  simulated: ['Site', 'Application', 'Name', 'PhysicalPath', 'Force'],
  *process(context, bound) {
    const { machine, pid } = actorOf(context);
    const application = `/${(bound.text('Application') ?? '').replace(/^\//, '')}`;
    const path = `/${(bound.text('Name') ?? '').replaceAll('\\', '/').replace(/^\//, '')}`;
    yield* webStep(context, function* (): Task<void> {
      const site = findSite(machine, bound.text('Site') ?? '');
      if (!site) return context.writeError(noWebPath(`IIS:\\Sites\\${bound.text('Site') ?? ''}`));
      yield addDirectory(machine, site.name, application, path, contentOf(bound), pid);
      return undefined;
    });
  },
});

const remover = (name: string, kind: string, filter: (bound: BoundParameters) => ReturnType<typeof siteFilter>) =>
  roleCommand(name, {
    className: className(kind),
    simulated: ['Name', 'Site', 'Application'],
    *process(context, bound) {
      const { machine, pid } = actorOf(context);
      if (!context.shouldProcess(bound.text('Name') ?? '', name)) return;
      yield* webStep(context, () => removeHostEntries(machine, filter(bound), pid));
    },
  });
const slash = (text: string | undefined): string => `/${(text ?? '').replaceAll('\\', '/').replace(/^\//, '')}`;

/** Sites, applications, virtual directories, bindings. */
export const siteCmdlets = [
  getWebsite,
  switchSite('Start', 'Started'),
  switchSite('Stop', 'Stopped'),
  getSiteState,
  getApplication,
  getDirectory,
  getBinding,
  newSite,
  newApplication,
  newDirectory,
  remover('Remove-Website', 'RemoveWebsite', (bound) => siteFilter(bound.text('Name') ?? '')),
  remover('Remove-WebApplication', 'RemoveWebApplication', (bound) =>
    siteFilter(bound.text('Site') ?? '', slash(bound.text('Name'))),
  ),
  remover('Remove-WebVirtualDirectory', 'RemoveWebVirtualDirectory', (bound) =>
    siteFilter(bound.text('Site') ?? '', slash(bound.text('Application')), slash(bound.text('Name'))),
  ),
];
