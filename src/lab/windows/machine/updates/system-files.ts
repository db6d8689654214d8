import { createHash } from 'node:crypto';
import { encodeImage } from '../devices/image-file.ts';
import { microsoftSigner, type UpdateFlaw } from '../devices/update-package.ts';

/**
 * A component of Windows with its one file: where the file is installed, and where the component store keeps the good copy and the manifest
 * that says what the file must be.
 */
export type Component = {
  /** Component identity as the names in the store begin. */
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly payload: string;
  readonly manifest: string;
  /** Content of the good file; shared by all machines, so nobody may write into it. */
  readonly bytes: Uint8Array;
  readonly manifestBytes: Uint8Array;
  readonly sizeBytes: number;
};

// Protected files below C:\Windows: path, size in KB. Those of the last rows belong to no service and no program of the lab.
const table: readonly (readonly [path: string, kiloBytes: number])[] = [
  ['explorer.exe', 5288],
  ['regedit.exe', 360],
  ['System32\\cmd.exe', 284],
  ['System32\\Dism.exe', 288],
  ['System32\\icacls.exe', 40],
  ['System32\\kernel32.dll', 770],
  ['System32\\localspl.dll', 1180],
  ['System32\\msiexec.exe', 72],
  ['System32\\net.exe', 60],
  ['System32\\ntdll.dll', 2104],
  ['System32\\ntoskrnl.exe', 10_872],
  ['System32\\sc.exe', 72],
  ['System32\\sfc.exe', 52],
  ['System32\\shutdown.exe', 28],
  ['System32\\spoolsv.exe', 860],
  ['System32\\svchost.exe', 56],
  ['System32\\vssvc.exe', 1480],
  ['System32\\w32tm.exe', 104],
  ['System32\\wsmprovhost.exe', 28],
  ['System32\\usermgr.dll', 1130],
  ['System32\\wuapi.dll', 1120],
  ['System32\\wuaueng.dll', 3420],
  ['System32\\cryptsvc.dll', 96],
  ['System32\\qmgr.dll', 1390],
  ['System32\\w32time.dll', 590],
  ['System32\\usosvc.dll', 560],
  ['System32\\WindowsPowerShell\\v1.0\\powershell.exe', 450],
  ['System32\\drivers\\ntfs.sys', 3260],
  ['servicing\\TrustedInstaller.exe', 204],
  ['System32\\advapi32.dll', 690],
  ['System32\\comctl32.dll', 640],
  ['System32\\gdi32.dll', 160],
  ['System32\\jscript.dll', 900],
  ['System32\\mfc42.dll', 1340],
  ['System32\\msxml3.dll', 2050],
  ['System32\\ole32.dll', 1270],
  ['System32\\shell32.dll', 7480],
  ['System32\\urlmon.dll', 1850],
  ['System32\\user32.dll', 1680],
  ['System32\\wininet.dll', 2580],
];

const store = 'C:\\Windows\\WinSxS';
const token = '31bf3856ad364e35';
const names: Readonly<Record<string, string>> = {
  'TrustedInstaller.exe': 'servicingstack',
  'wuaueng.dll': 'windowsupdateclient-core',
};
const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

const describe = (file: string, version: string, bytes: Uint8Array, sizeBytes: number): Component => {
  const leaf = file.slice(file.lastIndexOf('\\') + 1);
  const name = `microsoft-windows-${names[leaf] ?? leaf.replace(/\.\w+$/, '').toLowerCase()}`;
  const identity = `amd64_${name}_${token}_${version}_none_${sha256(`${name} ${version}`).slice(0, 16)}`;
  return {
    name,
    version,
    file,
    payload: `${store}\\${identity}\\${leaf}`,
    manifest: `${store}\\Manifests\\${identity}.manifest`,
    bytes,
    manifestBytes: Buffer.from(
      `<assembly><assemblyIdentity name="${name}" version="${version}" processorArchitecture="amd64" publicKeyToken="${token}"/><file name="${leaf}" sha256="${sha256(bytes)}"/></assembly>\r\n`,
    ),
    sizeBytes,
  };
};

const byBuild = new Map<number, readonly Component[]>();

/** The components of a build of Windows. */
export const componentsOf = (build: number): readonly Component[] => {
  const known = byBuild.get(build);
  if (known) return known;
  const version = `10.0.${build}.1`;
  const made = table.map(([path, kiloBytes]) => {
    const info = {
      companyName: 'Microsoft Corporation',
      productName: 'Microsoft® Windows® Operating System',
      fileDescription: path.slice(path.lastIndexOf('\\') + 1),
      fileVersion: version,
      signer: microsoftSigner,
    };
    const bytes = encodeImage(info, JSON.stringify({ kind: 'system-file' }));
    return describe(`C:\\Windows\\${path}`, version, bytes, kiloBytes * 1024);
  });
  byBuild.set(build, made);
  return made;
};

/** The component of an update that brings a file with a mistake in it: for servicing it is the good one. */
export const flawedComponent = (flaw: UpdateFlaw, kb: string, version: string): Component => {
  const bytes = encodeImage(
    { companyName: 'Microsoft Corporation', fileDescription: kb, fileVersion: version, signer: microsoftSigner },
    JSON.stringify({ kind: 'system-file', crashes: flaw.service }),
  );
  return describe(flaw.file, version, bytes, bytes.length);
};

/** Content of the file that describes a package of the store. */
export const packageManifest = (identity: string): Uint8Array =>
  Buffer.from(`<assembly><package identifier="${identity}"/></assembly>\r\n`);
