import type { AccessRule, SecurityDescriptor } from '../rights/security-descriptor.ts';

/** File attributes as Windows numbers them. */
// biome-ignore format: a table
export const fileAttributes = {
  ReadOnly: 1, Hidden: 2, System: 4, Directory: 16, Archive: 32, Device: 64, Normal: 128, Temporary: 256, SparseFile: 512,
  ReparsePoint: 1024, Compressed: 2048, Offline: 4096, NotContentIndexed: 8192, Encrypted: 16384, IntegrityStream: 32768,
  NoScrubData: 131072,
} as const;

/** A file or folder. `bytes` is absent where only the size of the content matters. */
export type FileNode = {
  name: string;
  readonly isFolder: boolean;
  bytes: Uint8Array | undefined;
  sizeBytes: number;
  attributes: number;
  createdMs: number;
  modifiedMs: number;
  accessedMs: number;
  /** `undefined`: the usual owner, and rules of the parent only. */
  security: SecurityDescriptor | undefined;
  /** Rules that it inherited where it stood before it was moved: it keeps them until somebody sets rules on it or above it. */
  keptRules?: readonly AccessRule[] | undefined;
  /** Children by lower-case name; empty for files. */
  readonly children: Map<string, FileNode>;
  parent: FileNode | undefined;
  /** Target of a junction or symbolic link. */
  target: string | undefined;
};

/** A volume with its root folder. What no file accounts for is `otherBytes`. */
export type Volume = {
  readonly drive: string;
  readonly label: string;
  readonly serial: number;
  readonly guid: string;
  readonly sizeBytes: number;
  otherBytes: number;
  usedBytes: number;
  readonly root: FileNode;
  /** NTFS unless told otherwise. */
  readonly fileSystem?: string;
  /** As Win32_LogicalDisk numbers them: 2 removable, 3 fixed (unless told otherwise), 5 optical. */
  readonly driveType?: number;
};

/** Makes a node that hangs nowhere yet. */
export const createNode = (
  name: string,
  isFolder: boolean,
  atMs: number,
  fields: Partial<Pick<FileNode, 'bytes' | 'sizeBytes' | 'attributes' | 'security' | 'target'>> = {},
): FileNode => ({
  name,
  isFolder,
  bytes: fields.bytes,
  sizeBytes: fields.sizeBytes ?? fields.bytes?.length ?? 0,
  attributes: fields.attributes ?? (isFolder ? fileAttributes.Directory : fileAttributes.Archive),
  createdMs: atMs,
  modifiedMs: atMs,
  accessedMs: atMs,
  security: fields.security,
  children: new Map(),
  parent: undefined,
  target: fields.target,
});

/** Attribute of a file whose content is fetched from the cloud when somebody reads it (FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS). */
export const recallOnAccess = 0x40_0000;

/** What a file takes of its volume: nothing while its content is in the cloud alone. */
export const allocatedBytes = (node: FileNode): number => (node.attributes & recallOnAccess ? 0 : node.sizeBytes);

/** Full path of a node on its drive. */
export const pathOfNode = (node: FileNode, drive: string): string => {
  const names: string[] = [];
  for (let at: FileNode | undefined = node; at?.parent; at = at.parent) names.unshift(at.name);
  return `${drive}\\${names.join('\\')}`;
};

/** Bytes of a node and of all below it; links are not followed. */
export const totalBytes = (node: FileNode): number => {
  let sum = allocatedBytes(node);
  for (const child of node.children.values()) sum += totalBytes(child);
  return sum;
};

/** All nodes below a folder, parents before their children; links are not followed. */
export function* walkNodes(node: FileNode): Generator<FileNode> {
  for (const child of node.children.values()) {
    yield child;
    if (!child.target) yield* walkNodes(child);
  }
}

/** The root of a device (a shadow copy) that a path begins with, and what of the path follows. */
export const findDevice = (
  devices: ReadonlyMap<string, FileNode>,
  path: string,
): { readonly root: FileNode; readonly rest: string } | undefined => {
  for (const [device, root] of devices) {
    const lower = path.toLowerCase();
    if (lower === device || lower.startsWith(`${device}\\`)) return { root, rest: path.slice(device.length + 1) };
  }
  return undefined;
};
