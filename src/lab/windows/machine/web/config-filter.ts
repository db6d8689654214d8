import type { XmlElement } from '../../../evaluator/dotnet/xml-parse.ts';
import { sids } from '../../accounts.ts';
import type { Held } from '../change-feed.ts';
import type { Machine } from '../machine.ts';
import {
  type ConfigNode,
  elementOf,
  emptyNode,
  isLocked,
  keyOf,
  locationOf,
  readSection,
  settingOf,
  type WebScope,
} from './config-engine.ts';
import type { ElementSchema } from './config-schema.ts';
import {
  addElement,
  attributeOf,
  type ConfigFile,
  configFault,
  elementsOf,
  findPath,
  makePath,
  parseConfig,
  removeElement,
  setAttribute,
  writeConfig,
} from './config-xml.ts';
import { type Filter, passes, type Step, walk } from './filter-text.ts';
import { expandPath, readFolderConfigs } from './web-content.ts';
import { mapPath, sitesOf } from './web-sites.ts';

/** Where a change is written: into applicationHost.config (in a location tag where there is one) or the web.config of a place. */
export type WebPlace = { readonly scope: WebScope; readonly location: WebScope };

const administrator = {
  name: 'BUILTIN\\Administrators',
  sids: [sids.administrators, sids.system, sids.users, 'S-1-1-0'],
  remoteName: '',
};

/** The web.config files that hold for a scope, read by an administrator. */
const filesFor = (machine: Machine, host: ConfigFile, scope: WebScope): ConfigFile[] => {
  const site = sitesOf(host).find(({ name }) => name.toLowerCase() === scope.site?.toLowerCase());
  return site ? readFolderConfigs(machine, host, site, scope.path ?? '/', administrator) : [];
};

/** The section that a filter names at a place, and the elements in it. @throws ConfigFault */
export const readFiltered = (
  machine: Machine,
  filter: Filter,
  place: WebPlace,
): { section: ConfigNode; found: ConfigNode[] } => {
  const host = machine.web.readConfig();
  const scope = place.scope.site === undefined ? place.location : place.scope;
  const files = filter.section.startsWith('system.applicationHost') ? [] : filesFor(machine, host, scope);
  const section = readSection(host, filter.section, scope, files);
  return { section, found: walk(section, filter.steps) };
};

type Opened = { readonly file: ConfigFile; readonly base: XmlElement; readonly isHost: boolean };

/** Opens the file that a change at a place goes to. @throws ConfigFault when the section is locked there */
const openPlace = (machine: Machine, section: string, { scope, location }: WebPlace): Opened => {
  const host = machine.web.readConfig();
  if (scope.site === undefined || section.startsWith('system.applicationHost')) {
    const path = locationOf(location);
    const isPlain = path === '' || section.startsWith('system.applicationHost');
    const tag = elementsOf(host.root).find(
      (one) => one.name === 'location' && (attributeOf(one, 'path') ?? '').toLowerCase() === path.toLowerCase(),
    );
    // Modules and handlers stand in the location tag of the root, where lower levels may change them.
    if (isPlain) return { file: host, base: tag && findPath(tag, section) ? tag : host.root, isHost: true };
    return { file: host, base: tag ?? addElement(host.root, 'location', { path }), isHost: true };
  }
  const site = sitesOf(host).find(({ name }) => name.toLowerCase() === scope.site?.toLowerCase());
  const mapped = site && mapPath(site, scope.path ?? '/');
  if (!site || !mapped) throw configFault('notFound', `MACHINE/WEBROOT/APPHOST/${locationOf(scope)}`);
  const folder = `${expandPath(mapped.directory.physicalPath)}${mapped.rest === '/' ? '' : mapped.rest.replaceAll('/', '\\')}`;
  const path = `${folder}\\web.config`;
  if (isLocked(host, section, scope)) throw configFault('locked', path);
  const node = machine.files.find(path);
  const file = node
    ? parseConfig(machine.files.read(node), path)
    : parseConfig(
        new TextEncoder().encode(
          '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<configuration>\r\n</configuration>\r\n',
        ),
        path,
      );
  return { file, base: file.root, isHost: false };
};

const save = (machine: Machine, { file, isHost }: Opened, pid: number): Held =>
  isHost ? machine.web.saveConfig(file, pid) : machine.files.write(file.path, writeConfig(file), pid);

const matches = (element: XmlElement, keys: readonly string[], node: ConfigNode): boolean =>
  keys.every((key) => (attributeOf(element, key) ?? '').toLowerCase() === settingOf(node, key).toLowerCase());

/** The element of an entry in an opened file; what comes from above is copied behind a `remove`. */
const ownEntry = (parent: XmlElement, schema: ElementSchema, node: ConfigNode): XmlElement => {
  const { name = 'add', keys = [] } = schema.entries ?? {};
  const there = elementsOf(parent).find(
    (one) => one.name.toLowerCase() === name.toLowerCase() && matches(one, keys, node),
  );
  if (there) return there;
  addElement(parent, 'remove', Object.fromEntries(keys.map((key) => [key, settingOf(node, key)])));
  return addElement(parent, name, Object.fromEntries([...node.values.values()].map((one) => [one.name, one.value])));
};

/** Finds, or makes, in an opened file the element that steps lead to; the section has such an element. */
const ownElement = (
  at: XmlElement,
  node: ConfigNode,
  steps: readonly Step[],
): { element: XmlElement; node: ConfigNode } => {
  const [step, ...rest] = steps;
  if (!step) return { element: at, node };
  const { entries } = node.schema;
  if (entries && step.name.toLowerCase() === entries.name.toLowerCase()) {
    const entry = node.entries.find((one) => passes(one, step.tests));
    if (!entry) throw configFault('notFound', '', { detail: step.name });
    return ownElement(ownEntry(at, node.schema, entry), entry, rest);
  }
  const below = elementOf(node, step.name);
  return ownElement(makePath(at, below.name), below, rest);
};

type Edit = { readonly filter: Filter; readonly place: WebPlace; readonly pid: number };

/** Opens the element that a filter names, for a change; the steps must exist. */
const editElement = (
  machine: Machine,
  { filter, place, pid }: Edit,
  change: (element: XmlElement, node: ConfigNode) => void,
): Held => {
  const opened = openPlace(machine, filter.section, place);
  const { section } = readFiltered(machine, filter, place);
  const own = ownElement(makePath(opened.base, filter.section), section, filter.steps);
  change(own.element, own.node);
  return save(machine, opened, pid);
};

/** Sets attributes of the element that a filter names. */
export const setValues = (machine: Machine, edit: Edit, values: Readonly<Record<string, string>>): Held =>
  editElement(machine, edit, (element) => {
    for (const [name, value] of Object.entries(values)) setAttribute(element, name, value);
  });

/** Adds an entry to the collection that a filter names, at its end or (`first`) before all others. */
export const addEntry = (
  machine: Machine,
  edit: Edit,
  values: Readonly<Record<string, string>>,
  isFirst = false,
): Held =>
  editElement(machine, edit, (element, node) => {
    const { name = 'add', keys = [], schema = { settings: {} } } = node.schema.entries ?? {};
    const made = emptyNode(schema, name);
    for (const [key, value] of Object.entries(values)) made.values.set(key.toLowerCase(), { name: key, value });
    if (node.entries.some((one) => keyOf(one, keys) === keyOf(made, keys)))
      throw configFault('duplicate', '', {
        detail: `of type '${name}' with unique key attribute '${keys.join(', ')}' set to '${keys.map((key) => settingOf(made, key)).join(', ')}'`,
      });
    const removed = elementsOf(element).find((one) => one.name === 'remove' && matches(one, keys, made));
    if (removed) removeElement(removed);
    const added = addElement(element, name, values);
    const before = elementsOf(element)[0];
    if (isFirst && before && before !== added) {
      const at = element.children.indexOf(added);
      const [gap] = element.children.splice(at - 1, 2);
      if (gap) element.children.splice(0, 0, gap, added);
    }
  });

/** Takes the entries away that a filter names; what comes from above is taken away by a `remove`. */
export const removeEntries = (machine: Machine, edit: Edit): Held => {
  const { filter, place, pid } = edit;
  const step = filter.steps.at(-1);
  if (!step) return clearSection(machine, edit);
  const opened = openPlace(machine, filter.section, place);
  const { section } = readFiltered(machine, filter, place);
  const parent = ownElement(makePath(opened.base, filter.section), section, filter.steps.slice(0, -1));
  const { name = 'add', keys = [] } = parent.node.schema.entries ?? {};
  for (const entry of parent.node.entries.filter((one) => passes(one, step.tests))) {
    const own = elementsOf(parent.element).find((one) => one.name === name && matches(one, keys, entry));
    if (own) removeElement(own);
    if (!own || elementsOf(parent.element).length === 0 || entry.origin?.document !== opened.file.document)
      if (!own && !opened.isHost)
        addElement(parent.element, 'remove', Object.fromEntries(keys.map((key) => [key, settingOf(entry, key)])));
  }
  return save(machine, opened, pid);
};

/** Takes an element out, and those above it that hold nothing more. */
const prune = (element: XmlElement): void => {
  const { parent } = element;
  removeElement(element);
  if (
    parent?.kind === 'element' &&
    parent.parent?.kind === 'element' &&
    elementsOf(parent).length === 0 &&
    parent.attributes.length === 0
  )
    prune(parent);
};

/** Takes away what a place says of a section or an element: what is inherited holds again. */
export const clearSection = (machine: Machine, { filter, place, pid }: Edit): Held => {
  const opened = openPlace(machine, filter.section, place);
  let element: XmlElement | undefined = findPath(opened.base, filter.section);
  for (const step of filter.steps)
    element =
      element &&
      elementsOf(element).find(
        (one) =>
          one.name.toLowerCase() === step.name.toLowerCase() &&
          step.tests.every(([key, value]) => (attributeOf(one, key) ?? '').toLowerCase() === value.toLowerCase()),
      );
  if (!element) return undefined;
  removeElement(element);
  return save(machine, opened, pid);
};

/** Takes one attribute away, so that what is inherited or usual holds. */
export const clearValue = (machine: Machine, edit: Edit, name: string): Held =>
  editElement(machine, edit, (element) => {
    setAttribute(element, name, undefined);
    if (edit.filter.steps.length > 0 && element.attributes.length === 0 && elementsOf(element).length === 0)
      prune(element);
  });

/** Locks or unlocks a section for the levels below a place, by a location tag in applicationHost.config. */
export const setLock = (
  machine: Machine,
  section: string,
  scope: WebScope,
  mode: 'Allow' | 'Deny',
  pid: number,
): Held => {
  const host = machine.web.readConfig();
  const path = locationOf(scope);
  const tag = elementsOf(host.root).find(
    (one) =>
      one.name === 'location' &&
      (attributeOf(one, 'path') ?? '').toLowerCase() === path.toLowerCase() &&
      attributeOf(one, 'overrideMode') === mode,
  );
  // The section may stand in one tag of a path only.
  for (const other of elementsOf(host.root)) {
    if (
      other === tag ||
      other.name !== 'location' ||
      (attributeOf(other, 'path') ?? '').toLowerCase() !== path.toLowerCase()
    )
      continue;
    const own = findPath(other, section);
    if (own && elementsOf(own).length === 0 && own.attributes.length === 0) prune(own);
  }
  makePath(tag ?? addElement(host.root, 'location', { path, overrideMode: mode }), section);
  return machine.web.saveConfig(host, pid);
};
