import type { WindowsEdition } from '../../windows/machine/machine.ts';

/** A Windows that hosts can be made of. */
export type Base = {
  readonly edition: WindowsEdition;
  readonly memoryGB: number;
  readonly sizeGB: number;
  readonly freeGB: number;
  readonly usesStore: boolean;
};

type Build = { readonly build: number; readonly ubr: number; readonly displayVersion?: string };
type Size = Pick<Base, 'memoryGB' | 'sizeGB' | 'freeGB'>;

/** A client of the edition Pro. */
const client = (name: '10' | '11', { build, ubr, displayVersion }: Build, size: Size): Base => ({
  edition: {
    caption: `Microsoft Windows ${name} Pro`,
    // Windows 11 still calls itself Windows 10 in its registry.
    productName: 'Windows 10 Pro',
    version: `10.0.${build}`,
    build,
    ubr,
    ...(displayVersion === undefined ? {} : { displayVersion }),
    editionId: 'Professional',
    productType: 1,
    sku: 48,
  },
  ...size,
  usesStore: true,
});

/** A server of the edition Standard with a desktop. */
const server = (year: number, { build, ubr, displayVersion }: Build): Base => ({
  edition: {
    caption: `Microsoft Windows Server ${year} Standard`,
    productName: `Windows Server ${year} Standard`,
    version: `10.0.${build}`,
    build,
    ubr,
    ...(displayVersion === undefined ? {} : { displayVersion }),
    editionId: 'ServerStandard',
    productType: 3,
    sku: 7,
  },
  memoryGB: 64,
  sizeGB: 446,
  freeGB: 288,
  usesStore: false,
});

const desktop = { memoryGB: 8, sizeGB: 237, freeGB: 96 };
const laptop = { memoryGB: 16, sizeGB: 476, freeGB: 241 };

/** Bases by name. Server 2019 has no DisplayVersion yet. */
export const bases = {
  'windows-10-20h2': client('10', { build: 19042, ubr: 1706, displayVersion: '20H2' }, desktop),
  'windows-10-21h2': client('10', { build: 19044, ubr: 3086, displayVersion: '21H2' }, desktop),
  'windows-10-22h2': client('10', { build: 19045, ubr: 6456, displayVersion: '22H2' }, desktop),
  'windows-11-23h2': client('11', { build: 22631, ubr: 6060, displayVersion: '23H2' }, laptop),
  'windows-11-24h2': client('11', { build: 26100, ubr: 6899, displayVersion: '24H2' }, laptop),
  'windows-11-25h2': client('11', { build: 26200, ubr: 6899, displayVersion: '25H2' }, laptop),
  'windows-server-2019': server(2019, { build: 17763, ubr: 7919 }),
  'windows-server-2022': server(2022, { build: 20348, ubr: 4294, displayVersion: '21H2' }),
  'windows-server-2025': server(2025, { build: 26100, ubr: 6899, displayVersion: '24H2' }),
} as const satisfies Readonly<Record<string, Base>>;

/** Name of a base. */
export type BaseName = keyof typeof bases;
