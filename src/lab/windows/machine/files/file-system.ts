import { type ChangeFeed, type Held, systemPid } from '../change-feed.ts';
import { type MayUse, neededRights } from '../rights/access-check.ts';
import { type AccessRule, formatSddl, parseSddl, type SecurityDescriptor } from '../rights/security-descriptor.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { FileHandles } from './file-handles.ts';
import {
  allocatedBytes,
  createNode,
  type FileNode,
  fileAttributes,
  findDevice,
  pathOfNode,
  recallOnAccess,
  totalBytes,
  type Volume,
} from './file-node.ts';
import { inheritedRules, keepRules, passOnAnew, securityOf } from './file-security.ts';
import { absolutePath, leafOf, parentOf } from './paths.ts';

/** The NTFS-like file system of a machine: case is kept and ignored. Mutations tell the change feed and hand back what must be waited for. */
export class FileSystem {
  readonly volumes = new Map<string, Volume>();
  readonly handles = new FileHandles();
  readonly #changes: ChangeFeed;
  readonly #now: () => number;
  readonly #may: MayUse;
  /** Read-only roots of shadow copies by lower-case device path. */
  readonly devices = new Map<string, FileNode>();

  /**
   * @param changes feed that is told of every mutation
   * @param now wall clock in ms, for time stamps
   * @param may whether a process has rights
   */
  constructor(changes: ChangeFeed, now: () => number, may: MayUse = () => true) {
    this.#changes = changes;
    this.#now = now;
    this.#may = may;
  }

  /** Free bytes of a volume (`C:`). */
  freeBytes(drive: string): number {
    const volume = this.volume(drive);
    return Math.max(0, volume.sizeBytes - volume.otherBytes - volume.usedBytes);
  }

  /** @throws Win32Fault when there is no such drive */
  volume(drive: string): Volume {
    const found = this.volumes.get(drive.slice(0, 2).toUpperCase());
    if (!found) throw new Win32Fault(win32.pathNotFound, drive);
    return found;
  }

  /** The node at a path; links on the way are followed, a link at its end too unless `noFollow`. */
  find(path: string, options: { noFollow?: boolean } = {}, depth = 0): FileNode | undefined {
    if (depth > 31) throw new Win32Fault(win32.invalidName, path);
    const full = absolutePath(path);
    const device = full.startsWith('\\\\') ? findDevice(this.devices, full) : undefined;
    if (full.startsWith('\\\\') && !device) return undefined;
    let node = device ? device.root : this.volumes.get(full.slice(0, 2))?.root;
    const names = (device ? device.rest : full.slice(3)).split('\\').filter(Boolean);
    for (const [index, name] of names.entries()) {
      node = node?.children.get(name.toLowerCase());
      if (!node) return undefined;
      const last = index === names.length - 1;
      if (node.target !== undefined && !(last && options.noFollow)) {
        return this.find([node.target.replace(/\\+$/, ''), ...names.slice(index + 1)].join('\\'), options, depth + 1);
      }
    }
    return node;
  }

  exists(path: string): boolean {
    return this.find(path, { noFollow: true }) !== undefined;
  }

  /** @throws Win32Fault pathNotFound or fileNotFound */
  get(path: string, options: { noFollow?: boolean } = {}): FileNode {
    const node = this.find(path, options);
    if (node) return node;
    const parent = this.find(parentOf(absolutePath(path)));
    throw new Win32Fault(parent?.isFolder ? win32.fileNotFound : win32.pathNotFound, path);
  }

  /** Creates a folder and the folders above it. */
  createFolder(path: string, pid: number, fields: { security?: SecurityDescriptor; attributes?: number } = {}): Held {
    const full = absolutePath(path);
    const there = this.find(full);
    if (there?.isFolder) return undefined;
    if (there) throw new Win32Fault(win32.alreadyExists, path);
    const up = parentOf(full);
    if (up === '') throw new Win32Fault(win32.pathNotFound, path);
    if (!this.find(up)) void this.createFolder(up, pid);
    this.requireRight(this.#folder(up), neededRights.addFolder, pid);
    const security = fields.security ?? this.#ownedBy(pid);
    const extra = security ? { security } : {};
    const attributes = fileAttributes.Directory | (fields.attributes ?? 0);
    this.#attach(this.#folder(up), createNode(leafOf(full), true, this.#now(), { ...extra, attributes }));
    return this.#changes.record('file.create', full, undefined, 'folder', pid);
  }

  /** Writes a whole file, creating it where it is missing. Sharing was checked by whoever holds the handle. */
  write(path: string, bytes: Uint8Array, pid: number): Held {
    const full = absolutePath(path);
    const there = this.find(full);
    if (there?.isFolder) throw new Win32Fault(win32.accessDenied, path);
    if (there) return this.replaceContent(there, bytes, pid);
    const folder = this.#folder(parentOf(full));
    this.requireRight(folder, neededRights.addFile, pid);
    this.#needSpace(full, bytes.length);
    this.#attach(folder, createNode(leafOf(full), false, this.#now(), { bytes, security: this.#ownedBy(pid) }));
    return this.#changes.record('file.create', full, undefined, { sizeBytes: bytes.length }, pid);
  }

  /** Exchanges the content of a file. */
  replaceContent(node: FileNode, bytes: Uint8Array, pid: number): Held {
    const path = this.pathOf(node);
    this.requireRight(node, neededRights.writeData, pid);
    if (node.attributes & fileAttributes.ReadOnly) throw new Win32Fault(win32.accessDenied, path);
    if (bytes.length > node.sizeBytes) this.#needSpace(path, bytes.length - node.sizeBytes);
    const before = { sizeBytes: node.sizeBytes };
    this.volume(path).usedBytes += bytes.length - allocatedBytes(node);
    node.attributes &= ~recallOnAccess;
    node.bytes = bytes;
    node.sizeBytes = bytes.length;
    node.modifiedMs = this.#now();
    node.attributes |= fileAttributes.Archive;
    return this.#changes.record('file.write', path, before, { sizeBytes: bytes.length }, pid);
  }

  /** Content of a file; zeros where only its size is known. */
  read(node: FileNode): Uint8Array {
    return node.bytes ?? new Uint8Array(Math.min(node.sizeBytes, 1 << 20));
  }

  /**
   * Moves or renames. An existing target is refused; so is a file that somebody has open, and a folder with something open inside
   * (ERROR_ACCESS_DENIED) or that is held open itself (ERROR_SHARING_VIOLATION), as NTFS does.
   */
  move(from: string, to: string, pid: number): Held {
    const source = absolutePath(from);
    const target = absolutePath(to);
    const node = this.get(source, { noFollow: true });
    if (!node.parent) throw new Win32Fault(win32.accessDenied, from);
    const folder = this.#folder(parentOf(target));
    const there = folder.children.get(leafOf(target).toLowerCase());
    if (there && there !== node) throw new Win32Fault(win32.alreadyExists, to);
    for (let at: FileNode | undefined = folder; at; at = at.parent) {
      if (at === node) throw new Win32Fault(win32.sharingViolation, from);
    }
    this.#requireDelete(node, pid);
    this.requireRight(folder, node.isFolder ? neededRights.addFolder : neededRights.addFile, pid);
    this.handles.checkMovable(node, source);
    const [was, becomes] = [this.volume(source), this.volume(target)];
    if (was !== becomes) {
      if (node.isFolder) throw new Win32Fault(win32.accessDenied, from);
      this.#needSpace(target, node.sizeBytes);
    }
    if (was === becomes && folder !== node.parent) keepRules(node);
    const size = totalBytes(node);
    this.#detach(node);
    was.usedBytes -= size;
    node.name = leafOf(target);
    this.#attach(folder, node, size);
    return this.#changes.record('file.rename', source, source, target, pid);
  }

  /** Removes a file or an empty folder. */
  remove(path: string, pid: number, options: { force?: boolean } = {}): Held {
    const full = absolutePath(path);
    const node = this.get(full, { noFollow: true });
    if (!node.parent) throw new Win32Fault(win32.accessDenied, path);
    if (node.isFolder && !node.target && node.children.size > 0) throw new Win32Fault(win32.directoryNotEmpty, path);
    if (node.attributes & fileAttributes.ReadOnly && !options.force) throw new Win32Fault(win32.accessDenied, path);
    this.#requireDelete(node, pid);
    this.handles.checkDeletable(node, full);
    this.#detach(node);
    this.volume(full).usedBytes -= allocatedBytes(node);
    return this.#changes.record('file.delete', full, { sizeBytes: node.sizeBytes }, undefined, pid);
  }

  /** Hangs a finished tree into a folder (copies, junctions, state of a base). */
  insert(folderPath: string, node: FileNode, pid: number): Held {
    const folder = this.#folder(folderPath);
    if (folder.children.has(node.name.toLowerCase())) throw new Win32Fault(win32.alreadyExists, node.name);
    this.requireRight(folder, node.isFolder ? neededRights.addFolder : neededRights.addFile, pid);
    node.security ??= this.#ownedBy(pid);
    const size = totalBytes(node);
    this.#needSpace(folderPath, size);
    this.#attach(folder, node, size);
    return this.#changes.record('file.create', this.pathOf(node), undefined, { sizeBytes: size }, pid);
  }

  setAttributes(node: FileNode, attributes: number, pid: number): Held {
    this.requireRight(node, neededRights.writeAttributes, pid);
    const before = node.attributes;
    const kept = fileAttributes.Directory | fileAttributes.ReparsePoint | recallOnAccess;
    node.attributes = (attributes & ~kept & ~fileAttributes.Normal) | (before & kept);
    return this.#changes.record('file.attributes', this.pathOf(node), before, node.attributes, pid);
  }

  setTimes(node: FileNode, times: { createdMs?: number; modifiedMs?: number; accessedMs?: number }, pid: number): Held {
    this.requireRight(node, neededRights.writeAttributes, pid);
    const before = { createdMs: node.createdMs, modifiedMs: node.modifiedMs };
    Object.assign(node, times);
    return this.#changes.record('file.times', this.pathOf(node), before, times, pid);
  }

  /** Takes the content of a file off the volume, or puts it back: the sync client of a cloud does that. */
  setInCloud(node: FileNode, isInCloud: boolean, pid: number): Held {
    const path = this.pathOf(node);
    const before = node.attributes;
    const flags = recallOnAccess | fileAttributes.Offline | fileAttributes.SparseFile | fileAttributes.ReparsePoint;
    const was = allocatedBytes(node);
    node.attributes = isInCloud ? before | flags : before & ~flags;
    this.volume(path).usedBytes += allocatedBytes(node) - was;
    return this.#changes.record('file.attributes', path, before, node.attributes, pid);
  }

  /** Owner and own rules of a node. */
  securityOf(node: FileNode): SecurityDescriptor {
    return securityOf(node);
  }

  /** Rules a node gets from above. */
  inheritedRules(node: FileNode): readonly AccessRule[] {
    return inheritedRules(node);
  }

  /** SDDL of a node: owner, group, rules. */
  sddlOf(node: FileNode): string {
    return formatSddl(securityOf(node), inheritedRules(node));
  }

  /** Sets owner and rules from an SDDL text. */
  setSddl(node: FileNode, sddl: string, pid: number): Held {
    return this.setSecurity(node, parseSddl(sddl, this.securityOf(node)), pid);
  }

  /** Sets owner and own rules. */
  setSecurity(node: FileNode, security: SecurityDescriptor, pid: number): Held {
    const old = this.securityOf(node);
    if (security.rules !== old.rules || security.isProtected !== old.isProtected)
      this.requireRight(node, neededRights.writeRules, pid);
    if (security.owner !== old.owner && !this.takesOwnership(pid))
      this.requireRight(node, neededRights.writeOwner, pid);
    const before = this.sddlOf(node);
    node.security = security;
    passOnAnew(node);
    return this.#changes.record('file.security', this.pathOf(node), before, this.sddlOf(node), pid);
  }

  /** Who owns what a process creates; `undefined`: administrators do. */
  ownerFor: (pid: number) => string | undefined = () => undefined;

  /** Whether a process holds the privilege to take what belongs to others. */
  takesOwnership: (pid: number) => boolean = () => true;

  /** Full path of a node that hangs in a volume. */
  pathOf(node: FileNode): string {
    let root = node;
    while (root.parent) root = root.parent;
    for (const volume of this.volumes.values()) if (volume.root === root) return pathOfNode(node, volume.drive);
    return pathOfNode(node, '');
  }

  /** Refuses a process that lacks a right on a file or folder. @throws Win32Fault accessDenied */
  requireRight(node: FileNode, wanted: number, pid: number): void {
    if (pid === systemPid) return;
    if (!this.#may(pid, this.securityOf(node), this.inheritedRules(node), wanted))
      throw new Win32Fault(win32.accessDenied, this.pathOf(node));
  }

  /** Whoever may delete what is in a folder may delete what refuses it itself. */
  #requireDelete(node: FileNode, pid: number): void {
    if (pid === systemPid) return;
    const { parent } = node;
    const byParent =
      parent && this.#may(pid, this.securityOf(parent), this.inheritedRules(parent), neededRights.deleteChild);
    if (!byParent) this.requireRight(node, neededRights.delete, pid);
  }

  #ownedBy(pid: number): SecurityDescriptor | undefined {
    const owner = this.ownerFor(pid);
    return owner === undefined ? undefined : { owner, group: owner, isProtected: false, rules: [] };
  }

  #folder(path: string): FileNode {
    const node = this.find(path);
    if (!node?.isFolder) throw new Win32Fault(win32.pathNotFound, path);
    return node;
  }

  #attach(folder: FileNode, node: FileNode, size = node.sizeBytes): void {
    folder.children.set(node.name.toLowerCase(), node);
    node.parent = folder;
    folder.modifiedMs = this.#now();
    this.volume(this.pathOf(folder)).usedBytes += size;
  }

  #detach(node: FileNode): void {
    if (!node.parent) return;
    node.parent.children.delete(node.name.toLowerCase());
    node.parent.modifiedMs = this.#now();
    node.parent = undefined;
  }

  #needSpace(path: string, bytes: number): void {
    if (bytes > this.freeBytes(path)) throw new Win32Fault(win32.diskFull, path);
  }
}
