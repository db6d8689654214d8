import type { ChangeFeed, Held } from '../change-feed.ts';
import { type MayUse, neededRights } from '../rights/access-check.ts';
import type { SecurityDescriptor } from '../rights/security-descriptor.ts';
import { Win32Fault, win32 } from '../win32-fault.ts';
import { FileHandles } from './file-handles.ts';
import {
  allocatedBytes,
  createNode,
  FileNode,
  fileAttributes,
  hasOtherNames,
  recallOnAccess,
  totalBytes,
} from './file-node.ts';
import { keepRules } from './file-security.ts';
import { absolutePath, leafOf, parentOf } from './paths.ts';
import { SecuredFiles } from './secured-files.ts';

/** Hard links that a file of NTFS can have beside its first name. */
const mostLinks = 1023;

/**
 * The NTFS-like file system of a machine: case is kept and ignored. Mutations tell the change feed and hand back what must be waited for.
 */
export class FileSystem extends SecuredFiles {
  readonly handles = new FileHandles();
  readonly #changes: ChangeFeed;
  readonly #now: () => number;

  /**
   * @param changes feed that is told of every mutation
   * @param now wall clock in ms, for time stamps
   * @param may whether a process has rights
   */
  constructor(changes: ChangeFeed, now: () => number, may: MayUse = () => true) {
    super(changes, may);
    this.#changes = changes;
    this.#now = now;
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
    this.requireRight(this.folder(up), neededRights.addFolder, pid);
    const security = fields.security ?? this.ownedBy(pid);
    const extra = security ? { security } : {};
    const attributes = fileAttributes.Directory | (fields.attributes ?? 0);
    this.#attach(this.folder(up), createNode(leafOf(full), true, this.#now(), { ...extra, attributes }));
    return this.#changes.record('file.create', full, undefined, 'folder', pid);
  }

  /** Writes a whole file, creating it where it is missing. Sharing was checked by whoever holds the handle. */
  write(path: string, bytes: Uint8Array, pid: number): Held {
    const full = absolutePath(path);
    const there = this.find(full);
    if (there?.isFolder) throw new Win32Fault(win32.accessDenied, path);
    if (there) return this.replaceContent(there, bytes, pid);
    const folder = this.folder(parentOf(full));
    this.requireRight(folder, neededRights.addFile, pid);
    this.#needSpace(full, bytes.length);
    this.#attach(folder, createNode(leafOf(full), false, this.#now(), { bytes, security: this.ownedBy(pid) }));
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

  /**
   * Moves or renames. An existing target is refused; so is a file that somebody has open, and a folder with something open inside
   * (ERROR_ACCESS_DENIED) or that is held open itself (ERROR_SHARING_VIOLATION), as NTFS does. With `replace` a file takes the place of a file:
   * where that cannot be, both stay.
   */
  move(from: string, to: string, pid: number, options: { readonly replace?: boolean } = {}): Held {
    const source = absolutePath(from);
    const target = absolutePath(to);
    const node = this.get(source, { noFollow: true });
    if (!node.parent) throw new Win32Fault(win32.accessDenied, from);
    const folder = this.folder(parentOf(target));
    const there = folder.children.get(leafOf(target).toLowerCase());
    const replaced = there === node ? undefined : there;
    if (replaced && !options.replace) throw new Win32Fault(win32.alreadyExists, to);
    if (replaced && (replaced.isFolder || node.isFolder)) throw new Win32Fault(win32.accessDenied, to);
    for (let at: FileNode | undefined = folder; at; at = at.parent) {
      if (at === node) throw new Win32Fault(win32.sharingViolation, from);
    }
    this.requireDelete(node, pid);
    this.requireRight(folder, node.isFolder ? neededRights.addFolder : neededRights.addFile, pid);
    this.handles.checkMovable(node, source);
    const [was, becomes] = [this.volume(source), this.volume(target)];
    if (was !== becomes) {
      if (node.isFolder) throw new Win32Fault(win32.accessDenied, from);
      this.#needSpace(target, node.sizeBytes);
    }
    if (replaced) {
      this.requireDelete(replaced, pid);
      this.handles.checkDeletable(replaced, target);
      this.#take(replaced, target);
    }
    if (was === becomes && folder !== node.parent) keepRules(node);
    const size = totalBytes(node);
    // To another volume only a copy goes: the other names keep the file.
    if (was !== becomes && hasOtherNames(node)) {
      this.#leave(node);
      node.breakOff();
    } else was.usedBytes -= size;
    this.#detach(node);
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
    this.requireDelete(node, pid);
    this.handles.checkDeletable(node, full);
    this.#take(node, full);
    return this.#changes.record('file.delete', full, { sizeBytes: node.sizeBytes }, undefined, pid);
  }

  /**
   * Gives a file another name on its volume, as CreateHardLink does: a junction or symbolic link at the end of `existing` is not followed.
   * @throws Win32Fault fileNotFound, pathNotFound, accessDenied (a folder, or no right), notSameDevice, invalidFunction (no NTFS), alreadyExists,
   * tooManyLinks
   */
  link(path: string, existing: string, pid: number): Held {
    const full = absolutePath(path);
    const node = this.get(existing, { noFollow: true });
    if (node.isFolder) throw new Win32Fault(win32.accessDenied, existing);
    this.requireRight(node, neededRights.writeAttributes, pid);
    const folder = this.folder(parentOf(full));
    const volume = this.volumeOf(folder);
    if (!volume || volume !== this.volumeOf(node)) throw new Win32Fault(win32.notSameDevice, path);
    if ((volume.fileSystem ?? 'NTFS') !== 'NTFS') throw new Win32Fault(win32.invalidFunction, path);
    if (folder.children.has(leafOf(full).toLowerCase())) throw new Win32Fault(win32.alreadyExists, path);
    this.requireRight(folder, neededRights.addFile, pid);
    if (node.file.names.size > mostLinks) throw new Win32Fault(win32.tooManyLinks, path);
    node.file.ruledBy ??= node;
    this.#attach(folder, new FileNode(leafOf(full), false, node.target, node.file), 0);
    return this.#changes.record('file.link', full, undefined, this.pathOf(node), pid);
  }

  /** Hangs a finished tree into a folder (copies, junctions, state of a base). */
  insert(folderPath: string, node: FileNode, pid: number): Held {
    const folder = this.folder(folderPath);
    if (folder.children.has(node.name.toLowerCase())) throw new Win32Fault(win32.alreadyExists, node.name);
    this.requireRight(folder, node.isFolder ? neededRights.addFolder : neededRights.addFile, pid);
    node.security ??= this.ownedBy(pid);
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

  #attach(folder: FileNode, node: FileNode, size = node.sizeBytes): void {
    folder.children.set(node.name.toLowerCase(), node);
    node.parent = folder;
    folder.modifiedMs = this.#now();
    this.volume(this.pathOf(folder)).usedBytes += size;
  }

  /** A name goes, and with the last one what the file takes of its volume. */
  #take(node: FileNode, path: string): void {
    if (hasOtherNames(node)) this.#leave(node);
    else this.volume(path).usedBytes -= allocatedBytes(node);
    this.#detach(node);
  }

  /** A name leaves a file that has others; the rules that came through it stay on the file. */
  #leave(node: FileNode): void {
    const { file } = node;
    if (file.ruledBy === node) {
      keepRules(node);
      file.ruledBy = undefined;
    }
    file.names.delete(node);
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
