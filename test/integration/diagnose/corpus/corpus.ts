import type { Host as HostSpec } from '../../../../src/input/lab/lab.generated.ts';

type Faults = NonNullable<HostSpec['faults']>;
type Base = HostSpec['base'];

/** A host and what is wrong with it, by the faults that were put into it. */
export type LabelledHost = {
  readonly name: string;
  readonly spec: HostSpec;
  /** For each fault the causes that name it rightly; none: nothing is wrong. */
  readonly labels: readonly (readonly string[])[];
};

/** Numbers from 0 (inclusive) to 1 that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Draw = {
  readonly one: <T>(of: readonly [T, ...T[]]) => T;
  readonly between: (least: number, most: number) => number;
};

function drawFrom(random: () => number): Draw {
  return {
    one: (of) => of[Math.floor(random() * of.length)] ?? of[0],
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
  };
}

/** A cause of the field: the names that are right for it, where it can be, and the faults that make it. */
type Kind = {
  readonly names: readonly string[];
  readonly on: 'client' | 'server' | 'any';
  readonly faults: (draw: Draw) => Faults;
  /** Causes of one family hide each other: what lies behind the first is seen when that one is cured. */
  readonly family?: string;
  readonly roles?: readonly ('web-server' | 'update-server' | 'server-backup')[];
};

const clients = ['windows-10-22h2', 'windows-11-23h2', 'windows-11-24h2'] as const satisfies readonly Base[];
const servers = [
  'windows-server-2019',
  'windows-server-2022',
  'windows-server-2025',
] as const satisfies readonly Base[];
const signedIn = { kind: 'user-signed-in' } as const;
const services = ['wuauserv', 'BITS'] as const;

/** One for each cause of the coverage table that a host can have. */
export const kinds: readonly Kind[] = [
  {
    names: ['clock-wrong'],
    on: 'any',
    faults: ({ one, between }) => [
      {
        kind: 'clock-skew',
        minutes: one([1, -1]) * between(7, 2000),
        cause: one(['service-stopped', 'server-silent']),
      },
    ],
  },
  {
    names: ['update-cache-damaged'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'update-cache-corrupt', damage: one(['missing-payload', 'database']) }],
  },
  {
    names: ['disk-full'],
    on: 'any',
    faults: ({ between }) => [{ kind: 'disk-low', freeGB: between(1, 7), reclaimableGB: between(1, 8) }],
  },
  {
    names: ['component-store-damaged'],
    on: 'any',
    faults: ({ between }) => [{ kind: 'component-store-corrupt', repairable: true, files: between(1, 5) }],
  },
  { names: ['component-store-damaged'], on: 'any', faults: () => [{ kind: 'component-store-needs-source' }] },
  {
    names: ['services-not-as-delivered'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'service-disabled', name: one(services) }],
  },
  {
    names: ['services-not-as-delivered'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'service-start-type', name: one(services), start: 'Disabled' }],
  },
  {
    names: ['update-service-dead'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'service-stuck', name: one(services), asked: true }],
  },
  { names: ['restart-owed'], on: 'any', faults: () => [{ kind: 'reboot-pending' }] },
  { names: ['session-without-rights'], on: 'any', faults: () => [{ kind: 'not-elevated' }] },
  {
    names: ['update-rights-wrong'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'acl-broken', damage: one(['rules-missing', 'denied']) }],
  },
  {
    names: ['disk-failing'],
    on: 'client',
    faults: ({ between }) => [{ kind: 'disk-unhealthy', wear: between(92, 100) }],
  },
  { names: ['file-system-damaged'], on: 'any', faults: () => [{ kind: 'disk-errors' }] },
  {
    names: ['temp-folder-missing'],
    on: 'any',
    faults: ({ one }) => [{ kind: 'temp-folder-missing', cause: one(['folder-deleted', 'variable-wrong']) }],
  },
  {
    names: ['servicing-entry-missing'],
    on: 'any',
    faults: ({ one }) => [
      { kind: 'servicing-entry-missing', what: one(['service-program', 'driver-service', 'shell-folder']) },
    ],
  },
  {
    names: ['driver-troubles-device'],
    on: 'client',
    faults: ({ one }) => [{ kind: 'driver-bad', class: one(['Display', 'Net']) }],
  },
  { names: ['driver-update-not-newer'], on: 'client', faults: () => [{ kind: 'driver-update-not-newer' }] },
  {
    names: ['setup-rolled-back'],
    on: 'client',
    faults: ({ one }) => [{ kind: 'setup-failed', extend: one(['0x20009', '0x2000d', '0x30018']) }],
  },
  { names: ['feature-update-held'], on: 'client', faults: () => [{ kind: 'safeguard-hold' }] },
  {
    names: ['new-release-does-harm'],
    on: 'client',
    faults: ({ between }) => [{ kind: 'feature-release-bad', daysAgo: between(1, 8) }],
  },
  {
    names: ['proxy-wrong', 'update-source-unreachable'],
    on: 'any',
    family: 'network',
    faults: () => [{ kind: 'proxy-wrong', scope: 'machine' }],
  },
  { names: ['hosts-file-entry'], on: 'any', family: 'network', faults: () => [{ kind: 'hosts-file-entry' }] },
  { names: ['tls-switched-off'], on: 'any', family: 'network', faults: () => [{ kind: 'tls-disabled' }] },
  { names: ['update-source-unreachable'], on: 'any', family: 'network', faults: () => [{ kind: 'firewall-blocks' }] },
  { names: ['update-source-unreachable'], on: 'any', family: 'network', faults: () => [{ kind: 'web-filter-page' }] },
  { names: ['update-server-wrong'], on: 'client', faults: () => [{ kind: 'wsus-wrong-server', how: 'old-server' }] },
  { names: ['update-access-barred'], on: 'client', faults: () => [{ kind: 'update-access-disabled' }] },
  {
    names: ['updates-paused'],
    on: 'client',
    faults: ({ between }) => [{ kind: 'updates-paused', days: between(10, 35) }],
  },
  { names: ['store-cache-damaged'], on: 'client', faults: () => [signedIn, { kind: 'store-cache-corrupt' }] },
  {
    names: ['store-package-damaged'],
    on: 'client',
    faults: ({ one }) => [signedIn, { kind: 'store-package-broken', cause: one(['registration-lost', 'acl-broken']) }],
  },
  {
    names: ['store-licences-torn'],
    on: 'client',
    faults: () => [signedIn, { kind: 'store-licence-broken', cause: 'tokens' }],
  },
  {
    names: ['store-taken-away-by-policy'],
    on: 'client',
    faults: () => [signedIn, { kind: 'store-licence-broken', cause: 'policy' }],
  },
  { names: ['store-volume-missing'], on: 'client', faults: () => [signedIn, { kind: 'store-default-volume-missing' }] },
  { names: ['outlook-profile-damaged'], on: 'client', faults: () => [signedIn, { kind: 'outlook-profile-broken' }] },
  { names: ['outlook-archive-missing'], on: 'client', faults: () => [signedIn, { kind: 'outlook-datafile-missing' }] },
  { names: ['outlook-data-file-damaged'], on: 'client', faults: () => [signedIn, { kind: 'outlook-ost-corrupt' }] },
  {
    names: ['web-path-missing'],
    on: 'server',
    faults: ({ one }) => [{ kind: 'iis-path-missing', cause: one(['path-wrong', 'folder-gone']) }],
  },
  { names: ['web-content-unreadable'], on: 'server', faults: () => [{ kind: 'iis-acl-broken' }] },
  { names: ['web-stopped'], on: 'server', faults: () => [{ kind: 'iis-pool-stopped', cause: 'stopped' }] },
  { names: ['web-stopped'], on: 'server', faults: () => [{ kind: 'iis-site-stopped' }] },
  { names: ['web-config-wrong'], on: 'server', faults: () => [{ kind: 'iis-config-broken' }] },
  {
    names: ['web-section-locked', 'web-config-wrong'],
    on: 'server',
    faults: () => [{ kind: 'iis-config-locked-section' }],
  },
  { names: ['web-handler-missing'], on: 'server', faults: () => [{ kind: 'iis-handler-missing' }] },
  { names: ['web-feature-missing'], on: 'server', faults: () => [{ kind: 'iis-feature-missing' }] },
  { names: ['web-share-denied'], on: 'server', faults: () => [{ kind: 'iis-unc-denied', cause: 'wrong-password' }] },
  { names: ['update-server-stopped'], on: 'server', faults: () => [{ kind: 'wsus-service-stopped' }] },
  { names: ['update-server-overloaded'], on: 'server', faults: () => [{ kind: 'wsus-pool-memory' }] },
  {
    names: ['update-server-piled-up'],
    on: 'server',
    faults: ({ between }) => [
      { kind: 'wsus-superseded-piled-up', superseded: between(40, 90), expired: between(1, 5) },
    ],
  },
  { names: ['update-server-content-missing'], on: 'server', faults: () => [{ kind: 'wsus-content-missing' }] },
  { names: ['vss-writer-failed'], on: 'server', faults: () => [{ kind: 'vss-writer-failed' }] },
  {
    names: ['image-unusable'],
    on: 'server',
    roles: ['server-backup'],
    faults: () => [{ kind: 'backup-image-damaged' }],
  },
];

/** Nothing is wrong, whatever it looks like: noise of the past, what is as people want it, and what is only our own token. */
const harmless: readonly Kind[] = [
  { names: [], on: 'client', faults: () => [] },
  { names: [], on: 'server', faults: () => [] },
  { names: [], on: 'server', roles: ['web-server', 'update-server'], faults: () => [] },
  { names: [], on: 'client', faults: () => [signedIn, { kind: 'outlook-set-up', running: true }] },
  { names: [], on: 'client', faults: () => [{ kind: 'nobody-signed-in' }, { kind: 'outlook-profile-broken' }] },
  { names: [], on: 'client', faults: ({ between }) => [{ kind: 'updates-paused', days: -between(1, 20) }] },
  { names: [], on: 'client', faults: () => [{ kind: 'third-party-av' }] },
  { names: [], on: 'any', faults: () => [{ kind: 'filter-driver', class: 'backup' }] },
  { names: [], on: 'client', faults: () => [{ kind: 'tamper-protection' }] },
  { names: [], on: 'client', faults: () => [{ kind: 'installer-busy', program: 'settings' }] },
];

const specOf = (kind: Kind, draw: Draw, more: Faults = []): HostSpec => {
  const isClient = kind.on === 'client' || (kind.on === 'any' && draw.one([true, false]));
  const faults = [...kind.faults(draw), ...more];
  return {
    base: isClient ? draw.one(clients) : draw.one(servers),
    ...(draw.one([true, false]) ? { uiLanguage: 'ja-JP' } : {}),
    ...(kind.roles === undefined || isClient ? {} : { roles: [...kind.roles] }),
    ...(faults.length === 0 ? {} : { faults }),
  };
};

const unlabelled = new Set(['session-without-rights', 'setup-rolled-back']);

/** The corpus of a seed: a host for each kind, `pairs` hosts with two causes, and healthy or misleading ones. */
export function corpusOf(seed: number, pairs: number): readonly LabelledHost[] {
  const draw = drawFrom(randomOf(seed));
  const single = kinds.map((kind, index) => ({
    name: `single${index + 1}`,
    spec: specOf(kind, draw),
    labels: [kind.names],
  }));
  const pairable = kinds.filter(({ on, names }) => on === 'any' && !names.some((name) => unlabelled.has(name)));
  const double = Array.from({ length: pairs }, (_, index) => {
    const [first, ...rest] = pairable;
    if (first === undefined) throw new Error('no kind');
    const a = draw.one([first, ...rest]);
    const others = pairable.filter(
      ({ names, family }) =>
        !names.some((name) => a.names.includes(name)) && (family === undefined || family !== a.family),
    );
    const [other = first, ...left] = others;
    const b = draw.one([other, ...left]);
    return { name: `double${index + 1}`, spec: specOf(a, draw, b.faults(draw)), labels: [a.names, b.names] };
  });
  const well = [...harmless, ...harmless].map((kind, index) => ({
    name: `well${index + 1}`,
    spec: specOf(kind, draw),
    labels: [],
  }));
  return [...single, ...double, ...well];
}
