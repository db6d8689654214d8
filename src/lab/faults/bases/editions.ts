import type { WindowsEdition } from '../../windows/machine/machine.ts';

/** A Windows that hosts can be made of. */
export type Base = {
  readonly edition: WindowsEdition;
  readonly memoryGB: number;
  readonly sizeGB: number;
  readonly freeGB: number;
  readonly usesStore: boolean;
};

/** Bases by name. */
export const bases = {
  'windows-10-22h2': {
    edition: {
      caption: 'Microsoft Windows 10 Pro',
      version: '10.0.19045',
      build: 19045,
      ubr: 6456,
      displayVersion: '22H2',
      editionId: 'Professional',
      productType: 1,
      sku: 48,
    },
    memoryGB: 8,
    sizeGB: 237,
    freeGB: 96,
    usesStore: true,
  },
  'windows-11-24h2': {
    edition: {
      caption: 'Microsoft Windows 11 Pro',
      version: '10.0.26100',
      build: 26100,
      ubr: 6899,
      displayVersion: '24H2',
      editionId: 'Professional',
      productType: 1,
      sku: 48,
    },
    memoryGB: 16,
    sizeGB: 476,
    freeGB: 241,
    usesStore: true,
  },
  'windows-server-2022': {
    edition: {
      caption: 'Microsoft Windows Server 2022 Standard',
      version: '10.0.20348',
      build: 20348,
      ubr: 4294,
      displayVersion: '21H2',
      editionId: 'ServerStandard',
      productType: 3,
      sku: 7,
    },
    memoryGB: 64,
    sizeGB: 446,
    freeGB: 288,
    usesStore: false,
  },
} as const satisfies Readonly<Record<string, Base>>;

/** Name of a base. */
export type BaseName = keyof typeof bases;
