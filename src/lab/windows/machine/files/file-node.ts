import type { AccessRule, SecurityDescriptor } from '../rights/security-descriptor.ts';

/** File attributes as Windows numbers them. */
// biome-ignore format: a table
export const fileAttributes = {
  ReadOnly: 1, Hidden: 2, System: 4, Directory: 16, Archive: 32, Device: 64, Normal: 128, Temporary: 256, SparseFile: 512,
  ReparsePoint: 1024, Compressed: 2048, Offline: 4096, NotContentIndexed: 8192, Encrypted: 16384, IntegrityStream: 32768,
  NoScrubData: 131072,
} as const;

/** What a file or folder is apart from its names: all hard links of a file share one (the file record of NTFS). */
export type FileRecord = {
  bytes: Uint8Array | undefined;
  sizeBytes: number;
  attributes: number;
  createdMs: number;
  modifiedMs: number;
  accessedMs: number;
  security: SecurityDescriptor | undefined;
  keptRules: readonly AccessRule[] | undefined;
  /** Its names; a folder has one. */
  readonly names: Set<FileNode>;
  /** The name through which rules come from above, where the file has several: the one whose folder passed them on last. */
  ruledBy: FileNode | undefined;
};

/** A name of a file or folder, with what it names. */
export class FileNode {
  name: string;
  parent: FileNode | undefined = undefined;
  readonly isFolder: boolean;
  /** Children by lower-case name; empty for files. */
  readonly children = new Map<string, FileNode>();
  /** Target of a junction or symbolic link. */
  target: string | undefined;
  #file: FileRecord;

  /**
   * @param name name, with its case
   * @param isFolder whether it can hold others
   * @param target where a junction or symbolic link leads
   * @param file what it names
   */
  constructor(name: string, isFolder: boolean, target: string | undefined, file: FileRecord) {
    this.name = name;
    this.isFolder = isFolder;
    this.target = target;
    this.#file = file;
    file.names.add(this);
  }

  /** What it names: the same record for all names of one file. */
  get file(): FileRecord {
    return this.#file;
  }

  /** Makes it the one name of a copy of its file, which gets its rules from above anew. */
  breakOff(): void {
    this.#file = { ...this.#file, names: new Set([this]), ruledBy: undefined, keptRules: undefined };
  }

  /** Content; absent where only its size matters. */
  get bytes(): Uint8Array | undefined {
    return this.#file.bytes;
  }
  set bytes(value) {
    this.#file.bytes = value;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }
  set sizeBytes(value) {
    this.#file.sizeBytes = value;
  }

  get attributes(): number {
    return this.#file.attributes;
  }
  set attributes(value) {
    this.#file.attributes = value;
  }

  get createdMs(): number {
    return this.#file.createdMs;
  }
  set createdMs(value) {
    this.#file.createdMs = value;
  }

  get modifiedMs(): number {
    return this.#file.modifiedMs;
  }
  set modifiedMs(value) {
    this.#file.modifiedMs = value;
  }

  get accessedMs(): number {
    return this.#file.accessedMs;
  }
  set accessedMs(value) {
    this.#file.accessedMs = value;
  }

  /** `undefined`: the usual owner, and rules of the parent only. */
  get security(): SecurityDescriptor | undefined {
    return this.#file.security;
  }
  set security(value) {
    this.#file.security = value;
  }

  /** Rules that it inherited where it stood before it was moved: it keeps them until somebody sets rules on it or above it. */
  get keptRules(): readonly AccessRule[] | undefined {
    return this.#file.keptRules;
  }
  set keptRules(value) {
    this.#file.keptRules = value;
  }
}

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
): FileNode =>
  new FileNode(name, isFolder, fields.target, {
    bytes: fields.bytes,
    sizeBytes: fields.sizeBytes ?? fields.bytes?.length ?? 0,
    attributes: fields.attributes ?? (isFolder ? fileAttributes.Directory : fileAttributes.Archive),
    createdMs: atMs,
    modifiedMs: atMs,
    accessedMs: atMs,
    security: fields.security,
    keptRules: undefined,
    names: new Set(),
    ruledBy: undefined,
  });

/** Whether a file has other names beside this one. */
export const hasOtherNames = (node: FileNode): boolean => node.file.names.size > 1;

/** A copy of a tree that hangs nowhere; names of one file are names of one file in the copy too. */
export const copyTree = (node: FileNode, files = new Map<FileRecord, FileRecord>()): FileNode => {
  const file = files.get(node.file) ?? { ...node.file, names: new Set<FileNode>(), ruledBy: undefined };
  if (hasOtherNames(node)) files.set(node.file, file);
  const copy = new FileNode(node.name, node.isFolder, node.target, file);
  if (node.file.ruledBy === node) file.ruledBy = copy;
  for (const [name, child] of node.children) {
    const below = copyTree(child, files);
    below.parent = copy;
    copy.children.set(name, below);
  }
  return copy;
};

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
