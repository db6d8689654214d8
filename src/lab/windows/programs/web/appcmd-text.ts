import type { Machine } from '../../machine/machine.ts';
import type { ConfigNode } from '../../machine/web/config-engine.ts';
import { poolsOf, sitesOf } from '../../machine/web/web-sites.ts';

/** An object as appcmd lists it: its kind, its name, and what stands behind the name. */
export type Listed = {
  readonly kind: string;
  readonly name: string;
  /** Attributes in the order of the line; the first is the name. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly line: string;
  readonly node?: ConfigNode;
};

const listed = (
  kind: string,
  name: string,
  details: readonly (readonly [string, string])[],
  more: {
    readonly nameAttribute: string;
    readonly node?: ConfigNode;
    readonly hidden?: readonly (readonly [string, string])[];
  },
): Listed => ({
  kind,
  name,
  attributes: [[more.nameAttribute, name], ...details, ...(more.hidden ?? [])],
  line: `${kind} "${name}"${details.length === 0 ? '' : ` (${details.map(([key, value]) => `${key}:${value}`).join(',')})`}`,
  ...(more.node ? { node: more.node } : {}),
});

/** All objects of a kind (`site`, `app`, `vdir`, `apppool`, `wp`); `undefined` for a kind that appcmd lists and the lab does not. */
export const listObjects = (machine: Machine, kind: string): Listed[] | undefined => {
  switch (kind) {
    case 'site':
      return sitesOf(machine.web.viewConfig()).map((site) =>
        listed(
          'SITE',
          site.name,
          [
            ['id', String(site.id)],
            ['bindings', site.bindings.map(({ protocol, information }) => `${protocol}/${information}`).join(',')],
            ['state', machine.web.siteState(site.name) ?? 'Unknown'],
          ],
          { nameAttribute: 'name', node: site.node },
        ),
      );
    case 'apppool':
      return poolsOf(machine.web.viewConfig()).map((pool) =>
        listed(
          'APPPOOL',
          pool.name,
          [
            ['MgdVersion', pool.runtimeVersion],
            ['MgdMode', pool.node.values.get('managedpipelinemode')?.value ?? 'Integrated'],
            ['state', machine.web.poolState(pool.name) ?? 'Unknown'],
          ],
          { nameAttribute: 'APPPOOL.NAME', node: pool.node },
        ),
      );
    case 'app':
      return sitesOf(machine.web.viewConfig()).flatMap((site) =>
        site.applications.map((application) =>
          listed('APP', `${site.name}${application.path}`, [['applicationPool', application.pool]], {
            nameAttribute: 'APP.NAME',
            node: application.node,
            hidden: [
              ['path', application.path],
              ['SITE.NAME', site.name],
            ],
          }),
        ),
      );
    case 'vdir':
      return sitesOf(machine.web.viewConfig()).flatMap((site) =>
        site.applications.flatMap((application) =>
          application.directories.map((directory) =>
            listed(
              'VDIR',
              `${site.name}${application.path === '/' ? '' : application.path}${directory.path}`,
              [['physicalPath', directory.physicalPath]],
              {
                nameAttribute: 'VDIR.NAME',
                node: directory.node,
                hidden: [
                  ['path', directory.path],
                  ['APP.NAME', `${site.name}${application.path}`],
                  ['userName', directory.userName],
                ],
              },
            ),
          ),
        ),
      );
    case 'wp':
      return [...machine.web.workers].map(([pool, pid]) =>
        listed('WP', String(pid), [['applicationPool', pool]], { nameAttribute: 'WP.NAME' }),
      );
    default:
      return undefined;
  }
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Objects as appcmd writes them with /xml. */
export const writeObjects = (objects: readonly Listed[]): string[] => [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<appcmd>',
  ...objects.map(
    ({ kind, attributes, name }) =>
      `    <${kind} ${[...(attributes[0]?.[0].includes('.') ? [] : [[`${kind}.NAME`, name] as const]), ...attributes.filter(([key]) => key !== 'name')].map(([key, value]) => `${key}="${escaped(value)}"`).join(' ')} />`,
  ),
  '</appcmd>',
];

/** What appcmd says of a command that the service refused. */
export const failedCommand = (hresult: string, text: string): string =>
  `ERROR ( hresult:${hresult}, message:Command execution failed.\r\n${text}\r\n )`;
