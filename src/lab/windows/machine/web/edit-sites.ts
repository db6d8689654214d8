import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import { addEntry, removeEntries, setValues } from './config-filter.ts';
import { addElement, attributeOf, elementsOf, findPath, makePath } from './config-xml.ts';
import { type Filter } from './filter-text.ts';
import { sitesOf } from './web-sites.ts';

const server = { scope: {}, location: {} };
const pools = 'system.applicationHost/applicationPools';
const sites = 'system.applicationHost/sites';

/** The filter of a pool, and of an element below it. */
export const poolFilter = (name: string, below: readonly string[] = []): Filter => ({
  section: pools,
  steps: [{ name: 'add', tests: [['name', name]] }, ...below.map((one) => ({ name: one, tests: [] }))],
});

/** The filter of a site, an application and a virtual directory in it. */
export const siteFilter = (site: string, application?: string, directory?: string): Filter => ({
  section: sites,
  steps: [
    { name: 'site', tests: [['name', site]] },
    ...(application === undefined ? [] : [{ name: 'application', tests: [['path', application]] as const }]),
    ...(directory === undefined ? [] : [{ name: 'virtualDirectory', tests: [['path', directory]] as const }]),
  ],
});

/** Sets attributes of what a filter names, in applicationHost.config. */
export const setHostValues = (
  machine: Machine,
  filter: Filter,
  values: Readonly<Record<string, string>>,
  pid: number,
): Held => setValues(machine, { filter, place: server, pid }, values);

/** Takes away what a filter names. */
export const removeHostEntries = (machine: Machine, filter: Filter, pid: number): Held =>
  removeEntries(machine, { filter, place: server, pid });

/** Adds a pool. */
export const addPool = (machine: Machine, name: string, pid: number): Held =>
  addEntry(machine, { filter: { section: pools, steps: [] }, place: server, pid }, { name });

/** What a new site, application or directory says of its content. */
export type NewContent = {
  readonly physicalPath: string;
  readonly pool?: string;
  readonly userName?: string;
  readonly password?: string;
};

const directoryValues = (path: string, { physicalPath, userName, password }: NewContent): Record<string, string> => ({
  path,
  physicalPath,
  ...(userName === undefined ? {} : { userName }),
  ...(password === undefined ? {} : { password }),
});

/** Adds a site with its root application. */
export const addSite = (
  machine: Machine,
  site: NewContent & {
    readonly name: string;
    readonly id?: number;
    readonly binding: string;
    readonly protocol?: string;
  },
  pid: number,
): Held => {
  const config = machine.web.readConfig();
  const id = site.id ?? Math.max(0, ...sitesOf(config).map((one) => one.id)) + 1;
  const parent = makePath(config.root, sites);
  const made = addElement(parent, 'site', { name: site.name, id: String(id) });
  const application = addElement(made, 'application', {
    path: '/',
    ...(site.pool === undefined ? {} : { applicationPool: site.pool }),
  });
  addElement(application, 'virtualDirectory', directoryValues('/', site));
  addElement(addElement(made, 'bindings'), 'binding', {
    protocol: site.protocol ?? 'http',
    bindingInformation: site.binding,
  });
  return machine.web.saveConfig(config, pid);
};

const siteElement = (machine: Machine, name: string) => {
  const config = machine.web.readConfig();
  const parent = findPath(config.root, sites);
  const site =
    parent &&
    elementsOf(parent).find(
      (one) => one.name === 'site' && attributeOf(one, 'name')?.toLowerCase() === name.toLowerCase(),
    );
  return { config, site };
};

/** Adds an application to a site. */
export const addApplication = (
  machine: Machine,
  site: string,
  path: string,
  content: NewContent,
  pid: number,
): Held => {
  const { config, site: element } = siteElement(machine, site);
  if (!element) return undefined;
  const application = addElement(element, 'application', {
    path,
    ...(content.pool === undefined ? {} : { applicationPool: content.pool }),
  });
  addElement(application, 'virtualDirectory', directoryValues('/', content));
  return machine.web.saveConfig(config, pid);
};

/** Adds a virtual directory to an application. */
export const addDirectory = (
  machine: Machine,
  site: string,
  application: string,
  path: string,
  content: NewContent,
  pid: number,
): Held =>
  addEntry(machine, { filter: siteFilter(site, application), place: server, pid }, directoryValues(path, content));

/** Adds or takes away a binding of a site. */
export const addBinding = (machine: Machine, site: string, protocol: string, information: string, pid: number): Held =>
  addEntry(
    machine,
    {
      filter: { section: sites, steps: [...siteFilter(site).steps, { name: 'bindings', tests: [] }] },
      place: server,
      pid,
    },
    { protocol, bindingInformation: information },
  );
