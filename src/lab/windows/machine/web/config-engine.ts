import type { XmlElement } from '../../../evaluator/dotnet/xml-parse.ts';
import type { Machine } from '../machine.ts';
import { type ElementSchema, runtimeSections, sectionSchemas } from './config-schema.ts';
import { attributeOf, type ConfigFile, configFault, elementsOf, findPath, lineOf, parseConfig } from './config-xml.ts';
import { webPaths } from './web-paths.ts';

/** A place in the configuration: the server, a site, or a path below a site (`/` for its root). */
export type WebScope = { readonly site?: string; readonly path?: string };

/** A configured element with what all files say of it. */
export type ConfigNode = {
  readonly schema: ElementSchema;
  readonly name: string;
  readonly values: Map<string, { readonly name: string; readonly value: string }>;
  readonly elements: Map<string, ConfigNode>;
  entries: ConfigNode[];
  /** Element that gave it last, and the file. */
  origin: XmlElement | undefined;
  source: string;
};

const emptySchema: ElementSchema = { settings: {} };

/** A node without any value. */
export const emptyNode = (schema: ElementSchema, name: string): ConfigNode => ({
  schema,
  name,
  values: new Map(),
  elements: new Map(),
  entries: [],
  origin: undefined,
  source: '',
});

/** A value of a node; what no file sets is that of the schema, or of the defaults that are given. */
export const settingOf = (node: ConfigNode | undefined, name: string, defaults?: ConfigNode): string => {
  const lower = name.toLowerCase();
  const set = node?.values.get(lower) ?? defaults?.values.get(lower);
  if (set) return set.value;
  const schema = node?.schema ?? defaults?.schema ?? emptySchema;
  return Object.entries(schema.settings).find(([key]) => key.toLowerCase() === lower)?.[1].fallback ?? '';
};

/** What tells an entry from the others of its collection. */
export const keyOf = (node: ConfigNode, keys: readonly string[]): string =>
  keys.map((key) => settingOf(node, key).toLowerCase()).join('\u0000');

/** A fixed child element of a node, empty where no file has it. */
export const elementOf = (node: ConfigNode, name: string): ConfigNode => {
  const found = node.elements.get(name.toLowerCase());
  if (found) return found;
  const schema = Object.entries(node.schema.elements ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return emptyNode(schema?.[1] ?? emptySchema, schema?.[0] ?? name);
};

const copyInto = (into: ConfigNode, element: XmlElement, file: ConfigFile): void => {
  into.origin = element;
  into.source = file.path;
  for (const { name, value } of element.attributes)
    if (!name.startsWith('lock')) into.values.set(name.toLowerCase(), { name, value });
  for (const child of elementsOf(element)) {
    const lower = child.name.toLowerCase();
    const fixed = Object.entries(into.schema.elements ?? {}).find(([name]) => name.toLowerCase() === lower);
    const { entries } = into.schema;
    if (fixed) {
      const below = into.elements.get(lower) ?? emptyNode(fixed[1], fixed[0]);
      into.elements.set(lower, below);
      copyInto(below, child, file);
    } else if (entries && lower === entries.name.toLowerCase()) {
      const made = emptyNode(entries.schema, child.name);
      copyInto(made, child, file);
      const key = keyOf(made, entries.keys);
      if (into.entries.some((other) => keyOf(other, entries.keys) === key))
        throw configFault('duplicate', file.path, {
          line: lineOf(file, child.name),
          detail: `of type '${child.name}' with unique key attribute '${entries.keys.join(', ')}' set to '${entries.keys.map((one) => settingOf(made, one)).join(', ')}'`,
        });
      into.entries.push(made);
    } else if (entries && lower === 'clear') into.entries = [];
    else if (entries && lower === 'remove') {
      const made = emptyNode(entries.schema, child.name);
      for (const { name, value } of child.attributes) made.values.set(name.toLowerCase(), { name, value });
      const key = keyOf(made, entries.keys);
      into.entries = into.entries.filter((other) => keyOf(other, entries.keys) !== key);
    } else if (into.schema !== emptySchema && Object.keys(into.schema.elements ?? {}).length + (entries ? 1 : 0) > 0) {
      throw configFault('unknownElement', file.path, { line: lineOf(file, child.name), detail: `'${child.name}'` });
    }
  }
};

/** Reads applicationHost.config. @throws ConfigFault */
export const readHostConfig = (machine: Machine): ConfigFile => {
  const node = machine.files.find(webPaths.config);
  if (!node) throw configFault('notFound', webPaths.config);
  return parseConfig(machine.files.read(node), webPaths.config);
};

/** Sections that applicationHost.config declares: path in lower case → default of overriding. */
const declaredIn = (host: ConfigFile): Map<string, 'Allow' | 'Deny'> => {
  const found = new Map<string, 'Allow' | 'Deny'>();
  const walk = (element: XmlElement, prefix: string): void => {
    for (const child of elementsOf(element)) {
      const path = `${prefix}${attributeOf(child, 'name') ?? ''}`.toLowerCase();
      if (child.name === 'sectionGroup') walk(child, `${path}/`);
      else if (child.name === 'section')
        found.set(path, attributeOf(child, 'overrideModeDefault') === 'Deny' ? 'Deny' : 'Allow');
    }
  };
  const sections = findPath(host.root, 'configSections');
  if (sections) walk(sections, '');
  return found;
};

const tidy = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();

/** The path of a scope as location tags of applicationHost.config write it: `site/app`. */
export const locationOf = ({ site, path }: WebScope): string =>
  site === undefined
    ? ''
    : `${site}${path === undefined || tidy(path) === '' ? '' : `/${path.replace(/^\/+|\/+$/g, '')}`}`;

const covers = (location: string, scope: WebScope): boolean => {
  const [outer, inner] = [tidy(location), tidy(locationOf(scope))];
  return outer === '' || outer === inner || inner.startsWith(`${outer}/`);
};

/** Location tags that hold for a scope, the widest first. */
const locationsFor = (host: ConfigFile, scope: WebScope): XmlElement[] =>
  elementsOf(host.root)
    .filter((one) => one.name === 'location' && covers(attributeOf(one, 'path') ?? '', scope))
    .toSorted((a, b) => tidy(attributeOf(a, 'path') ?? '').length - tidy(attributeOf(b, 'path') ?? '').length);

/** Whether a section may not be set in web.config files of a scope. */
export const isLocked = (host: ConfigFile, section: string, scope: WebScope): boolean => {
  let mode: string = declaredIn(host).get(section.toLowerCase()) ?? 'Allow';
  for (const location of locationsFor(host, scope)) {
    const wanted = attributeOf(location, 'overrideMode');
    if (findPath(location, section) && wanted !== undefined && wanted !== 'Inherit') mode = wanted;
  }
  return mode === 'Deny';
};

/** Finds every section in a web.config and tells whether each may stand there. @throws ConfigFault */
export const checkFile = (host: ConfigFile, file: ConfigFile, scope: WebScope): void => {
  const declared = declaredIn(host);
  const isGroup = (path: string): boolean => [...declared.keys()].some((one) => one.startsWith(`${path}/`));
  const walk = (element: XmlElement, prefix: string): void => {
    for (const child of elementsOf(element)) {
      const path = `${prefix}${child.name}`;
      const lower = path.toLowerCase();
      if (prefix === '' && runtimeSections.has(lower)) continue;
      if (declared.has(lower)) {
        if (isLocked(host, path, scope)) throw configFault('locked', file.path, { line: lineOf(file, child.name) });
        const schema = sectionSchemas[path];
        if (schema) copyInto(emptyNode(schema, child.name), child, file);
      } else if (isGroup(lower)) walk(child, `${path}/`);
      else throw configFault('unknownSection', file.path, { line: lineOf(file, child.name), detail: `'${path}'` });
    }
  };
  walk(file.root, '');
};

/**
 * What all files say of a section at a place: applicationHost.config, its location tags, and the web.config files given.
 * @throws ConfigFault
 */
export const readSection = (
  host: ConfigFile,
  section: string,
  scope: WebScope,
  files: readonly ConfigFile[] = [],
): ConfigNode => {
  const known = Object.entries(sectionSchemas).find(([path]) => path.toLowerCase() === section.toLowerCase());
  const node = emptyNode(known?.[1] ?? emptySchema, section.slice(section.lastIndexOf('/') + 1));
  const base = findPath(host.root, section);
  if (base) copyInto(node, base, host);
  for (const location of locationsFor(host, scope)) {
    const own = findPath(location, section);
    if (own) copyInto(node, own, host);
  }
  for (const file of files) {
    const own = findPath(file.root, section);
    if (own) copyInto(node, own, file);
  }
  return node;
};

/** The schema's spelling of a section that a filter begins with, and what is left of the filter. */
export const splitSection = (steps: readonly string[]): { section: string; rest: readonly string[] } | undefined => {
  for (let count = steps.length; count > 0; count--) {
    const path = steps.slice(0, count).join('/');
    const found = Object.keys(sectionSchemas).find((one) => one.toLowerCase() === path.toLowerCase());
    if (found !== undefined) return { section: found, rest: steps.slice(count) };
  }
  return undefined;
};
