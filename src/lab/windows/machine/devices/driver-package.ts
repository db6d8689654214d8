import { createHash } from 'node:crypto';
import { encodeImage, readImageContent } from './image-file.ts';

/** What is wrong with a build of a driver; it lies in its .sys file and goes where that goes. */
export type DriverFlaw = {
  /** Problem code of devices that run on it, e.g. 43, 10. */
  readonly problem?: number;
  /** Extend code with which Windows setup rolls back while a device runs on it, e.g. 0x20007. */
  readonly setupExtend?: number;
};

/** A driver package of the driver store. */
export type DriverPackage = {
  /** `oem3.inf`, or the INF's own name for a package of Windows. */
  readonly published: string;
  readonly original: string;
  readonly provider: string;
  readonly className: string;
  readonly classGuid: string;
  /** `MM/DD/YYYY`. */
  readonly date: string;
  readonly version: string;
  readonly hardwareIds: readonly string[];
  readonly description: string;
  readonly service: string;
  readonly signer: string;
  readonly isInbox: boolean;
  readonly isBootCritical: boolean;
  readonly flaw: DriverFlaw;
};

/** A package as its INF and its .sys file tell it; without the name that the store gives. */
export type DriverFiles = { readonly inf: string; readonly sys: Uint8Array };

/** Class ids by name of a setup class. */
// biome-ignore format: a table
export const deviceClasses: Readonly<Record<string, string>> = {
  Display: '{4d36e968-e325-11ce-bfc1-08002be10318}', Net: '{4d36e972-e325-11ce-bfc1-08002be10318}', DiskDrive: '{4d36e967-e325-11ce-bfc1-08002be10318}',
  SCSIAdapter: '{4d36e97b-e325-11ce-bfc1-08002be10318}', USB: '{36fc9e60-c465-11cf-8056-444553540000}', System: '{4d36e97d-e325-11ce-bfc1-08002be10318}',
  Keyboard: '{4d36e96b-e325-11ce-bfc1-08002be10318}', Mouse: '{4d36e96f-e325-11ce-bfc1-08002be10318}', HIDClass: '{745a17a0-74d3-11d0-b6fe-00a0c90f57da}',
  MEDIA: '{4d36e96c-e325-11ce-bfc1-08002be10318}', CDROM: '{4d36e965-e325-11ce-bfc1-08002be10318}', Volume: '{71a27cdd-812a-11d0-bec7-08002be2092f}',
};

/** The files of a package. */
export const writeDriverFiles = (one: Omit<DriverPackage, 'published' | 'isInbox'>): DriverFiles => {
  const base = one.original.replace(/\.inf$/i, '');
  return {
    inf: [
      '[Version]',
      'Signature="$WINDOWS NT$"',
      `Class=${one.className}`,
      `ClassGuid=${one.classGuid}`,
      'Provider=%Vendor%',
      `CatalogFile=${base}.cat`,
      `DriverVer=${one.date},${one.version}`,
      '',
      '[Manufacturer]',
      '%Vendor%=Models,NTamd64',
      '',
      '[Models.NTamd64]',
      ...one.hardwareIds.map((id) => `%DeviceDesc%=Install, ${id}`),
      '',
      '[Install.NTamd64.Services]',
      `AddService=${one.service},0x00000002,Service`,
      '',
      '[Service]',
      'ServiceType=1',
      `StartType=${one.isBootCritical ? 0 : 3}`,
      `ServiceBinary=%12%\\${base}.sys`,
      '',
      '[Strings]',
      `Vendor="${one.provider}"`,
      `DeviceDesc="${one.description}"`,
      '',
    ].join('\r\n'),
    sys: encodeImage(
      {
        companyName: one.provider,
        productName: one.description,
        fileDescription: `${one.description} driver`,
        fileVersion: one.version,
        signer: one.signer,
      },
      JSON.stringify({ kind: 'driver', flaw: one.flaw }),
    ),
  };
};

/** Reads a package from its files; `undefined` where the INF is none. */
export const readDriverFiles = (
  original: string,
  inf: string,
  sys: Uint8Array | undefined,
): Omit<DriverPackage, 'published' | 'isInbox'> | undefined => {
  const value = (name: string): string | undefined => new RegExp(`^${name}\\s*=\\s*(.+?)\\s*$`, 'im').exec(inf)?.[1];
  const strings = (text: string): string =>
    text.replace(/%(\w+)%/g, (all, name: string) => value(name)?.replace(/^"|"$/g, '') ?? all);
  const [date = '', version = ''] = (value('DriverVer') ?? '').split(/\s*,\s*/);
  const className = value('Class');
  if (className === undefined || version === '') return undefined;
  const description = value('DeviceDesc');
  return {
    original,
    provider: strings(value('Provider') ?? ''),
    className,
    classGuid: value('ClassGuid') ?? deviceClasses[className] ?? '',
    date,
    version,
    hardwareIds: [...inf.matchAll(/^%DeviceDesc%=Install,\s*(\S+)/gim)].map((match) => match[1] ?? ''),
    description: description?.replace(/^"|"$/g, '') ?? original,
    service: /^AddService\s*=\s*([^,\s]+)/im.exec(inf)?.[1] ?? '',
    signer: 'Microsoft Windows Hardware Compatibility Publisher',
    isBootCritical: value('StartType') === '0',
    flaw: readImageContent<{ flaw: DriverFlaw }>(sys, 'driver')?.flaw ?? {},
  };
};

/** Folder of a package in the driver store. */
export const repositoryFolder = (one: Pick<DriverPackage, 'original' | 'version'>): string => {
  const hash = createHash('sha256').update(`${one.original} ${one.version}`).digest('hex').slice(0, 16);
  return `C:\\Windows\\System32\\DriverStore\\FileRepository\\${one.original.toLowerCase()}_amd64_${hash}`;
};

/** `MM/DD/YYYY` as a number that grows with the date; 0 where it is none. */
export const dateRank = (date: string): number => {
  const found = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(date);
  return found ? Number(`${found[3]}${found[1]}${found[2]}`) : 0;
};

/** Order of two versions of numbers with dots. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 4; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};
