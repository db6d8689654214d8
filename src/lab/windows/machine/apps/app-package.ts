/** What the full name of a package says: `Name_Version_Architecture_ResourceId_PublisherId`. */
export type PackageIdentity = {
  readonly fullName: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly resourceId: string;
  readonly publisherId: string;
  /** `Name_PublisherId`: the same for all versions. */
  readonly familyName: string;
};

/** Takes a full name apart; `undefined` when it is none. */
export const readFullName = (fullName: string): PackageIdentity | undefined => {
  const [name, version, architecture, resourceId, publisherId, ...rest] = fullName.split('_');
  if (name === undefined || version === undefined || architecture === undefined || publisherId === undefined)
    return undefined;
  if (rest.length > 0 || !/^\d+(\.\d+){3}$/.test(version)) return undefined;
  return {
    fullName,
    name,
    version,
    architecture,
    resourceId: resourceId ?? '',
    publisherId,
    familyName: `${name}_${publisherId}`,
  };
};

/** Publishers by the hash of their name. */
export const publishers: Readonly<Record<string, string>> = {
  '8wekyb3d8bbwe': 'CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US',
};

/** What a package is made of. */
export type PackageContent = {
  readonly fullName: string;
  readonly displayName: string;
  readonly isFramework: boolean;
  /** Executable of its app; absent for frameworks. */
  readonly executable?: string;
  /** Further files with their sizes. */
  readonly files: Readonly<Record<string, number>>;
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** AppxManifest.xml of a package. */
export const writeManifest = ({ fullName, displayName, isFramework, executable }: PackageContent): string => {
  const { name, version, architecture, publisherId } = readFullName(fullName) ?? {
    name: fullName,
    version: '',
    architecture: '',
    publisherId: '',
  };
  const application =
    executable === undefined
      ? ''
      : `  <Applications>\r\n    <Application Id="App" Executable="${escapeXml(executable)}" EntryPoint="${escapeXml(name)}.App" />\r\n  </Applications>\r\n`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10">',
    `  <Identity Name="${escapeXml(name)}" Publisher="${escapeXml(publishers[publisherId] ?? publisherId)}" Version="${version}" ProcessorArchitecture="${architecture}" />`,
    '  <Properties>',
    `    <DisplayName>${escapeXml(displayName)}</DisplayName>`,
    ...(isFramework ? ['    <Framework>true</Framework>'] : []),
    '  </Properties>',
    `${application}</Package>`,
    '',
  ].join('\r\n');
};

/** AppxBlockMap.xml: the files that belong to a package, and their sizes. */
export const writeBlockMap = (files: Readonly<Record<string, number>>): string =>
  [
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
    '<BlockMap xmlns="http://schemas.microsoft.com/appx/2010/blockmap" HashMethod="http://www.w3.org/2001/04/xmlenc#sha256">',
    ...Object.entries(files).map(([name, size]) => `  <File Name="${escapeXml(name)}" Size="${size}" LfhSize="64" />`),
    '</BlockMap>',
    '',
  ].join('\r\n');

/** Names of the files that a block map lists. */
export const readBlockMap = (text: string): string[] =>
  Array.from(text.matchAll(/<File Name="([^"]+)"/g), (match) => match[1] ?? '');

/** What of a manifest counts. */
export const readManifest = (
  text: string,
):
  | { readonly displayName: string; readonly isFramework: boolean; readonly executable: string | undefined }
  | undefined =>
  /<Identity /.test(text)
    ? {
        displayName: /<DisplayName>([^<]*)</.exec(text)?.[1] ?? '',
        isFramework: /<Framework>true</.test(text),
        executable: /<Application [^>]*Executable="([^"]+)"/.exec(text)?.[1],
      }
    : undefined;

const packageMagic = 'PK\u0003\u0004';

/** Content of an .appx or .msix file: it begins as a ZIP file does; what follows is the lab's own. */
export const encodePackage = (content: PackageContent): Uint8Array =>
  new Uint8Array(Buffer.from(`${packageMagic}${JSON.stringify(content)}`, 'latin1'));

/** What is in a package file; `undefined` when it is none. */
export const decodePackage = (bytes: Uint8Array): PackageContent | undefined => {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.startsWith(packageMagic)) return undefined;
  try {
    return JSON.parse(text.slice(packageMagic.length)) as PackageContent;
  } catch {
    return undefined;
  }
};
