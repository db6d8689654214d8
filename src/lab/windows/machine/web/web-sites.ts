import { type ConfigNode, elementOf, readSection, settingOf } from './config-engine.ts';
import type { ConfigFile } from './config-xml.ts';

/** An application pool as it is configured. */
export type WebPool = {
  readonly name: string;
  readonly autoStart: boolean;
  readonly identityType: string;
  readonly userName: string;
  readonly password: string;
  readonly queueLength: number;
  readonly privateMemoryKB: number;
  readonly runtimeVersion: string;
  readonly rapidFailProtection: boolean;
  readonly node: ConfigNode;
};

/** A virtual directory. */
export type WebDirectory = {
  readonly path: string;
  readonly physicalPath: string;
  readonly userName: string;
  readonly password: string;
  readonly node: ConfigNode;
};
/** An application of a site. */
export type WebApplication = {
  readonly path: string;
  readonly pool: string;
  readonly directories: readonly WebDirectory[];
  readonly node: ConfigNode;
};
/** A site. */
export type WebSite = {
  readonly name: string;
  readonly id: number;
  readonly autoStart: boolean;
  readonly bindings: readonly { readonly protocol: string; readonly information: string; readonly sslFlags: number }[];
  readonly applications: readonly WebApplication[];
  readonly node: ConfigNode;
};

const poolsSection = 'system.applicationHost/applicationPools';
const sitesSection = 'system.applicationHost/sites';
const isTrue = (text: string): boolean => text.toLowerCase() === 'true';

/** The defaults of all pools. */
export const poolDefaults = (host: ConfigFile): ConfigNode =>
  elementOf(readSection(host, poolsSection, {}), 'applicationPoolDefaults');

/** A value of a pool or of an element below it (`processModel`), with the defaults of all pools behind it. */
export const poolSetting = (node: ConfigNode, defaults: ConfigNode, path: string): string => {
  const steps = path.split('/').flatMap((step) => step.split('.'));
  const leaf = steps.pop() ?? '';
  const [own, general] = steps.reduce<[ConfigNode, ConfigNode]>(
    ([a, b], step) => [elementOf(a, step), elementOf(b, step)],
    [node, defaults],
  );
  return settingOf(own, leaf, general);
};

// Each tree that was read is listed once; who changes a tree writes it and reads it anew.
const knownPools = new WeakMap<ConfigFile, WebPool[]>();
const knownSites = new WeakMap<ConfigFile, WebSite[]>();

/** All application pools. */
export const poolsOf = (host: ConfigFile): WebPool[] => {
  const known = knownPools.get(host) ?? readPools(host);
  knownPools.set(host, known);
  return known;
};

const readPools = (host: ConfigFile): WebPool[] => {
  const defaults = poolDefaults(host);
  return readSection(host, poolsSection, {}).entries.map((node) => {
    const get = (path: string): string => poolSetting(node, defaults, path);
    return {
      name: get('name'),
      autoStart: isTrue(get('autoStart')),
      identityType: get('processModel/identityType'),
      userName: get('processModel/userName'),
      password: get('processModel/password'),
      queueLength: Number(get('queueLength')),
      privateMemoryKB: Number(get('recycling/periodicRestart/privateMemory')),
      runtimeVersion: get('managedRuntimeVersion'),
      rapidFailProtection: isTrue(get('failure/rapidFailProtection')),
      node,
    };
  });
};

/** All sites. */
export const sitesOf = (host: ConfigFile): WebSite[] => {
  const known = knownSites.get(host) ?? readSites(host);
  knownSites.set(host, known);
  return known;
};

const readSites = (host: ConfigFile): WebSite[] => {
  const section = readSection(host, sitesSection, {});
  const applicationDefaults = elementOf(section, 'applicationDefaults');
  return section.entries.map((node) => ({
    name: settingOf(node, 'name'),
    id: Number(settingOf(node, 'id')),
    autoStart: isTrue(settingOf(node, 'serverAutoStart', elementOf(section, 'siteDefaults'))),
    bindings: elementOf(node, 'bindings').entries.map((one) => ({
      protocol: settingOf(one, 'protocol'),
      information: settingOf(one, 'bindingInformation'),
      sslFlags: Number(settingOf(one, 'sslFlags')),
    })),
    applications: node.entries.map((application) => ({
      path: settingOf(application, 'path'),
      pool: settingOf(application, 'applicationPool', applicationDefaults),
      directories: application.entries.map((directory) => ({
        path: settingOf(directory, 'path'),
        physicalPath: settingOf(directory, 'physicalPath'),
        userName: settingOf(directory, 'userName'),
        password: settingOf(directory, 'password'),
        node: directory,
      })),
      node: application,
    })),
    node,
  }));
};

/** Where a URL path of a site leads: its application, its virtual directory, and the rest of the path. */
export type Mapped = { readonly application: WebApplication; readonly directory: WebDirectory; readonly rest: string };

const isBelow = (path: string, base: string): boolean =>
  base === '/' || path.toLowerCase() === base.toLowerCase() || path.toLowerCase().startsWith(`${base.toLowerCase()}/`);
const longest = <T extends { readonly path: string }>(all: readonly T[], path: string): T | undefined =>
  all.filter((one) => isBelow(path, one.path)).toSorted((a, b) => b.path.length - a.path.length)[0];
const below = (path: string, base: string): string => (base === '/' ? path : path.slice(base.length) || '/');

/** Maps a URL path onto a site's application and virtual directory. */
export const mapPath = (site: WebSite, path: string): Mapped | undefined => {
  const application = longest(site.applications, path);
  const inside = application && below(path, application.path);
  const directory = application && inside !== undefined ? longest(application.directories, inside) : undefined;
  return application && directory && inside !== undefined
    ? { application, directory, rest: below(inside, directory.path) }
    : undefined;
};
