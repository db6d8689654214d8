import type { FileNode } from '../files/file-node.ts';
import type { Machine } from '../machine.ts';
import { mayUseNode, neededRights } from '../rights/access-check.ts';
import { checkFile, type WebScope } from './config-engine.ts';
import { type ConfigFile, configFault, parseConfig } from './config-xml.ts';
import type { WebIdentity } from './web-access.ts';
import type { RemoteShare } from './web-server.ts';
import { type Mapped, mapPath, type WebDirectory, type WebSite } from './web-sites.ts';

/** What lies at the place that a URL means. `node` is absent for what lies on a share. */
export type Content =
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly node?: FileNode }
  | { readonly kind: 'folder'; readonly names: readonly string[]; readonly node?: FileNode }
  | { readonly kind: 'missing'; readonly code: 2 | 3 };

/** A physical path with its variables filled in. */
export const expandPath = (path: string): string =>
  path
    .replace(/%SystemDrive%/gi, 'C:')
    .replace(/%(windir|SystemRoot)%/gi, 'C:\\Windows')
    .replace(/%ProgramFiles%/gi, 'C:\\Program Files')
    .replaceAll('/', '\\')
    .replace(/(?<=.)\\+$/, '');

const joined = (directory: WebDirectory, rest: string): string =>
  `${expandPath(directory.physicalPath)}${rest === '/' ? '' : rest.replaceAll('/', '\\').replace(/\\+$/, '')}`;

const shareOf = (machine: Machine, path: string): { share: RemoteShare; rest: string } | undefined => {
  const share = machine.web.shares.find(
    (one) =>
      path.toLowerCase() === one.path.toLowerCase() || path.toLowerCase().startsWith(`${one.path.toLowerCase()}\\`),
  );
  return share && { share, rest: path.slice(share.path.length + 1) };
};

/** Opens what a URL means in a virtual directory. */
export const openContent = (machine: Machine, { directory }: Mapped, rest: string): Content => {
  const path = joined(directory, rest);
  if (path.startsWith('\\\\')) {
    const found = shareOf(machine, path);
    const names = Object.keys(found?.share.files ?? {});
    const inner = found?.rest.toLowerCase() ?? '';
    const file = names.find((name) => name.toLowerCase() === inner);
    if (found && file !== undefined) return { kind: 'file', name: file, text: found.share.files[file] ?? '' };
    return inner === '' || names.some((name) => name.toLowerCase().startsWith(`${inner}\\`))
      ? { kind: 'folder', names }
      : { kind: 'missing', code: 2 };
  }
  const node = machine.files.find(path);
  if (node?.isFolder) return { kind: 'folder', names: [...node.children.values()].map(({ name }) => name), node };
  if (node) return { kind: 'file', name: node.name, text: new TextDecoder().decode(machine.files.read(node)), node };
  const up = machine.files.find(path.slice(0, path.lastIndexOf('\\')));
  return { kind: 'missing', code: up?.isFolder && rest !== '/' ? 2 : 3 };
};

/** Who reads a virtual directory on a share, or the fault of the logon. */
const readerOf = (machine: Machine, directory: WebDirectory, worker: WebIdentity, file: string): string => {
  if (directory.userName === '') return worker.remoteName;
  if (!machine.web.acceptsPassword(directory.userName, directory.password)) throw configFault('badLogon', file);
  return directory.userName;
};

const readShareConfig = (
  machine: Machine,
  directory: WebDirectory,
  folder: string,
  worker: WebIdentity,
): string | undefined => {
  const file = `${folder}\\web.config`;
  const found = shareOf(machine, folder);
  const reader = readerOf(machine, directory, worker, file);
  if (!found) throw configFault('noNetworkPath', file);
  if (!found.share.readers.includes(reader.toLowerCase())) throw configFault('denied', file);
  const inner = found.rest === '' ? 'web.config' : `${found.rest}\\web.config`;
  return Object.entries(found.share.files).find(([name]) => name.toLowerCase() === inner.toLowerCase())?.[1];
};

/** The text of the web.config of a folder; `undefined` when there is none. @throws ConfigFault */
const readLocalConfig = (machine: Machine, folder: string, worker: WebIdentity): Uint8Array | undefined => {
  const path = `${folder}\\web.config`;
  if (!machine.files.volumes.has(folder.slice(0, 2).toUpperCase())) throw configFault('noPath', path);
  const node = machine.files.find(folder);
  if (!node) return undefined;
  if (!node.isFolder) throw configFault('notFolder', path);
  const file = machine.files.find(path);
  // A folder that may not be read tells the configuration system nothing, whether it has a file or not.
  if (!mayUseNode(machine.files, file ?? node, worker.sids, neededRights.readData)) throw configFault('denied', path);
  return file && machine.files.read(file);
};

/** All web.config files that hold for a URL, checked, from the site's root down. @throws ConfigFault */
export const readFolderConfigs = (
  machine: Machine,
  host: ConfigFile,
  site: WebSite,
  path: string,
  worker: WebIdentity,
): ConfigFile[] => {
  const parts = path.split('/').filter(Boolean);
  const found: ConfigFile[] = [];
  for (let count = 0; count <= parts.length; count++) {
    const url = `/${parts.slice(0, count).join('/')}`;
    const mapped = mapPath(site, url);
    if (!mapped) continue;
    const folder = joined(mapped.directory, mapped.rest);
    const scope: WebScope = { site: site.name, path: url };
    const isShare = folder.startsWith('\\\\');
    // Below the root of a directory, a path that is a file or is missing has no configuration of its own.
    if (mapped.rest !== '/' && !isShare && !machine.files.find(folder)?.isFolder) continue;
    if (mapped.rest !== '/' && isShare) continue;
    const text = isShare
      ? readShareConfig(machine, mapped.directory, folder, worker)
      : readLocalConfig(machine, folder, worker);
    if (text === undefined) continue;
    const file = parseConfig(typeof text === 'string' ? new TextEncoder().encode(text) : text, `${folder}\\web.config`);
    checkFile(host, file, scope);
    found.push(file);
  }
  return found;
};
