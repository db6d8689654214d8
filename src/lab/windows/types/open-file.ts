import type { Held } from '../machine/change-feed.ts';
import { type FileHandle, fileAccess, fileShare } from '../machine/files/file-handles.ts';
import type { FileNode } from '../machine/files/file-node.ts';
import type { FileSystem } from '../machine/files/file-system.ts';
import { neededRights } from '../machine/rights/access-check.ts';
import { Win32Fault, win32 } from '../machine/win32-fault.ts';
import type { Actor } from '../runtime/process-hooks.ts';

/** Numbers of System.IO.FileMode. */
const mode = { createNew: 1, create: 2, open: 3, openOrCreate: 4, truncate: 5, append: 6 } as const;

/** An opened file with its position. */
export type OpenFile = {
  readonly files: FileSystem;
  readonly path: string;
  readonly node: FileNode;
  readonly handle: FileHandle;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly pid: number;
  position: number;
  closed: boolean;
};

/**
 * Opens a file as CreateFile does.
 * @returns the file, and what must be waited for when opening changed something
 * @throws Win32Fault when it is missing, there already, a folder, or held by somebody who does not share
 */
export const openFile = (
  actor: Actor,
  path: string,
  options: { mode: number; access: number; share: number },
): { file: OpenFile; held: Held } => {
  const { files } = actor.machine;
  let held: Held;
  let node = files.find(path);
  if (node?.isFolder) throw new Win32Fault(win32.accessDenied, path);
  if (node && options.mode === mode.createNew) throw new Win32Fault(win32.fileExists, path);
  if (!node && (options.mode === mode.open || options.mode === mode.truncate)) files.get(path);
  const empties = options.mode === mode.create || options.mode === mode.truncate;
  if (node && options.access & fileAccess.Read) files.requireRight(node, neededRights.readData, actor.pid);
  if (node) files.handles.check(node, path, options.access, options.share);
  if (!node) held = files.write(path, new Uint8Array(), actor.pid);
  else if (empties && node.sizeBytes > 0) held = files.replaceContent(node, new Uint8Array(), actor.pid);
  node ??= files.get(path);
  if (node.attributes & 1 && options.access & fileAccess.Write) throw new Win32Fault(win32.accessDenied, path);
  const handle = files.handles.open({ node, access: options.access, share: options.share, pid: actor.pid }, path);
  const file: OpenFile = {
    files,
    path,
    node,
    handle,
    canRead: (options.access & fileAccess.Read) !== 0,
    canWrite: (options.access & fileAccess.Write) !== 0,
    pid: actor.pid,
    position: options.mode === mode.append ? node.sizeBytes : 0,
    closed: false,
  };
  return { file, held };
};

/** Writes at the position of an open file and moves it. */
export const writeOpenFile = (file: OpenFile, bytes: Uint8Array): Held => {
  const old = file.files.read(file.node);
  const length = Math.max(file.node.sizeBytes, file.position + bytes.length);
  const whole = new Uint8Array(length);
  whole.set(old.subarray(0, length));
  whole.set(bytes, file.position);
  file.position += bytes.length;
  return file.files.replaceContent(file.node, whole, file.pid);
};

/** Cuts or lengthens an open file. */
export const setOpenFileLength = (file: OpenFile, length: number): Held => {
  const whole = new Uint8Array(length);
  whole.set(file.files.read(file.node).subarray(0, length));
  file.position = Math.min(file.position, length);
  return file.files.replaceContent(file.node, whole, file.pid);
};

/** Bytes from the position on, at most `count`; moves the position. */
export const readOpenFile = (file: OpenFile, count: number): Uint8Array => {
  const part = file.files.read(file.node).slice(file.position, file.position + count);
  file.position += part.length;
  return part;
};

/** Closes the handle; closing twice does nothing. */
export const closeOpenFile = (file: OpenFile): void => {
  if (file.closed) return;
  file.closed = true;
  file.files.handles.close(file.handle);
};

/** Reads a whole file as somebody who lets others read and write meanwhile if `share` says so. */
export const readWholeFile = (actor: Actor, path: string, share: number = fileShare.Read): Uint8Array => {
  const { file } = openFile(actor, path, { mode: mode.open, access: fileAccess.Read, share });
  closeOpenFile(file);
  return actor.machine.files.read(file.node);
};

/** Writes a whole file: refused while somebody else has it open for writing or does not share. */
export const writeWholeFile = (actor: Actor, path: string, bytes: Uint8Array, append = false): Held => {
  const { files } = actor.machine;
  const node = files.find(path);
  if (node?.isFolder) throw new Win32Fault(win32.accessDenied, path);
  if (node) files.handles.check(node, path, fileAccess.Write, fileShare.Read);
  const old = append && node ? files.read(node) : new Uint8Array();
  const whole = new Uint8Array(old.length + bytes.length);
  whole.set(old);
  whole.set(bytes, old.length);
  return files.write(path, whole, actor.pid);
};
