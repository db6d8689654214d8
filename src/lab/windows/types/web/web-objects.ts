import { int64, newObject } from '../../../evaluator/make.ts';
import type { Instance, Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import { elementOf, readSection } from '../../machine/web/config-engine.ts';
import { openPassword } from '../../machine/web/web-access.ts';
import {
  poolDefaults,
  poolsOf,
  sitesOf,
  type WebApplication,
  type WebDirectory,
  type WebPool,
  type WebSite,
} from '../../machine/web/web-sites.ts';
import { type ElementState, elementType, innerElement } from './config-values.ts';

const root = 'MACHINE/WEBROOT/APPHOST';

const named = (state: ElementState, typeName: string): Instance<ElementState> => ({
  ...newObject(elementType, state),
  typeNames: [`${elementType.name}#${typeName}`, elementType.name, 'System.Object'],
});

/** A site as Get-Website gives it. */
export const siteObject = (machine: Machine, site: WebSite): Value => {
  const section = readSection(machine.web.viewConfig(), 'system.applicationHost/sites', {});
  const application = site.applications.find(({ path }) => path === '/');
  const directory = application?.directories.find(({ path }) => path === '/');
  const state: ElementState = {
    node: site.node,
    defaults: elementOf(section, 'siteDefaults'),
    path: `/system.applicationHost/sites/site[@name='${site.name}' and @id='${site.id}']`,
    place: root,
    extra: [
      ['name', () => site.name],
      ['id', () => int64(site.id)],
      ['state', () => machine.web.siteState(site.name) ?? null],
      ['physicalPath', () => directory?.physicalPath ?? ''],
      ['applicationPool', () => application?.pool ?? ''],
      ['userName', () => directory?.userName ?? ''],
      ['password', () => openPassword(machine, directory?.password ?? '')],
    ],
  };
  return named(state, 'site');
};

/** A pool as Get-Item gives it. */
export const poolObject = (machine: Machine, pool: WebPool): Value => named(poolState(machine, pool), 'add');

/** The element of a pool. */
export const poolState = (machine: Machine, pool: WebPool): ElementState => ({
  node: pool.node,
  defaults: poolDefaults(machine.web.viewConfig()),
  path: `/system.applicationHost/applicationPools/add[@name='${pool.name}']`,
  place: root,
  extra: [
    ['name', () => pool.name],
    ['state', () => machine.web.poolState(pool.name) ?? null],
  ],
});

/** An application as Get-WebApplication gives it. */
export const applicationObject = (machine: Machine, site: WebSite, application: WebApplication): Value => {
  const directory = application.directories.find(({ path }) => path === '/');
  return named(
    {
      node: application.node,
      defaults: undefined,
      path: `/system.applicationHost/sites/site[@name='${site.name}' and @id='${site.id}']/application[@path='${application.path}']`,
      place: root,
      extra: [
        ['path', () => application.path],
        ['applicationPool', () => application.pool],
        ['PhysicalPath', () => directory?.physicalPath ?? ''],
        ['userName', () => directory?.userName ?? ''],
        ['password', () => openPassword(machine, directory?.password ?? '')],
      ],
    },
    'application',
  );
};

/** A virtual directory as Get-WebVirtualDirectory gives it. */
export const directoryObject = (
  machine: Machine,
  site: WebSite,
  application: WebApplication,
  directory: WebDirectory,
): Value =>
  named(
    {
      node: directory.node,
      defaults: undefined,
      path: `/system.applicationHost/sites/site[@name='${site.name}' and @id='${site.id}']/application[@path='${application.path}']/virtualDirectory[@path='${directory.path}']`,
      place: root,
      extra: [['password', () => openPassword(machine, directory.password)]],
    },
    'virtualDirectory',
  );

/** Bindings of a site as Get-WebBinding gives them. */
export const bindingObjects = (site: WebSite): Value[] => {
  const base: ElementState = {
    node: site.node,
    defaults: undefined,
    path: `/system.applicationHost/sites/site[@name='${site.name}' and @id='${site.id}']`,
    place: root,
    extra: [],
  };
  const bindings = innerElement(base, 'bindings');
  return bindings.node.entries.map((node) => named({ ...bindings, node, path: `${bindings.path}/binding` }, 'binding'));
};

/** A site by name, without regard to case. */
export const findSite = (machine: Machine, name: string): WebSite | undefined =>
  sitesOf(machine.web.viewConfig()).find((site) => site.name.toLowerCase() === name.toLowerCase());

/** A pool by name, without regard to case. */
export const findPool = (machine: Machine, name: string): WebPool | undefined =>
  poolsOf(machine.web.viewConfig()).find((pool) => pool.name.toLowerCase() === name.toLowerCase());
