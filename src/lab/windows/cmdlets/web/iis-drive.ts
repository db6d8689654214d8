import { Hashtable } from '../../../evaluator/hashtable.ts';
import type { CallContext, Task } from '../../../evaluator/host.ts';
import { customObject } from '../../../evaluator/make.ts';
import type { Instance, Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { clearValue } from '../../machine/web/config-filter.ts';
import { poolFilter, removeHostEntries, setHostValues, siteFilter } from '../../machine/web/edit-sites.ts';
import { type Filter } from '../../machine/web/filter-text.ts';
import { openPassword, sealPassword } from '../../machine/web/web-access.ts';
import { expandPath } from '../../machine/web/web-content.ts';
import { mapPath, poolsOf, sitesOf, type WebPool, type WebSite } from '../../machine/web/web-sites.ts';
import { actorOf } from '../../runtime/process-hooks.ts';
import { pathObject } from '../../types/file-info.ts';
import { attributeValue, configText, type ElementState, innerElement } from '../../types/web/config-values.ts';
import {
  applicationObject,
  directoryObject,
  findPool,
  findSite,
  poolObject,
  siteObject,
} from '../../types/web/web-objects.ts';
import type { PropertyDrive } from '../items/property-drive.ts';
import { asWebNet } from './web-errors.ts';

/** What a path of the drive means. */
type Place =
  | { readonly kind: 'root' | 'pools' | 'sites' }
  | { readonly kind: 'pool'; readonly pool: WebPool }
  | { readonly kind: 'site'; readonly site: WebSite }
  | { readonly kind: 'below'; readonly site: WebSite; readonly path: string };

const readPlace = (machine: Machine, path: string): Place | undefined => {
  if (!machine.web.isInstalled) return undefined;
  const [first = '', second, ...rest] = path
    .replaceAll('/', '\\')
    .replace(/^\\\\[^\\]+/, '')
    .split('\\')
    .filter(Boolean);
  switch (first.toLowerCase()) {
    case '':
      return { kind: 'root' };
    case 'apppools': {
      if (second === undefined) return { kind: 'pools' };
      const pool = findPool(machine, second);
      return pool && rest.length === 0 ? { kind: 'pool', pool } : undefined;
    }
    case 'sites': {
      if (second === undefined) return { kind: 'sites' };
      const site = findSite(machine, second);
      if (!site) return undefined;
      if (rest.length === 0) return { kind: 'site', site };
      const url = `/${rest.join('/')}`;
      const mapped = mapPath(site, url);
      if (!mapped) return undefined;
      const isOwn = mapped.rest === '/';
      const file = `${expandPath(mapped.directory.physicalPath)}${mapped.rest === '/' ? '' : mapped.rest.replaceAll('/', '\\')}`;
      return isOwn || machine.files.exists(file) ? { kind: 'below', site, path: url } : undefined;
    }
    default:
      return undefined;
  }
};

/** Adds the note properties of a provider's items. */
const noted = (value: Value, machine: Machine, path: string): Value => {
  if (value === null || typeof value !== 'object' || !('kind' in value) || value.kind !== 'instance') return value;
  const full = `WebAdministration::\\\\${machine.name}\\${path.replace(/^\\\\[^\\]+/, '').replace(/^\\+/, '')}`;
  const notes: [string, Value][] = [
    ['PSPath', full],
    ['PSParentPath', full.slice(0, full.lastIndexOf('\\'))],
    ['PSChildName', full.slice(full.lastIndexOf('\\') + 1)],
    ['PSDrive', 'IIS'],
    ['PSProvider', 'WebAdministration'],
    ['PSIsContainer', true],
  ];
  value.members = new Map(
    notes.map(([name, note]) => [name.toLowerCase(), { kind: 'note' as const, name, value: note }]),
  );
  return value;
};

const itemOf = (machine: Machine, place: Place, path: string): Value => {
  switch (place.kind) {
    case 'root':
    case 'pools':
    case 'sites':
      return customObject({ Name: place.kind === 'pools' ? 'AppPools' : place.kind === 'sites' ? 'Sites' : '' });
    case 'pool':
      return noted(poolObject(machine, place.pool), machine, path);
    case 'site':
      return noted(siteObject(machine, place.site), machine, path);
    case 'below': {
      const mapped = mapPath(place.site, place.path);
      if (!mapped) return null;
      if (mapped.rest !== '/') {
        const file = `${expandPath(mapped.directory.physicalPath)}${mapped.rest.replaceAll('/', '\\')}`;
        return pathObject(machine, file, machine.files.get(file).isFolder, file);
      }
      return noted(
        mapped.directory.path === '/'
          ? applicationObject(machine, place.site, mapped.application)
          : directoryObject(machine, place.site, mapped.application, mapped.directory),
        machine,
        path,
      );
    }
  }
};

const childrenOf = (machine: Machine, place: Place): string[] => {
  switch (place.kind) {
    case 'root':
      return ['AppPools', 'Sites'];
    case 'pools':
      return poolsOf(machine.web.viewConfig()).map(({ name }) => name);
    case 'sites':
      return sitesOf(machine.web.viewConfig()).map(({ name }) => name);
    case 'site':
    case 'below': {
      const url = place.kind === 'site' ? '' : place.path;
      const all = place.site.applications.flatMap((application) =>
        application.directories.map((directory) =>
          `${application.path === '/' ? '' : application.path}${directory.path}`.replace(/\/$/, ''),
        ),
      );
      return all
        .filter((path) => path.startsWith(`${url}/`) && !path.slice(url.length + 1).includes('/'))
        .map((path) => path.slice(url.length + 1));
    }
    case 'pool':
      return [];
  }
};

/** The filter under which a property of an item is kept. */
const propertyFilter = (place: Place, name: string): { filter: Filter; leaf: string } | undefined => {
  const steps = name.split('.');
  const leaf = steps.pop() ?? '';
  const below = steps.map((step) => ({ name: step, tests: [] as const }));
  const add = (filter: Filter): { filter: Filter; leaf: string } => ({
    filter: { ...filter, steps: [...filter.steps, ...below] },
    leaf,
  });
  const isContent = /^(physicalPath|userName|password|logonMethod)$/i.test(leaf) && below.length === 0;
  switch (place.kind) {
    case 'pool':
      return add(poolFilter(place.pool.name));
    case 'site':
      if (isContent) return add(siteFilter(place.site.name, '/', '/'));
      if (/^applicationPool$/i.test(leaf)) return add(siteFilter(place.site.name, '/'));
      return add(siteFilter(place.site.name));
    case 'below': {
      const mapped = mapPath(place.site, place.path);
      if (!mapped) return undefined;
      return add(
        isContent || mapped.directory.path !== '/'
          ? siteFilter(place.site.name, mapped.application.path, mapped.directory.path)
          : siteFilter(place.site.name, mapped.application.path),
      );
    }
    default:
      return undefined;
  }
};

const textOf = (machine: Machine, leaf: string, value: Value, context: CallContext): string => {
  // Enums may be given by their numbers.
  const text = configText(value, (one) => context.text(one));
  const byNumber: Readonly<Record<string, readonly string[]>> = {
    identitytype: ['LocalSystem', 'LocalService', 'NetworkService', 'SpecificUser', 'ApplicationPoolIdentity'],
    managedpipelinemode: ['Integrated', 'Classic'],
  };
  if (/^password$/i.test(leaf)) return sealPassword(machine, text);
  return /^\d$/.test(text) ? (byNumber[leaf.toLowerCase()]?.[Number(text)] ?? text) : text;
};

/** The drive `IIS:`. */
export const iisDrive: PropertyDrive = {
  drives: ['IIS'],
  provider: 'WebAdministration',
  getContent: (path, context) =>
    asWebNet(() => {
      const place = readPlace(actorOf(context).machine, path);
      return place && itemOf(actorOf(context).machine, place, path);
    }),
  setContent: (_path, _value, context) => context.unsupported('Set-Item on the drive IIS:'),
  exists: (path, context) => asWebNet(() => readPlace(actorOf(context).machine, path) !== undefined),
  getItem: (path, context) =>
    asWebNet(() => {
      const { machine } = actorOf(context);
      const place = readPlace(machine, path);
      return place ? itemOf(machine, place, path) : null;
    }),
  children: (path, context) =>
    asWebNet(() => {
      const { machine } = actorOf(context);
      const place = readPlace(machine, path);
      if (!place) return [];
      return childrenOf(machine, place).flatMap((name) => {
        const full = `${path.replace(/[\\/]+$/, '')}\\${name}`;
        const child = readPlace(machine, full);
        return child ? [{ name, value: itemOf(machine, child, full) }] : [];
      });
    }),
  *remove(path, context) {
    const { machine, pid } = actorOf(context);
    const place = readPlace(machine, path);
    if (place?.kind === 'pool') yield asWebNet(() => removeHostEntries(machine, poolFilter(place.pool.name), pid));
    else if (place?.kind === 'site') yield asWebNet(() => removeHostEntries(machine, siteFilter(place.site.name), pid));
    else return context.unsupported(`Remove-Item on ${path} of the drive IIS:`);
    return undefined;
  },
  getProperty: (path, name, context) =>
    asWebNet(() => {
      const { machine } = actorOf(context);
      const place = readPlace(machine, path);
      const item = place && itemOf(machine, place, path);
      if (item === null || typeof item !== 'object' || !('kind' in item) || item.kind !== 'instance') return undefined;
      const steps = name.split('.');
      const leaf = steps.pop() ?? '';
      return attributeValue(steps.reduce(innerElement, (item as Instance<ElementState>).state), leaf, (text) =>
        openPassword(machine, text),
      );
    }),
  *setProperty(path, name, value, context): Task<void> {
    const { machine, pid } = actorOf(context);
    const place = readPlace(machine, path);
    const found = place && propertyFilter(place, name);
    if (!found) return context.unsupported(`Set-ItemProperty on ${path} of the drive IIS:`);
    if (value === undefined) {
      yield asWebNet(() =>
        clearValue(machine, { filter: found.filter, place: { scope: {}, location: {} }, pid }, found.leaf),
      );
      return undefined;
    }
    // A table sets the attributes of an element: -Name processModel -Value @{ identityType = … }.
    const isTable = value instanceof Hashtable;
    const filter = isTable
      ? { ...found.filter, steps: [...found.filter.steps, { name: found.leaf, tests: [] }] }
      : found.filter;
    const values = isTable
      ? Object.fromEntries(
          value.entries().map(([key, one]) => [context.text(key), textOf(machine, context.text(key), one, context)]),
        )
      : { [found.leaf]: textOf(machine, found.leaf, value, context) };
    yield asWebNet(() => setHostValues(machine, filter, values, pid));
    return undefined;
  },
};
